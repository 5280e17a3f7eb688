"""Carts: what somebody means to buy. Prices and stock are asked when it is shown, never kept."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals, refusals
from banyan.store.catalogue_queries import is_on_sale
from banyan.store.catalogue_views import Cart, CartLine, LineProblem, ShopName
from banyan.store.shelf import QUANTITY_MOST
from banyan.store.shops import picture
from banyan.store.stock import stock_of
from banyan.store.views import Twin

LINES_MOST = 100

PUT = """
insert into cart_lines (workspace_id, person_id, sku_id, via_shop_id, quantity, put_in_at)
values (%s, %s, %s, %s, %s, %s)
on conflict (workspace_id, person_id, sku_id) do update
set quantity = excluded.quantity, via_shop_id = coalesce(excluded.via_shop_id, cart_lines.via_shop_id)
"""
TAKE = "delete from cart_lines where workspace_id = %s and person_id = %s and sku_id = any(%s)"
TAKE_ORDERED = """
delete from cart_lines c using unnest(%b::uuid[], %b::uuid[]) as o (buyer, sku)
where c.workspace_id = %s and c.person_id = o.buyer and c.sku_id = o.sku
"""
COUNT = "select count(*) from cart_lines where workspace_id = %s and person_id = %s"
THERE = "select 1 from skus where workspace_id = %s and id = %s and not is_removed"
VIA = """
select 1 from shops where workspace_id = %s and id = %s and owner_person_id is not null
"""
LINES = """
select l.sku_id, p.id, h.id, h.slug, h.name, l.via_shop_id, p.name, s.attributes,
       p.pictures -> 0, l.quantity, s.price_minor, s.most_per_order, s.state,
       s.sale_starts_at, s.sale_ends_at, p.state = 'published' and h.state = 'open'
from cart_lines l
join skus s on s.workspace_id = l.workspace_id and s.id = l.sku_id
join products p on p.workspace_id = s.workspace_id and p.id = s.product_id
join shops h on h.workspace_id = p.workspace_id and h.id = p.shop_id
where l.workspace_id = %s and l.person_id = %s
order by l.put_in_at desc, l.sku_id
"""

WORDS = {
    "withdrawn": Twin("商品已下架", "No longer sold"),
    "not_on_sale": Twin("现在不可购买", "Cannot be bought right now"),
    "sold_out": Twin("已售完", "Sold out"),
    "too_few_left": Twin("库存不足", "Fewer are left"),
    "too_many": Twin("超过每单限购", "More than one order may hold"),
}


def put_in(
    work: Work, person_id: UUID, sku_id: UUID, quantity: int, via_shop_id: UUID | None = None
) -> None:
    """Make `quantity` what the cart holds of a SKU. Raises `sku_not_found`, `quantity_invalid`."""
    if not 1 <= quantity <= QUANTITY_MOST:
        raise Refused(refusals.QUANTITY_INVALID)
    if not work.driver.execute(THERE, (work.workspace_id, sku_id)).fetchone():
        raise Refused(refusals.NO_SUCH_SKU)
    if via_shop_id and not work.driver.execute(VIA, (work.workspace_id, via_shop_id)).fetchone():
        raise Refused(catalogue_refusals.NO_SUCH_SHOP)
    row = work.driver.execute(COUNT, (work.workspace_id, person_id)).fetchone()
    if row and row[0] >= LINES_MOST:
        raise Refused(catalogue_refusals.TOO_MANY_KEPT, most=LINES_MOST)
    work.driver.execute(
        PUT, (work.workspace_id, person_id, sku_id, via_shop_id, quantity, work.now)
    )


def take_out(work: Work, person_id: UUID, sku_ids: Iterable[UUID]) -> None:
    """Take SKUs out of the cart; again is harmless."""
    work.driver.execute(TAKE, (work.workspace_id, person_id, sorted(set(sku_ids))))


def take_ordered(work: Work, ordered: Sequence[tuple[UUID, UUID]]) -> None:
    """Take what was ordered, as pairs of buyer and SKU, out of the buyers' carts."""
    buyers, sku_ids = map(list, zip(*ordered, strict=True))
    work.driver.execute(TAKE_ORDERED, (buyers, sku_ids, work.workspace_id))


def cart(work: Work, person_id: UUID) -> Cart:
    """Return somebody's cart at the prices of this moment, the latest line first."""
    rows = work.driver.execute(LINES, (work.workspace_id, person_id)).fetchall()
    left = stock_of(work, [row[0] for row in rows])
    lines: list[CartLine] = []
    for row in rows:
        available = left[row[0]].available
        code = _problem(
            is_shown=row[15],
            is_sold=is_on_sale(row[12], row[13], row[14], work.now),
            available=available,
            quantity=row[9],
            most=row[11],
        )
        lines.append(
            CartLine(
                sku_id=row[0],
                product_id=row[1],
                shop=ShopName(row[2], row[3], row[4]),
                via_shop_id=row[5],
                name=row[6],
                attributes=row[7],
                picture=picture(row[8]),
                quantity=row[9],
                price_minor=row[10],
                available=min(available, QUANTITY_MOST),
                most_per_order=row[11],
                problem=LineProblem(code, WORDS[code]) if code else None,
            )
        )
    buyable = [line for line in lines if line.problem is None]
    return Cart(
        lines,
        sum(line.quantity for line in buyable),
        sum(line.quantity * line.price_minor for line in buyable),
    )


def _problem(
    *, is_shown: bool, is_sold: bool, available: int, quantity: int, most: int | None
) -> str | None:
    if not is_shown:
        return "withdrawn"
    if not is_sold:
        return "not_on_sale"
    if available <= 0:
        return "sold_out"
    if quantity > available:
        return "too_few_left"
    if most is not None and quantity > most:
        return "too_many"
    return None
