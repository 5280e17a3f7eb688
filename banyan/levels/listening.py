"""Listening: what happened elsewhere that may move somebody's level or earn more points.

An event only says whom to look at; what is true is read from where it stands. So events may come
late, twice and in any order.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from banyan.campaigns.events import Supported
from banyan.kernel.relay import Recorded
from banyan.kernel.work import Work
from banyan.levels.bonus import add_points, take_points_back
from banyan.levels.judging import judge_people
from banyan.levels.ladder import read_ladder
from banyan.levels.standings import BONUS, lock_standings
from banyan.rewards.events import Granted, Reversed
from banyan.store.events import OrderPaid, OrderRefunded

LISTENS: Final = frozenset(
    {OrderPaid.name, OrderRefunded.name, Supported.name, Granted.name, Reversed.name}
)


class _Body(msgspec.Struct):
    """What the events say, each a part of it."""

    buyer_person_id: UUID | None = None
    owner_person_id: UUID | None = None
    beneficiary_person_id: UUID | None = None
    counted: bool = False
    grant_id: UUID | None = None
    kind: str = ""
    rule: str = ""


_decode = msgspec.json.Decoder(_Body).decode


def follow(work: Work, events: Sequence[Recorded]) -> int:
    """Judge whom these events of one workspace concern; return how many moved. May be repeated."""
    ladder = read_ladder(work)
    if not ladder.revision:
        return 0
    rules = {rule for rung in ladder.rungs() for rule in rung.rules()}
    causes: dict[UUID, list[UUID]] = {}
    points: list[tuple[UUID, UUID]] = []
    taken: list[tuple[UUID, UUID]] = []
    refunded: set[UUID] = set()
    # The newest first: when several would do, a person's history names the last of them.
    for event in sorted(events, key=lambda each: each.position, reverse=True):
        body = _decode(event.body)
        if event.name == Reversed.name and body.beneficiary_person_id and body.grant_id:
            taken.append((body.beneficiary_person_id, body.grant_id))
        if event.name == Granted.name and body.kind == "points" and body.rule != BONUS:
            points += _of_grant(body)
        if person := _concerned(event.name, body, rules):
            causes.setdefault(person, []).append(event.id)
            if event.name == OrderRefunded.name:
                refunded.add(person)
    _lock(work, [*causes, *(person for person, _ in (*points, *taken))])
    add_points(work, [grant for _, grant in points])
    take_points_back(work, taken)
    return judge_people(work, causes, refunded)


def _of_grant(body: _Body) -> Iterable[tuple[UUID, UUID]]:
    if body.beneficiary_person_id and body.grant_id:
        yield body.beneficiary_person_id, body.grant_id


def _concerned(name: str, body: _Body, rules: set[str]) -> UUID | None:
    """Return whose level an event may move, None for nobody's."""
    if name in {OrderPaid.name, OrderRefunded.name}:
        return body.buyer_person_id if "spent" in rules else None
    if name == Supported.name:
        return body.owner_person_id if body.counted and "people" in rules else None
    if name == Reversed.name:
        # It does not say of what kind: a level that was given may be gone.
        return body.beneficiary_person_id
    is_level = body.kind == "level"
    is_points = body.kind == "points" and body.rule != BONUS and "points" in rules
    return body.beneficiary_person_id if is_level or is_points else None


def _lock(work: Work, person_ids: Sequence[UUID]) -> None:
    if person_ids:
        lock_standings(work, person_ids)
