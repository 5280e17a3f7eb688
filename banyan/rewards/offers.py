"""Offers: what a campaign may give, and how many are left of what is limited."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from banyan import ledger
from banyan.kernel.connection import Later
from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id, new_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Transfer
from banyan.rewards import refusals

POINTS = "points"
"""The kind of an offer of points, and the unit they are counted in."""
CASH, COUPON, GIFT, LEVEL, CONTENT = "cash", "coupon", "gift", "level", "content"
CODED = frozenset({COUPON, GIFT})
"""The kinds whose grants carry a code."""
ISSUED_POINTS = "points:issued"


class OfferSpec(NamedTuple):
    """An offer as a campaign's definition says it."""

    key: str
    kind: str
    name_zh: str
    name_en: str
    value_minor: int
    cost_minor: int
    valid_days: int
    points: int = 0
    quantity: int | None = None
    per_person: int | None = None
    terms_zh: str = ""
    terms_en: str = ""
    off_bps: int = 0
    from_minor: int = 0
    product_ids: tuple[UUID, ...] = ()
    category_ids: tuple[UUID, ...] = ()
    stacks: bool = False
    level_key: str | None = None
    content: dict[str, Any] | None = None


class Offer(NamedTuple):
    """An offer as grants need it."""

    id: UUID
    campaign_id: UUID
    key: str
    kind: str
    name_zh: str
    name_en: str
    value_minor: int
    points: int
    cost_minor: int
    quantity: int | None
    per_person: int | None
    valid_days: int
    level_key: str | None
    unit: str
    left_account: UUID
    given_account: UUID


def left_key(offer_id: UUID) -> str:
    """Return the key of the account of those not given yet."""
    return f"offer:{offer_id}:left"


def given_key(offer_id: UUID) -> str:
    """Return the key of the account of those given."""
    return f"offer:{offer_id}:given"


def source_key(offer_id: UUID) -> str:
    """Return the key of the account the quantity comes from; it may go negative."""
    return f"offer:{offer_id}:made"


def unit_of(offer_id: UUID) -> str:
    """Return the unit in which one offer is counted."""
    return f"offer:{offer_id}"


def read_offers(work: Work, campaign_ids: Sequence[UUID]) -> dict[tuple[UUID, str], Offer]:
    """Return the offers of the campaigns by (campaign, key)."""
    return ask_offers(work, campaign_ids)()


def ask_offers(work: Work, campaign_ids: Sequence[UUID]) -> Later[dict[tuple[UUID, str], Offer]]:
    """Ask what `read_offers` returns."""
    asked = work.driver.ask(
        """
        select id, campaign_id, key, kind, name_zh, name_en, value_minor, points, cost_minor,
               quantity, per_person, valid_days, level_key
        from offers where workspace_id = %s and campaign_id = any(%b::uuid[])
        """,
        (work.workspace_id, list(campaign_ids)),
    )
    workspace = work.workspace_id
    return lambda: {
        (row[1], row[2]): Offer._make((*row, *_counted_by(workspace, row[0]))) for row in asked
    }


@lru_cache(10_000)
def _counted_by(workspace_id: UUID, offer_id: UUID) -> tuple[str, UUID, UUID]:
    """Return the unit in which an offer is counted and the accounts of those left and given."""
    return (
        unit_of(offer_id),
        ledger.account_id(workspace_id, left_key(offer_id)),
        ledger.account_id(workspace_id, given_key(offer_id)),
    )


def open_offers(work: Work, campaign_id: UUID, offers: Sequence[OfferSpec]) -> dict[str, UUID]:
    """Make sure a campaign has these offers; return their ids by key. May be repeated.

    Called again with another quantity, the quantity is raised or lowered to it; what an offer is
    worth never changes. Refuses `offer_changed`, `quantity_below_given`.
    """
    ids = {offer.key: derived_id("offer", campaign_id, offer.key) for offer in offers}
    for offer in sorted(offers, key=lambda offer: ids[offer.key]):
        _open(work, campaign_id, ids[offer.key], offer)
    return ids


def _open(work: Work, campaign_id: UUID, offer_id: UUID, spec: OfferSpec) -> None:
    # A row that was there is returned as it stands, and locked by the update.
    was_there, *worth, quantity = work.driver.execute(
        """
        insert into offers (workspace_id, id, campaign_id, key, kind, name_zh, name_en, value_minor,
                            points, cost_minor, quantity, per_person, valid_days, terms_zh, terms_en,
                            off_bps, from_minor, product_ids, category_ids, stacks, level_key,
                            content)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
                %s)
        on conflict (workspace_id, id) do update set name_zh = excluded.name_zh,
          name_en = excluded.name_en, terms_zh = excluded.terms_zh, terms_en = excluded.terms_en,
          content = excluded.content,
          per_person = case when offers.per_person is null then null
                            else greatest(offers.per_person, excluded.per_person) end
        returning xmax::text <> '0', kind, value_minor, points, cost_minor, off_bps, from_minor,
                  level_key, quantity
        """,
        (
            *(work.workspace_id, offer_id, campaign_id, spec.key, spec.kind, spec.name_zh),
            *(spec.name_en, spec.value_minor, spec.points, spec.cost_minor, spec.quantity),
            *(spec.per_person, spec.valid_days, spec.terms_zh, spec.terms_en, spec.off_bps),
            *(spec.from_minor, list(spec.product_ids) or None, list(spec.category_ids) or None),
            *(spec.stacks, spec.level_key, Jsonb(spec.content) if spec.content else None),
        ),
    ).fetchone() or (False, None)
    if worth != [
        *(spec.kind, spec.value_minor, spec.points, spec.cost_minor, spec.off_bps),
        *(spec.from_minor, spec.level_key),
    ]:
        raise Refused(refusals.OFFER_CHANGED, key=spec.key)
    if was_there and (quantity is None) != (spec.quantity is None):
        # Going between limited and unlimited would lose the count of what was given.
        raise Refused(refusals.OFFER_CHANGED, key=spec.key)
    if spec.quantity is None:
        return
    before = (quantity or 0) if was_there else 0
    unit = unit_of(offer_id)
    accounts = ledger.open_accounts(
        work,
        [
            AccountSpec(source_key(offer_id), unit, may_go_negative=True),
            AccountSpec(left_key(offer_id), unit),
            AccountSpec(given_key(offer_id), unit),
        ],
    )
    more = spec.quantity - before
    if not more:
        return
    made, left = accounts[source_key(offer_id)], accounts[left_key(offer_id)]
    debit, credit = (made, left) if more > 0 else (left, made)
    move = Transfer(new_id(), debit, credit, abs(more), unit, "offer.quantity", offer_id)
    if ledger.transfer(work, [move]) == ["insufficient"]:
        given = ledger.balances(work, [accounts[given_key(offer_id)]])
        raise Refused(refusals.QUANTITY_BELOW_GIVEN, key=spec.key, given=sum(given.values()))
    work.driver.execute(
        "update offers set quantity = %s where workspace_id = %s and id = %s",
        (spec.quantity, work.workspace_id, offer_id),
    )
