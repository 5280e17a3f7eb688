"""Standings: where people stand, locked, and what the judgement needs to know of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from banyan import campaigns, rewards, store
from banyan.kernel.work import Work
from banyan.levels.judgement import Facts, Rule, Rung, Standing

BONUS: Final = "level_points"
"""The rule of the points a level adds: they do not count towards a level themselves."""


class Held(NamedTuple):
    """A person's row, locked."""

    standing: Standing
    nth: int
    causes: frozenset[UUID]
    """Those of the causes asked about that have moved this person already."""


def lock_standings(
    work: Work, person_ids: Sequence[UUID], causes: Sequence[UUID] = ()
) -> dict[UUID, Held]:
    """Lock these people's rows in id order, making those that are missing.

    Whatever is read afterwards was known to nobody who judged them before.
    """
    wanted = sorted(set(person_ids))
    work.driver.execute(
        "insert into person_levels (workspace_id, id) select %s, p.id"
        " from unnest(%b::uuid[]) with ordinality as p (id, nth) order by p.nth"
        " on conflict do nothing",
        (work.workspace_id, wanted),
    )
    rows = work.driver.execute(
        "select id, level_key, own_key, own_until, nth from person_levels"
        " where workspace_id = %s and id = any(%b) order by id for update",
        (work.workspace_id, wanted),
    ).fetchall()
    moved: dict[UUID, set[UUID]] = {}
    used = work.driver.execute(
        "select person_id, cause from level_moves"
        " where workspace_id = %s and person_id = any(%b) and cause = any(%b)",
        (work.workspace_id, wanted, list(causes)),
    )
    for person, cause in used:
        moved.setdefault(person, set()).add(cause)
    return {
        row[0]: Held(Standing(*row[1:4]), row[4], frozenset(moved.get(row[0], ()))) for row in rows
    }


def read_facts(work: Work, person_ids: Sequence[UUID], ladder: Sequence[Rung]) -> dict[UUID, Facts]:
    """Return what each did as far as a rule of `ladder` asks for it, and the levels given to each."""
    did: dict[UUID, dict[tuple[Rule, int], int]] = {person: {} for person in person_ids}
    asked: set[tuple[Rule, int]] = {
        (rule, rung.within_days) for rung in ladder for rule in rung.rules()
    }
    for rule, days in asked:
        for person, amount in amounts(
            work, person_ids, rule, work.now - timedelta(days=days)
        ).items():
            did[person][rule, days] = amount
    given = rewards.levels_given(work, person_ids)
    return {person: Facts(did[person], given.get(person, {})) for person in person_ids}


def amounts(
    work: Work,
    person_ids: Sequence[UUID],
    rule: Rule,
    since: datetime,
    until: datetime | None = None,
) -> dict[UUID, int]:
    """Return how much of what a rule asks for each did after `since` and up to `until`."""
    if rule == "spent":
        return store.spent_since(work, person_ids, since, until)
    if rule == "people":
        return campaigns.brought_since(work, person_ids, since, until)
    return rewards.points_since(work, person_ids, since, until, but_for=BONUS)
