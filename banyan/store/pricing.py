"""Pricing: what an order comes to, line by line. Pure: the same goods and terms, the same cents.

One discount of the shop applies, the one that takes most off; then a voucher, if there is one.
Each is spread over its lines by largest remainder, so the lines always add up to the order.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.money import split

WHOLE_BPS = 10_000


class Goods(NamedTuple):
    """So many of one SKU at its price of the moment."""

    product_id: UUID
    unit_price_minor: int
    quantity: int
    category_id: UUID | None = None


class Discount(NamedTuple):
    """What a shop takes off for everybody (`DiscountRow`)."""

    id: UUID
    shop_id: UUID
    name_zh: str
    name_en: str
    kind: str
    from_minor: int
    off_minor: int
    off_bps: int
    product_ids: frozenset[UUID] | None
    starts_at: datetime
    ends_at: datetime


class Voucher(NamedTuple):
    """A coupon that the caller has already taken from its owner for this order."""

    id: UUID
    name_zh: str
    name_en: str
    value_minor: int
    from_minor: int = 0
    to_unit_minor: int | None = None
    """Instead of a value: what one piece comes to. The shop's own discounts are not added to it."""
    off_bps: int = 0
    """Instead of the value: this share (hundredths of a percent), the value at most."""
    product_ids: frozenset[UUID] | None = None
    category_ids: frozenset[UUID] | None = None
    """The goods it is for: of either; neither: all."""

    def covers(self, goods: Goods) -> bool:
        """Whether it takes off of these goods."""
        if self.product_ids is None and self.category_ids is None:
            return True
        return goods.product_id in (self.product_ids or ()) or (
            goods.category_id is not None and goods.category_id in (self.category_ids or ())
        )


class Taken(NamedTuple):
    """A discount as an order shows it, and its part of each line."""

    id: UUID
    name_zh: str
    name_en: str
    minor: int
    parts: tuple[int, ...]


class Price(NamedTuple):
    """What an order comes to, in minor units."""

    goods_minor: int
    discount_minor: int
    freight_minor: int
    payable_minor: int
    line_discounts: tuple[int, ...]
    discounts: tuple[Taken, ...]


class Unfit(ValueError):  # noqa: N818 - what the voucher is
    """A voucher does not fit this order."""


def price(
    goods: Sequence[Goods],
    discounts: Sequence[Discount],
    vouchers: Sequence[Voucher],
    now: datetime,
    *,
    freight_minor: int,
    freight_free_from_minor: int | None,
) -> Price:
    """Return what `goods` come to. Raises Unfit for a voucher that asks for a larger order."""
    full = [each.unit_price_minor * each.quantity for each in goods]
    left = list(full)
    taken: list[Taken] = []
    sets_price = any(voucher.to_unit_minor is not None for voucher in vouchers)
    if not sets_price and (best := _best(goods, full, discounts, now)):
        left = [rest - part for rest, part in zip(left, best.parts, strict=True)]
        taken.append(best)
    for voucher in vouchers:
        if by := _by_voucher(goods, left, voucher):
            left = [rest - part for rest, part in zip(left, by.parts, strict=True)]
            taken.append(by)
    goods_minor, rest_minor = sum(full), sum(left)
    is_free = freight_free_from_minor is not None and rest_minor >= freight_free_from_minor
    sent_minor = 0 if is_free else freight_minor
    return Price(
        goods_minor,
        goods_minor - rest_minor,
        sent_minor,
        rest_minor + sent_minor,
        tuple(before - after for before, after in zip(full, left, strict=True)),
        tuple(taken),
    )


def _by_voucher(goods: Sequence[Goods], left: Sequence[int], voucher: Voucher) -> Taken | None:
    """Return what `voucher` takes off of what is `left` to pay. Raises Unfit."""
    covered = [voucher.covers(each) for each in goods]
    weights = [rest if counts else 0 for rest, counts in zip(left, covered, strict=True)]
    whole = sum(weights)
    if whole < voucher.from_minor or not any(covered):
        raise Unfit(voucher.id)
    value_minor = voucher.value_minor
    if voucher.to_unit_minor is not None:
        target = voucher.to_unit_minor * sum(each.quantity for each in goods)
        value_minor = max(0, whole - target)
    elif voucher.off_bps:
        value_minor = min(value_minor, whole * voucher.off_bps // WHOLE_BPS)
    minor = min(value_minor, whole)
    if not minor:
        return None
    parts = tuple(split(minor, weights))
    return Taken(voucher.id, voucher.name_zh, voucher.name_en, minor, parts)


def _best(
    goods: Sequence[Goods], full: Sequence[int], discounts: Sequence[Discount], now: datetime
) -> Taken | None:
    best: Taken | None = None
    for discount in discounts:
        if not discount.starts_at <= now < discount.ends_at:
            continue
        weights = [
            amount if discount.product_ids is None or each.product_id in discount.product_ids else 0
            for each, amount in zip(goods, full, strict=True)
        ]
        eligible = sum(weights)
        if not eligible or eligible < discount.from_minor:
            continue
        off = (
            discount.off_minor
            if discount.kind == "amount_off"
            else eligible * discount.off_bps // WHOLE_BPS
        )
        minor = min(off, eligible)
        if minor > (best.minor if best else 0):
            parts = tuple(split(minor, weights))
            best = Taken(discount.id, discount.name_zh, discount.name_en, minor, parts)
    return best
