"""Discounts: what a shop takes off for everybody (满减, 打折), made once and ended, never changed.

What a buyer was promised stands: a discount that should be another is ended and made anew. Orders
that stand keep their own snapshot of what was taken off.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from banyan.kernel.errors import INVALID, Refused
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals as refusals
from banyan.store.judged_words import must_be_allowed
from banyan.store.models.discounts import DiscountRow
from banyan.store.models.shops import ShopRow
from banyan.store.revisions import touch
from banyan.store.views import Twin
from banyan.store.wording import one_line

NAME_MOST = 60
AMOUNT_MOST_MINOR = 10**10
PRODUCTS_MOST = 500

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MOST_MINOR)]
DiscountState = Literal["waiting", "running", "over", "ended"]


class TwinName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What buyers read beside the amount, in both languages."""

    zh: Name
    en: Name


class DiscountFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member may say of a discount. `amount_off` reads `off_minor`, `share_off` `off_bps`."""

    shop_id: UUID
    name: TwinName
    kind: Literal["amount_off", "share_off"]
    from_minor: Amount = 0
    off_minor: Amount = 0
    off_bps: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    product_ids: Annotated[list[UUID], msgspec.Meta(max_length=PRODUCTS_MOST)] | None = None
    starts_at: Annotated[datetime, msgspec.Meta(tz=True)]
    ends_at: Annotated[datetime, msgspec.Meta(tz=True)]


class DiscountTermsView(msgspec.Struct, frozen=True, kw_only=True):
    """A discount as members see it."""

    id: UUID
    shop_id: UUID
    shop_name: str
    name: Twin
    kind: str
    from_minor: int
    off_minor: int
    off_bps: int
    product_ids: list[UUID] | None
    state: DiscountState
    starts_at: datetime
    ends_at: datetime
    created_at: datetime


def make_discount(work: Work, discount_id: UUID, fields: DiscountFields) -> None:
    """Make a discount; it applies by itself from `starts_at` until before `ends_at`.

    Raises `shop_not_found`, `product_not_found`, `discount_empty`, `discount_above_order`,
    `discount_over`, `words_forbidden`.
    """
    shop = work.session.get(ShopRow, (work.workspace_id, fields.shop_id))
    # A participant's shop shows the merchant's goods at the merchant's prices.
    if shop is None or shop.owner_person_id is not None:
        raise Refused(refusals.NO_SUCH_SHOP)
    is_amount = fields.kind == "amount_off"
    off_minor, off_bps = (fields.off_minor, 0) if is_amount else (0, fields.off_bps)
    if not off_minor and not off_bps:
        raise Refused(refusals.DISCOUNT_EMPTY)
    if is_amount and fields.from_minor and off_minor > fields.from_minor:
        raise Refused(refusals.DISCOUNT_ABOVE_ORDER)
    if fields.ends_at <= max(fields.starts_at, work.now):
        raise Refused(refusals.DISCOUNT_OVER)
    names = {key: one_line(getattr(fields.name, key), NAME_MOST, "name") for key in ("zh", "en")}
    if not all(names.values()):
        raise Refused(INVALID, problem="name")
    must_be_allowed(**names)
    work.session.add(
        DiscountRow(
            workspace_id=work.workspace_id,
            id=discount_id,
            shop_id=fields.shop_id,
            name_zh=names["zh"],
            name_en=names["en"],
            kind=fields.kind,
            from_minor=fields.from_minor,
            off_minor=off_minor,
            off_bps=off_bps,
            product_ids=_products_of(work, fields),
            starts_at=fields.starts_at,
            ends_at=fields.ends_at,
            created_at=work.now,
        )
    )
    work.session.flush()
    touch(work)


def end_discount(work: Work, discount_id: UUID) -> None:
    """Take a discount away from now on. Again is harmless. Raises `discount_not_found`."""
    row = work.session.get(DiscountRow, (work.workspace_id, discount_id), with_for_update=True)
    if row is None:
        raise Refused(refusals.NO_SUCH_DISCOUNT)
    row.state = "off"
    work.session.flush()
    touch(work)


def discount_view(work: Work, discount_id: UUID) -> DiscountTermsView:
    """Return one discount. Raises `discount_not_found`."""
    found = discount_views(work, discount_id=discount_id)
    if not found:
        raise Refused(refusals.NO_SUCH_DISCOUNT)
    return found[0]


def discount_views(
    work: Work, *, shop_id: UUID | None = None, discount_id: UUID | None = None, most: int = 200
) -> list[DiscountTermsView]:
    """Return the discounts, the newest first."""
    rows = work.driver.execute(
        """
        select d.id, d.shop_id, h.name, d.name_zh, d.name_en, d.kind, d.from_minor, d.off_minor,
               d.off_bps, d.product_ids, d.state, d.starts_at, d.ends_at, d.created_at
        from shop_discounts d
        join shops h on h.workspace_id = d.workspace_id and h.id = d.shop_id
        where d.workspace_id = %(workspace)s and (%(shop)s::uuid is null or d.shop_id = %(shop)s)
          and (%(discount)s::uuid is null or d.id = %(discount)s)
        order by d.id desc limit %(most)s
        """,
        {"workspace": work.workspace_id, "shop": shop_id, "discount": discount_id, "most": most},
    )
    return [_view(work.now, *row) for row in rows]


def _view(now: datetime, *row: Any) -> DiscountTermsView:
    is_on, starts_at, ends_at = row[10] == "on", row[11], row[12]
    state: DiscountState = (
        "ended"
        if not is_on
        else "waiting"
        if now < starts_at
        else "running"
        if now < ends_at
        else "over"
    )
    return DiscountTermsView(
        id=row[0],
        shop_id=row[1],
        shop_name=row[2],
        name=Twin(row[3], row[4]),
        kind=row[5],
        from_minor=row[6],
        off_minor=row[7],
        off_bps=row[8],
        product_ids=row[9],
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=row[13],
    )


def _products_of(work: Work, fields: DiscountFields) -> list[UUID] | None:
    if fields.product_ids is None:
        return None
    chosen = sorted(set(fields.product_ids))
    row = work.driver.execute(
        "select count(*) from products where workspace_id = %s and shop_id = %s and id = any(%b)"
        " and not is_removed",
        (work.workspace_id, fields.shop_id, chosen),
    ).fetchone()
    if not chosen or row is None or row[0] != len(chosen):
        raise Refused(refusals.NO_SUCH_PRODUCT)
    return chosen
