"""Coupons and levels at the checkout: rewards know whose a coupon is, the store what it takes off.

Neither knows the other, so they meet here, in one transaction: a coupon is locked exactly if the
order that uses it stands. What a buyer's membership level takes off comes before their coupons.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from banyan import levels, rewards, store
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.levels import Benefit
from banyan.rewards import MOST_TOGETHER, Coupon, CouponLock
from banyan.store import Item, OrderRequest, OrderView, QuoteView, Voucher

MOST_SHOWN: Final = 50
MOST_OFF_MINOR: Final = 10**11
"""Of a share off: no bound, as no order comes to more."""


class Twin(msgspec.Struct, frozen=True):
    """Words in both languages."""

    zh: str
    en: str


class CouponChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A coupon the buyer has, and how much it alone would take off this order; 0: it does not fit."""

    id: UUID
    name: Twin
    value_minor: int
    off_bps: int
    from_minor: int
    stacks: bool
    expires_at: datetime
    off_minor: int
    state: Literal["fits", "does_not_fit"]


class Checkout(msgspec.Struct, frozen=True, kw_only=True):
    """What an order would come to with the coupons `chosen`, and what else there is to choose."""

    quote: QuoteView
    chosen: list[UUID]
    coupons: list[CouponChoice]


def place_with_coupons(work: Work, requests: Sequence[OrderRequest]) -> list[OrderView | Refused]:
    """Place `requests` in order, each with the coupons it names; one outcome each.

    Raises `psycopg.errors.UniqueViolation` when another transaction was quicker: run it again.
    """
    requests = _with_levels(work, requests)
    with_coupons = [nth for nth, request in enumerate(requests) if request.coupon_ids]
    if not with_coupons:
        return store.place_orders(work, requests)
    # A repeat finds its coupons in its own order: it is answered with that order, not refused.
    done = store.orders_by_key(
        work, [(r.buyer_id, r.request_key) for r in requests if r.coupon_ids and r.request_key]
    )
    asked = [n for n in with_coupons if _name(requests[n]) not in done]
    taken = rewards.take_coupons(
        work, [(requests[n].buyer_id, requests[n].coupon_ids) for n in asked]
    )
    answers: dict[int, OrderView | Refused] = {}
    ready = dict(enumerate(requests))
    for nth, coupons in zip(asked, taken, strict=True):
        if isinstance(coupons, Refused):
            answers[nth] = coupons
            del ready[nth]
        else:
            made = tuple(voucher_of(coupon) for coupon in coupons)
            ready[nth] = ready[nth]._replace(vouchers=(*ready[nth].vouchers, *made))
    placed = store.place_orders(work, list(ready.values()))
    answers |= zip(ready, placed, strict=True)
    rewards.lock_coupons(work, [one for n in asked for one in _locks(requests[n], answers[n])])
    return [answers[nth] for nth in range(len(requests))]


def level_voucher(benefit: Benefit) -> Voucher:
    """Return what a level takes off of every order, in the store's words."""
    return Voucher(
        *(benefit.level_id, *benefit.words(), MOST_OFF_MINOR),
        off_bps=benefit.discount_bps,
    )


def level_vouchers(work: Work, person_ids: Iterable[UUID]) -> dict[UUID, Voucher]:
    """Return what the levels of these people take off, for those whose level takes anything."""
    found = levels.benefits_of(work, person_ids)
    return {person: level_voucher(benefit) for person, benefit in found.items()}


def _with_levels(work: Work, requests: Sequence[OrderRequest]) -> Sequence[OrderRequest]:
    vouchers = level_vouchers(work, {request.buyer_id for request in requests})
    if not vouchers:
        return requests
    return [
        request._replace(vouchers=(*request.vouchers, vouchers[request.buyer_id]))
        if request.buyer_id in vouchers
        else request
        for request in requests
    ]


def _name(request: OrderRequest) -> tuple[UUID, str]:
    return request.buyer_id, request.request_key or ""


def _locks(request: OrderRequest, answer: OrderView | Refused) -> list[CouponLock]:
    if isinstance(answer, Refused):
        return []
    return [
        CouponLock(taken.id, answer.id, answer.buyer_id, taken.minor, answer.expires_at)
        for taken in answer.discounts
        if taken.id in request.coupon_ids
    ]


def voucher_of(coupon: Coupon) -> Voucher:
    """Return what a coupon takes off, in the store's words."""
    return Voucher(
        *(coupon.id, coupon.name_zh, coupon.name_en, coupon.value_minor, coupon.from_minor),
        off_bps=coupon.off_bps,
        product_ids=coupon.product_ids,
        category_ids=coupon.category_ids,
    )


def checkout(
    work: Work,
    person_id: UUID,
    items: Sequence[Item],
    fulfilment: str,
    chosen: Sequence[UUID] | None,
) -> Checkout:
    """Return what `items` come to with the coupons `chosen`; None chooses what takes off most.

    Raises `coupon_not_found`, `coupon_in_use`, `coupon_expired`, `coupons_do_not_stack` and
    `voucher_unfit` for a choice that cannot be made.
    """
    mine = rewards.coupons_of(work, person_id, only_usable=True)
    vouchers = {coupon.id: voucher_of(coupon) for coupon in mine}
    own = list(level_vouchers(work, [person_id]).values())
    offs = store.voucher_offs(work, items, fulfilment, list(vouchers.values()), own)
    if chosen is None:
        best = _best(work, items, fulfilment, (mine, own), offs)
    else:
        (taken,) = rewards.take_coupons(work, [(person_id, tuple(chosen))])
        if isinstance(taken, Refused):
            raise taken
        best = [coupon.id for coupon in taken]
    quote = store.quote(work, items, fulfilment, [*own, *(vouchers[each] for each in best)])
    shown = sorted(mine, key=lambda coupon: (-offs.get(coupon.id, 0), coupon.expires_at))
    return Checkout(
        quote=quote,
        chosen=best,
        coupons=[_choice(coupon, offs.get(coupon.id, 0)) for coupon in shown[:MOST_SHOWN]],
    )


def _best(
    work: Work,
    items: Sequence[Item],
    fulfilment: str,
    has: tuple[Sequence[Coupon], Sequence[Voucher]],
    offs: dict[UUID, int],
) -> list[UUID]:
    """Return the one coupon, or those that stack, that take off most; among equals the first to end.

    `has`: the coupons there are, and what their owner's level takes off before any of them.
    """
    mine, own = has
    fitting = sorted(
        (coupon for coupon in mine if offs.get(coupon.id)),
        key=lambda coupon: (-offs[coupon.id], coupon.expires_at),
    )
    if not fitting:
        return []
    together: list[Coupon] = []
    off = 0
    for coupon in [each for each in fitting if each.stacks][: 2 * MOST_TOGETHER]:
        if len(together) == MOST_TOGETHER:
            break
        try:
            these = [voucher_of(each) for each in (*together, coupon)]
            tried = store.quote(work, items, fulfilment, [*own, *these])
        except Refused:
            # What the others leave to pay is below this one's threshold.
            continue
        ids = {each.id for each in (*together, coupon)}
        now_off = sum(taken.minor for taken in tried.discounts if taken.id in ids)
        if now_off > off:
            together.append(coupon)
            off = now_off
    if off > offs[fitting[0].id]:
        return [coupon.id for coupon in together]
    return [fitting[0].id]


def _choice(coupon: Coupon, off_minor: int) -> CouponChoice:
    return CouponChoice(
        id=coupon.id,
        name=Twin(coupon.name_zh, coupon.name_en),
        value_minor=coupon.value_minor,
        off_bps=coupon.off_bps,
        from_minor=coupon.from_minor,
        stacks=coupon.stacks,
        expires_at=coupon.expires_at,
        off_minor=off_minor,
        state="fits" if off_minor else "does_not_fit",
    )
