"""Seed users: whom a merchant begins with, because they bought, brought people, or earned points.

Who is shown follows from counted facts alone, by numbers the merchant chooses; whom of them they
pick is theirs to say. A seed user pays and gets the same as everybody else.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec

from banyan import campaigns, people, rewards, store
from banyan.kernel.work import Work

MOST_SHOWN: Final = 200
Least = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From how many of each on somebody is shown; any one is enough, None is no reason."""

    orders: Least = 2
    """Paid orders that were not wholly refunded."""
    people: Least = 2
    """New people whose help counted, in all campaigns together."""
    points: Least = 500
    """Points earned and not taken back, spent or not."""


class SeedRow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could be, or is, a seed user, with the facts."""

    person_id: UUID
    name: str | None
    phone_masked: str | None
    orders: int
    people: int
    points: int
    reasons: list[str]
    """Which of `orders`, `people`, `points` meet the rule; none for who was picked under another."""
    is_picked: bool
    picked_at: datetime | None
    is_agreed: bool
    """Whether they agree to be written to."""


class Seeds(msgspec.Struct, frozen=True, kw_only=True):
    """The rule, who meets it or is picked (the strongest first), and how many there are."""

    rule: Rule
    items: list[SeedRow]
    total: int
    picked: int
    reachable: int
    """Of the picked, who agrees to be written to."""


def read_rule(work: Work) -> Rule:
    """Return the workspace's rule, as delivered while it never chose one."""
    row = work.driver.execute(
        "select orders, people, points from seed_rules where workspace_id = %s",
        (work.workspace_id,),
    ).fetchone()
    return Rule(*row) if row else Rule()


def write_rule(work: Work, rule: Rule) -> None:
    """Choose the numbers. Who is picked stays picked."""
    work.driver.execute(
        "insert into seed_rules (workspace_id, orders, people, points, changed_at)"
        " values (%s, %s, %s, %s, %s) on conflict (workspace_id) do update set"
        " orders = excluded.orders, people = excluded.people, points = excluded.points,"
        " changed_at = excluded.changed_at",
        (work.workspace_id, rule.orders, rule.people, rule.points, work.now),
    )


def pick(work: Work, person_ids: Sequence[UUID]) -> int:
    """Pick people of this workspace who are known by name or number; return how many are new."""
    known = sorted(people.met_at(work, person_ids))
    return work.driver.execute(
        "insert into seed_users (workspace_id, id, picked_at, picked_by)"
        " select %s, p.id, %s, %s from unnest(%b::uuid[]) as p (id) on conflict do nothing",
        (work.workspace_id, work.now, str(work.actor), known),
    ).rowcount


def drop(work: Work, person_ids: Sequence[UUID]) -> int:
    """Let people be seed users no more; return how many were."""
    return work.driver.execute(
        "delete from seed_users where workspace_id = %s and id = any(%b)",
        (work.workspace_id, list(person_ids)),
    ).rowcount


def picked(work: Work) -> dict[UUID, datetime]:
    """Return who is picked, and since when."""
    rows = work.driver.execute(
        "select id, picked_at from seed_users where workspace_id = %s", (work.workspace_id,)
    )
    return dict(rows.fetchall())


def seeds(work: Work) -> Seeds:
    """Return who meets the rule or is picked, at most `MOST_SHOWN`, picked and strongest first."""
    rule, chosen = read_rule(work), picked(work)
    asked = (
        (store.orders_kept, rule.orders),
        (campaigns.new_people_brought, rule.people),
        (rewards.points_kept, rule.points),
    )
    wanted = set(chosen).union(*(count(work, least) for count, least in asked))
    ids = sorted(people.met_at(work, wanted))
    counts = [count(work, None, ids) for count, _ in asked]
    needs = (rule.orders, rule.people, rule.points)

    def facts(person: UUID) -> tuple[int, ...]:
        return tuple(count.get(person, 0) for count in counts)

    def reasons(person: UUID) -> list[str]:
        names = ("orders", "people", "points")
        return [
            name
            for name, need, have in zip(names, needs, facts(person), strict=True)
            if need is not None and have >= need
        ]

    # How many times over each number is met says more than a sum of orders and points.
    def strength(person: UUID) -> tuple[bool, int, UUID]:
        met = (have * 100 // need for need, have in zip(needs, facts(person), strict=True) if need)
        return (person not in chosen, -sum(met), person)

    shown = sorted(ids, key=strength)[:MOST_SHOWN]
    known = people.views(work, shown)
    agreed = people.agreed_to_messages(work, {*shown, *chosen})
    return Seeds(
        rule=rule,
        items=[
            SeedRow(
                person_id=person,
                name=known[person].name,
                phone_masked=known[person].phone_masked,
                orders=facts(person)[0],
                people=facts(person)[1],
                points=facts(person)[2],
                reasons=reasons(person),
                is_picked=person in chosen,
                picked_at=chosen.get(person),
                is_agreed=person in agreed,
            )
            for person in shown
        ],
        total=len(ids),
        picked=len(chosen),
        reachable=len(agreed & chosen.keys()),
    )
