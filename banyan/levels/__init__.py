"""Levels: the merchant's membership, who stands where in it and why, and what each level gives.

Owns:   membership_ladders, membership_levels, person_levels, level_moves
Calls:  rewards (coupons, points), store (what was spent), campaigns (who was brought), people
Events: levels.ladder_set, .risen, .fallen

A level gives three things: a share off every order of the shop (`benefits_of`, for the checkout),
more of the points that campaigns give, and a coupon once on reaching it. Judging is set-wise, under
lock, and reads what is true now: `follow` for what happened, `judge_due` for the passing of time.
"""

from banyan import campaigns
from banyan.levels.benefits import Benefit, benefits_of
from banyan.levels.entries import club_of, fund_entries
from banyan.levels.invariants import INVARIANTS
from banyan.levels.judging import judge_all_later, judge_due, judge_due_everywhere, judge_people
from banyan.levels.ladder import Ladder, Level, proposal, read_ladder, write_ladder
from banyan.levels.listening import LISTENS, follow
from banyan.levels.offered import level_problems
from banyan.levels.views import (
    LadderView,
    Membership,
    PersonMembership,
    ladder_view,
    membership,
    person_membership,
)

campaigns.add_publication_check(level_problems)

__all__ = [
    "INVARIANTS",
    "LISTENS",
    "Benefit",
    "Ladder",
    "LadderView",
    "Level",
    "Membership",
    "PersonMembership",
    "benefits_of",
    "club_of",
    "follow",
    "fund_entries",
    "judge_all_later",
    "judge_due",
    "judge_due_everywhere",
    "judge_people",
    "ladder_view",
    "membership",
    "person_membership",
    "proposal",
    "read_ladder",
    "write_ladder",
]
