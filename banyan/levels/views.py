"""What members and participants are shown of levels."""

from datetime import datetime
from uuid import UUID

import msgspec

from banyan import workspaces
from banyan.kernel.work import Work
from banyan.levels.entries import EntryBudget, entry_budget
from banyan.levels.judgement import NOTHING, Facts, Rule, Why
from banyan.levels.ladder import Ladder, Level, names_of, proposal, read_ladder
from banyan.levels.standings import read_facts

HISTORY_MOST = 50


class Words(msgspec.Struct, frozen=True):
    """Words in both languages."""

    zh: str
    en: str


class LevelCount(msgspec.Struct, frozen=True, kw_only=True):
    """A level and how many people stand on it."""

    level: Level
    people: int


class LadderView(msgspec.Struct, frozen=True, kw_only=True):
    """The ladder, lowest first. `proposal`: what we propose and it has not."""

    revision: int
    currency: str
    levels: list[LevelCount]
    proposal: list[Level]
    budget: EntryBudget


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule asks for, and how much of it there is; any one rule is enough."""

    rule: Rule
    have: int
    need: int
    within_days: int


class NextLevel(msgspec.Struct, frozen=True, kw_only=True):
    """The next level that can be reached by one's own doing."""

    level: Level
    missing: list[Missing]


class MoveView(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a person's history. A level None: none."""

    at: datetime
    from_name: Words | None
    to_name: Words | None
    why: Why
    own_until: datetime | None


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody stands: their level, until when at least, why, and what comes next.

    `has_levels` False: the merchant has none.
    """

    has_levels: bool
    currency: str
    level: Level | None
    until: datetime | None
    since: datetime | None
    why: Why | None
    next: NextLevel | None


class PersonMembership(msgspec.Struct, frozen=True, kw_only=True):
    """The same for members, with the history, the newest row first."""

    membership: Membership
    history: list[MoveView]


def ladder_view(work: Work) -> LadderView:
    """Return the ladder with how many stand on each rung."""
    ladder = read_ladder(work)
    counted = dict(
        work.driver.execute(
            "select level_key, count(*) from person_levels"
            " where workspace_id = %s and level_key is not null group by level_key",
            (work.workspace_id,),
        ).fetchall()
    )
    known = {level.key for level in ladder.levels}
    return LadderView(
        revision=ladder.revision,
        currency=workspaces.workspace_of(work).currency,
        levels=[
            LevelCount(level=level, people=counted.get(level.key, 0)) for level in ladder.levels
        ],
        proposal=[each for each in proposal() if each.key not in known],
        budget=entry_budget(work),
    )


def membership(work: Work, person_id: UUID) -> Membership:
    """Return where a person stands."""
    ladder = read_ladder(work)
    ranks = {level.key: rank for rank, level in enumerate(ladder.levels)}
    row = work.driver.execute(
        "select level_key, judge_at from person_levels where workspace_id = %s and id = %s",
        (work.workspace_id, person_id),
    ).fetchone() or (None, None)
    rank = ranks.get(row[0] or "", NOTHING)
    facts = read_facts(work, [person_id], ladder.rungs())[person_id]
    came = work.driver.execute(
        "select at, why from level_moves where workspace_id = %s and person_id = %s"
        " and to_key = %s and from_key is distinct from to_key order by nth desc limit 1",
        (work.workspace_id, person_id, row[0]),
    ).fetchone() or (None, None)
    return Membership(
        has_levels=bool(ladder.levels),
        currency=workspaces.workspace_of(work).currency,
        level=None if rank == NOTHING else ladder.levels[rank],
        until=None if rank == NOTHING else row[1],
        since=None if rank == NOTHING else came[0],
        why=None if rank == NOTHING else came[1],
        next=_next(ladder, rank, facts),
    )


def _next(ladder: Ladder, rank: int, facts: Facts) -> NextLevel | None:
    for level in ladder.levels[rank + 1 :]:
        if rules := level.rung().rules():
            return NextLevel(
                level=level,
                missing=[
                    Missing(
                        rule=rule,
                        have=facts.have(rule, level.within_days),
                        need=need,
                        within_days=level.within_days,
                    )
                    for rule, need in rules.items()
                ],
            )
    return None


def person_membership(work: Work, person_id: UUID) -> PersonMembership:
    """Return where a person stands, and how they came there."""
    names = names_of(work)
    rows = work.driver.execute(
        "select at, from_key, to_key, why, own_until from level_moves"
        " where workspace_id = %s and person_id = %s order by nth desc limit %s",
        (work.workspace_id, person_id, HISTORY_MOST),
    )

    def name(key: str | None) -> Words | None:
        return Words(*names.get(key, (key, key))) if key else None

    return PersonMembership(
        membership=membership(work, person_id),
        history=[
            MoveView(at=at, from_name=name(was), to_name=name(now), why=why, own_until=until)
            for at, was, now, why, until in rows
        ],
    )
