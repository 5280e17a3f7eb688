"""Quotes: what an order would come to now, line by line. Nothing is reserved."""

from collections.abc import Sequence
from uuid import UUID

from banyan import workspaces
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.store import refusals
from banyan.store.placing import DELIVERY
from banyan.store.pricing import Goods, Price, Unfit, Voucher, price
from banyan.store.shelf import Item, Shelf, SkuOnShelf
from banyan.store.showcase import NO_RETURN
from banyan.store.stock import stock_of
from banyan.store.views import QuoteDiscountView, QuoteLineView, QuoteView, Twin

NO_PRICE = Price(0, 0, 0, 0, (), ())


def quote(
    work: Work, items: Sequence[Item], fulfilment: str, vouchers: Sequence[Voucher] = ()
) -> QuoteView:
    """Return what `items` would come to; each line says what keeps it from being ordered.

    Raises the refusal `voucher_unfit`.
    """
    shelf = Shelf(work, [item.sku_id for item in items])
    left = stock_of(work, [item.sku_id for item in items])
    known = [(shelf.skus[item.sku_id], item) for item in items if item.sku_id in shelf.skus]
    try:
        priced = _price(work, shelf, known, fulfilment, vouchers) if known else NO_PRICE
    except Unfit:
        raise Refused(refusals.VOUCHER_UNFIT) from None
    parts = {sku.id: off for (sku, _), off in zip(known, priced.line_discounts, strict=True)}
    lines = [_line(shelf, item, left[item.sku_id].available, parts) for item in items]
    whole = shelf.problem(items)
    return QuoteView(
        currency=known[0][0].currency if known else workspaces.workspace_of(work).currency,
        lines=lines,
        discounts=[
            QuoteDiscountView(
                id=each.id,
                name=Twin(each.name_zh, each.name_en),
                minor=each.minor,
                parts=list(each.parts),
            )
            for each in priced.discounts
        ],
        goods_minor=priced.goods_minor,
        discount_minor=priced.discount_minor,
        freight_minor=priced.freight_minor,
        payable_minor=priced.payable_minor,
        can_order=whole is None and not any(line.problem for line in lines),
    )


def voucher_offs(
    work: Work,
    items: Sequence[Item],
    fulfilment: str,
    vouchers: Sequence[Voucher],
    before: Sequence[Voucher] = (),
) -> dict[UUID, int]:
    """Return how much each voucher would take off these items after `before`; only those that fit."""
    shelf = Shelf(work, [item.sku_id for item in items])
    known = [(shelf.skus[item.sku_id], item) for item in items if item.sku_id in shelf.skus]
    offs: dict[UUID, int] = {}
    for voucher in vouchers if known else ():
        try:
            priced = _price(work, shelf, known, fulfilment, [*before, voucher])
        except Unfit:
            continue
        for taken in priced.discounts:
            if taken.id == voucher.id:
                offs[voucher.id] = taken.minor
    return offs


def _price(
    work: Work,
    shelf: Shelf,
    known: Sequence[tuple[SkuOnShelf, Item]],
    fulfilment: str,
    vouchers: Sequence[Voucher],
) -> Price:
    shop = known[0][0]
    return price(
        [
            Goods(sku.product_id, sku.price_minor, item.quantity, sku.category_id)
            for sku, item in known
        ],
        shelf.discounts.get(shop.shop_id, ()),
        vouchers,
        work.now,
        freight_minor=shop.freight_minor if fulfilment == DELIVERY else 0,
        freight_free_from_minor=shop.freight_free_from_minor,
    )


def _line(shelf: Shelf, item: Item, left: int, parts: dict[UUID, int]) -> QuoteLineView:
    sku = shelf.skus.get(item.sku_id)
    refused = shelf.item_problem(item)
    problem = refused.refusal.code if refused else "sold_out" if left < item.quantity else None
    off = parts.get(item.sku_id, 0)
    minor = sku.price_minor if sku else 0
    return QuoteLineView(
        sku_id=item.sku_id,
        product_id=sku.product_id if sku else None,
        product_name=sku.product_name if sku else "",
        attributes=sku.attributes if sku else {},
        quantity=item.quantity,
        unit_price_minor=minor,
        discount_minor=off,
        payable_minor=minor * item.quantity - off,
        left=left,
        problem=problem,
        no_return=NO_RETURN[sku.no_return] if sku and sku.no_return else None,
    )
