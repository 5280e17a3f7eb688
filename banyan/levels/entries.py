"""Entry coupons: what a level gives once on reaching it, by the ordinary way of grants.

They have a budget of their own, as a campaign has. What it cannot pay for is asked for again when
the budget is raised.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from banyan import rewards, workspaces
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.levels.ladder import Level
from banyan.rewards import GrantOutcome, GrantRequest, OfferSpec

RULE: Final = "level_entry"


class EntryBudget(msgspec.Struct, frozen=True, kw_only=True):
    """What entry coupons may cost in all, and have, in minor units."""

    total_minor: int
    spent_minor: int


class Entry(NamedTuple):
    """A level somebody reached, and the offer of its coupon as it was then."""

    person_id: UUID
    level_key: str
    offer_key: str
    move_id: UUID
    """The row of their history that says so."""


def club_of(workspace_id: UUID) -> UUID:
    """Return what stands in the place of a campaign where a level gives."""
    return derived_id("membership", workspace_id)


def offer_of(level: Level) -> str | None:
    """Return the key of the offer of a level's coupon; other terms are another offer."""
    if not level.coupon_minor:
        return None
    terms = f"{level.coupon_minor}_{level.coupon_from_minor}_{level.coupon_days}"
    return f"entry_{level.key}_{terms}"


def give_entries(work: Work, entries: Iterable[Entry], levels: Iterable[Level]) -> int:
    """Give each who reached a level its coupon, once for ever; return how many are new."""
    wanted = list(entries)
    offers = {entry.offer_key for entry in wanted}
    specs = [_spec(level, key) for level in levels if (key := offer_of(level)) in offers and key]
    if specs:
        rewards.open_offers(work, club_of(work.workspace_id), specs)
    return sum(outcome.status == "granted" for outcome in _ask(work, wanted))


def give_missing(work: Work, person_ids: Sequence[UUID]) -> int:
    """Ask again for the coupons these people have not got; return how many they got now."""
    rows = work.driver.execute(
        """
        select distinct on (person_id, to_key) person_id, to_key, entry_offer, id from level_moves
        where workspace_id = %s and person_id = any(%b) and entry_offer is not null
        order by person_id, to_key, nth
        """,
        (work.workspace_id, list(person_ids)),
    ).fetchall()
    return sum(o.status == "granted" for o in _ask(work, [Entry(*row) for row in rows]))


def _ask(work: Work, entries: Sequence[Entry]) -> list[GrantOutcome]:
    if not entries:
        return []
    club = club_of(work.workspace_id)
    return rewards.grant(
        work,
        [
            GrantRequest(
                *(club, RULE, person, derived_id("level entry", work.workspace_id, person, key)),
                *(offer, "会员升级礼", "For reaching a membership level"),
                evidence=move,
            )
            for person, key, offer, move in sorted(entries)
        ],
    )


def _spec(level: Level, key: str) -> OfferSpec:
    return OfferSpec(
        *(key, "coupon", f"{level.name_zh}升级礼", f"Welcome to {level.name_en}"),
        *(level.coupon_minor, level.coupon_minor, level.coupon_days),
        from_minor=level.coupon_from_minor,
        terms_zh="达到会员等级时赠送，每人每级一次，不可兑换现金。",
        terms_en="Given on reaching the level, once a person and level; no cash.",
    )


def fund_entries(work: Work, total_minor: int) -> None:
    """Set what entry coupons may cost in all. Raises `budget_below_spent`."""
    merchant = workspaces.workspace_of(work)
    rewards.fund_budget(
        *(work, club_of(work.workspace_id), total_minor, None, 8000),
        currency=merchant.currency,
        timezone=merchant.timezone,
    )


def entry_budget(work: Work) -> EntryBudget:
    """Return the budget of entry coupons."""
    view = rewards.budget_view(work, club_of(work.workspace_id))
    return EntryBudget(
        total_minor=view.total_minor if view else 0, spent_minor=view.spent_minor if view else 0
    )
