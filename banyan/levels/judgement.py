"""The judgement: from where somebody stands and what they did, where they stand now. Pure.

A person has a level of their own, by the rules, and perhaps one that a campaign gave them; the
higher one counts. One's own rises at once and is kept for its days; then it is judged again, and
falls at most to what is still earned. A purchase that goes back lifts nobody: with it goes, at once,
what only it had earned. What was given holds for its own days and no longer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

Rule = Literal["spent", "people", "points"]
Why = Literal[
    "spent",
    "people",
    "points",
    "granted",
    "kept",
    "lapsed",
    "refunded",
    "grant_over",
    "removed",
    "ladder_changed",
]
NOTHING = -1
"""The rank beneath the lowest level."""


class Rung(NamedTuple):
    """A level as the judgement needs it. Any one rule that is met is enough; None is no rule."""

    key: str
    spent_minor: int | None
    people: int | None
    points: int | None
    within_days: int
    keeps_days: int

    def rules(self) -> dict[Rule, int]:
        """Return the rules by which it is reached, with how much each needs."""
        named: dict[Rule, int | None] = {
            "spent": self.spent_minor,
            "people": self.people,
            "points": self.points,
        }
        return {rule: need for rule, need in named.items() if need is not None}


class Facts(NamedTuple):
    """What somebody did, and what campaigns gave them."""

    did: Mapping[tuple[Rule, int], int]
    """How much, by the rule and how many days back."""
    given: Mapping[str, datetime]
    """The levels given that still hold, each until when."""

    def have(self, rule: Rule, within_days: int) -> int:
        """Return how much of what a rule asks for there is."""
        return self.did.get((rule, within_days), 0)


class Past(NamedTuple):
    """A moment at which somebody's own level was set, and what they had done by then.

    `facts` counts what still stands today; `paid` what was spent, by how many days back, as if
    nothing had been sent back since.
    """

    at: datetime
    until: datetime
    """Until when the level was set."""
    facts: Facts
    paid: Mapping[int, int]


class Standing(NamedTuple):
    """Where somebody stands."""

    level_key: str | None = None
    own_key: str | None = None
    own_until: datetime | None = None


class Verdict(NamedTuple):
    """Where somebody stands now; `why` None: nothing changed. `judge_at`: when time may change it."""

    standing: Standing
    why: Why | None
    judge_at: datetime | None


def earned(ladder: Sequence[Rung], facts: Facts) -> tuple[int, Rule | None]:
    """Return the rank of the highest level whose rules somebody meets, and by which rule."""
    for rank in range(len(ladder) - 1, NOTHING, -1):
        rung = ladder[rank]
        for rule, need in rung.rules().items():
            if facts.have(rule, rung.within_days) >= need:
                return rank, rule
    return NOTHING, None


def judge(
    ladder: Sequence[Rung], was: Standing, facts: Facts, now: datetime, pasts: Sequence[Past] = ()
) -> Verdict:
    """Return where somebody stands on `ladder` (the lowest level first) now.

    `pasts` is for whom money went back: the moments at which their own level was set.
    """
    ranks = {rung.key: rank for rank, rung in enumerate(ladder)}
    own, until = ranks.get(was.own_key or "", NOTHING), was.own_until
    best, rule = earned(ladder, facts)
    is_over = own == NOTHING or until is None or until <= now
    if best > own or is_over:
        own = best
        until = None if own == NOTHING else now + timedelta(days=ladder[own].keeps_days)
    fell: Why = "lapsed"
    if best < own and _is_undone(ladder, own, until, pasts):
        fell = "refunded"
        own, until = _after_refund(ladder, best, pasts, now)
    live = {ranks[key]: ends for key, ends in facts.given.items() if key in ranks and ends > now}
    given = max(live, default=NOTHING)
    high = max(own, given)
    stands = Standing(_key(ladder, high), _key(ladder, own), until)
    before = ranks.get(was.level_key or "", NOTHING)
    # What is one's own is judged again on its day, also beneath a level that was given.
    ends = [live[given] if given > own else None, until]
    judge_at = min((each for each in ends if each is not None), default=None)
    if stands == was:
        return Verdict(stands, None, judge_at)
    return Verdict(
        stands, _why(ranks, was, stands, before, high, given > own, rule, fell), judge_at
    )


def _is_undone(
    ladder: Sequence[Rung], own: int, until: datetime | None, pasts: Sequence[Past]
) -> bool:
    """Whether the purchases that had earned a level of one's own were sent back since.

    A level that something else earned, or that an older ladder gave for less, stays.
    """
    rung, past = ladder[own], next((each for each in pasts if each.until == until), None)
    if past is None or rung.spent_minor is None or earned(ladder, past.facts)[0] >= own:
        return False
    return past.paid.get(rung.within_days, 0) >= rung.spent_minor


def _after_refund(
    ladder: Sequence[Rung], best: int, pasts: Sequence[Past], now: datetime
) -> tuple[int, datetime | None]:
    """Return the highest level that what still stands earned, now or back then, and until when."""
    earnings = [(best, now), *((earned(ladder, past.facts)[0], past.at) for past in pasts)]
    left = [
        (rank, at + timedelta(days=ladder[rank].keeps_days))
        for rank, at in earnings
        if rank != NOTHING
    ]
    return max((each for each in left if each[1] > now), default=(NOTHING, None))


def _key(ladder: Sequence[Rung], rank: int) -> str | None:
    return None if rank == NOTHING else ladder[rank].key


def _why(
    ranks: Mapping[str, int],
    was: Standing,
    stands: Standing,
    before: int,
    high: int,
    is_given: bool,  # noqa: FBT001 - the two levels compared
    rule: Rule | None,
    fell: Why,
) -> Why:
    if was.level_key is not None and was.level_key not in ranks:
        return "removed"
    own_before = ranks.get(was.own_key or "", NOTHING)
    own = ranks.get(stands.own_key or "", NOTHING)
    if high > before:
        return "granted" if is_given else rule or "ladder_changed"
    if high < before:
        # What fell is either one's own, whose days were over, or what a campaign had given.
        return fell if own_before == before else "grant_over"
    if own > own_before:
        return rule or "ladder_changed"
    if own < own_before:
        return fell
    # What another purchase had earned is kept for its own days only.
    return "kept" if fell == "lapsed" else fell
