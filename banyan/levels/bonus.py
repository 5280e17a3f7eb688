"""Bonus points: what a level adds to the points that campaigns give.

It is a grant of its own, caused by the grant it adds to: given once, and taken back with it. The
level that counts is the one held at the moment of that grant, so it does not matter when, or how
often, the event is read.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from banyan import rewards
from banyan.kernel.work import Work
from banyan.levels.entries import club_of
from banyan.levels.ladder import WHOLE_BPS
from banyan.levels.standings import BONUS
from banyan.rewards import GrantRequest, OfferSpec, PointsGranted, ReverseRequest

RATES: Final = """
select g.id, l.points_bps
from unnest(%b::uuid[], %b::uuid[], %b::timestamptz[]) as g (id, person, at)
cross join lateral (
  select m.to_key from level_moves m
  where m.workspace_id = %s and m.person_id = g.person and m.at < g.at
  order by m.nth desc limit 1) held
join membership_levels l on l.workspace_id = %s and l.key = held.to_key
  and l.position is not null
"""


def add_points(work: Work, grant_ids: Sequence[UUID]) -> int:
    """Give what levels add to these grants of points; return how many are new.

    The people's standings are locked, so that nobody takes one of the grants back unseen.
    """
    base = [each for each in rewards.points_granted(work, grant_ids) if each.rule != BONUS]
    if not base:
        return 0
    rates = work.driver.execute(
        RATES,
        (
            [each.id for each in base],
            [each.person_id for each in base],
            [each.granted_at for each in base],
            *(work.workspace_id, work.workspace_id),
        ),
    )
    bps = dict(rates.fetchall())
    more = {each: _more(each.points, bps.get(each.id, WHOLE_BPS)) for each in base}
    asked = {each: points for each, points in more.items() if points}
    if not asked:
        return 0
    club = club_of(work.workspace_id)
    rewards.open_offers(work, club, [_offer(days) for days in sorted({*map(_days, asked)})])
    outcomes = rewards.grant(
        work,
        [
            GrantRequest(
                *(club, BONUS, each.person_id, each.id, f"bonus_points_{_days(each)}"),
                *("会员积分加成", "More points for your level"),
                amount_points=points,
            )
            for each, points in asked.items()
        ],
    )
    return sum(outcome.status == "granted" for outcome in outcomes)


def take_points_back(work: Work, reversed_grants: Sequence[tuple[UUID, UUID]]) -> None:
    """Take back what was added to each (person, grant) that was itself taken back."""
    if reversed_grants:
        club = club_of(work.workspace_id)
        rewards.reverse(
            work,
            [
                ReverseRequest(club, BONUS, person, grant, "the points it added to were taken back")
                for person, grant in sorted(set(reversed_grants))
            ],
        )


def _more(points: int, points_bps: int) -> int:
    return points * (points_bps - WHOLE_BPS) // WHOLE_BPS


def _days(grant: PointsGranted) -> int:
    """Return for how many days the points last, as those they are added to."""
    return max(1, (grant.expires_at - grant.granted_at).days)


def _offer(days: int) -> OfferSpec:
    names = ("会员积分加成", "More points for your level")
    return OfferSpec(f"bonus_points_{days}", "points", *names, 0, 0, days, points=1)
