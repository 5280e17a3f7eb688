"""The exchange shelf: what points are exchanged for, edited by the merchant.

What is on it is an offer of the house: it has a quantity, a limit per person, and costs the house's
budget what it costs.
"""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from banyan import workspaces
from banyan.kernel.errors import REFUSALS, Refused
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.rewards import refusals
from banyan.rewards.budgets import fund_budget
from banyan.rewards.givings import GrantRequest
from banyan.rewards.house import house_of
from banyan.rewards.offers import OfferSpec, open_offers
from banyan.rewards.points import spend_points
from banyan.rewards.queries import offers_left
from banyan.rewards.till import grant

Minor = Annotated[int, msgspec.Meta(ge=0, le=10**11)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class ExchangeItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place on the shelf. Kind, worth, cost and threshold bind once it is there."""

    key: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    kind: Literal["coupon", "gift", "content"]
    name_zh: Line
    name_en: Line
    price_points: Annotated[int, msgspec.Meta(ge=1, le=10**9)]
    value_minor: Minor = 0
    cost_minor: Minor = 0
    from_minor: Minor = 0
    quantity: Annotated[int, msgspec.Meta(ge=1, le=10**7)] | None = None
    per_person: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    valid_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    url: Annotated[str, msgspec.Meta(max_length=500)] = ""
    is_on: bool = True


class ShelfPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place on the shelf as people see it. `left` None: as many as the budget pays for."""

    id: UUID
    key: str
    kind: str
    name_zh: str
    name_en: str
    price_points: int
    value_minor: int
    from_minor: int
    left: int | None
    is_on: bool


def put_on_shelf(work: Work, item: ExchangeItem, position: int = 0) -> UUID:
    """Put `item` on the shelf, or change its price, quantity and whether it is on; return its id.

    Raises `offer_changed`, `quantity_below_given`.
    """
    house, key = house_of(work.workspace_id), f"exchange_{item.key}"
    spec = OfferSpec(
        *(key, item.kind, item.name_zh, item.name_en, item.value_minor, item.cost_minor),
        item.valid_days,
        quantity=item.quantity,
        per_person=item.per_person,
        from_minor=item.from_minor,
        content={"url": item.url} if item.url else None,
    )
    open_offers(work, house, [spec])
    item_id = derived_id("exchange item", work.workspace_id, item.key)
    work.driver.execute(
        """
        insert into exchange_items (workspace_id, id, offer_key, price_points, state, position,
                                    changed_at)
        values (%s, %s, %s, %s, %s, %s, %s)
        on conflict (workspace_id, id) do update set price_points = excluded.price_points,
          state = excluded.state, position = excluded.position, changed_at = excluded.changed_at
        """,
        (
            *(work.workspace_id, item_id, key, item.price_points),
            *("on" if item.is_on else "off", position, work.now),
        ),
    )
    workspaces.audit(work, "exchange.item_set", item.key, {"price_points": item.price_points})
    return item_id


def shelf(work: Work, *, only_on: bool = True) -> list[ShelfPlace]:
    """Return what points are exchanged for."""
    house = house_of(work.workspace_id)
    left = offers_left(work, house)
    rows = work.driver.execute(
        """
        select i.id, i.offer_key, o.kind, o.name_zh, o.name_en, i.price_points, o.value_minor,
               o.from_minor, i.state = 'on'
        from exchange_items i
        join offers o on o.workspace_id = i.workspace_id and o.campaign_id = %s
          and o.key = i.offer_key
        where i.workspace_id = %s and (i.state = 'on' or not %s)
        order by i.position, i.price_points, i.id
        """,
        (house, work.workspace_id, only_on),
    )
    return [
        ShelfPlace(
            id=row[0],
            key=row[1].removeprefix("exchange_"),
            kind=row[2],
            name_zh=row[3],
            name_en=row[4],
            price_points=row[5],
            value_minor=row[6],
            from_minor=row[7],
            left=left.get(row[1]),
            is_on=row[8],
        )
        for row in rows
    ]


def fund_house(work: Work, total_minor: int) -> None:
    """Set aside what the house may spend in all. Raises `budget_below_spent`."""
    merchant = workspaces.workspace_of(work)
    fund_budget(
        *(work, house_of(work.workspace_id), total_minor, None, 8000),
        currency=merchant.currency,
        timezone=merchant.timezone,
    )


def exchange(work: Work, exchange_id: UUID, person_id: UUID, item_id: UUID) -> UUID:
    """Give what is on the shelf for its price in points; return the grant. May be repeated.

    Raises `exchange_item_not_found`, `points_short`, `offer_exhausted`, `person_cap_reached`,
    `budget_spent`: then nothing was spent.
    """
    done = work.driver.execute(
        "select grant_id from exchanges where workspace_id = %s and id = %s and person_id = %s",
        (work.workspace_id, exchange_id, person_id),
    ).fetchone()
    if done is not None:
        return done[0]
    found = work.driver.execute(
        "select offer_key, price_points from exchange_items"
        " where workspace_id = %s and id = %s and state = 'on' for share",
        (work.workspace_id, item_id),
    ).fetchone()
    if found is None:
        raise Refused(refusals.NO_SUCH_ITEM)
    offer_key, price_points = found
    spend_points(work, person_id, price_points, exchange_id)
    (outcome,) = grant(
        work,
        [
            GrantRequest(
                *(house_of(work.workspace_id), "exchange", person_id, exchange_id, offer_key),
                *("积分兑换", "Exchanged for points"),
            )
        ],
    )
    if outcome.reason is not None or outcome.grant_id is None:
        raise Refused(REFUSALS[outcome.reason or "offer_exhausted"])
    work.driver.execute(
        "insert into exchanges (workspace_id, id, person_id, item_id, points, grant_id,"
        " exchanged_at) values (%s, %s, %s, %s, %s, %s, %s)",
        (
            *(work.workspace_id, exchange_id, person_id, item_id, price_points),
            *(outcome.grant_id, work.now),
        ),
    )
    return outcome.grant_id
