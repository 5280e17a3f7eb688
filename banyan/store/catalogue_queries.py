"""What members read of the catalogue: the list of products, and one product with everything."""

from datetime import datetime
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.pages import PAGE_MOST, cursor_after, read_cursor
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import (
    Named,
    ProductRowView,
    ProductView,
    SkuView,
    StockView,
)
from banyan.store.models.catalogue import ProductRow, SkuRow
from banyan.store.prices import references_most
from banyan.store.publishing import problems_of
from banyan.store.search import FOUND, asked
from banyan.store.shops import picture
from banyan.store.skus import sku_rows
from banyan.store.stock import stock_of

# The page is cut first; SKUs are asked for the products of the page alone.
PAGE = """
select p.id, p.name, p.state, p.shop_id, h.name, p.category_id, c.name, p.pictures -> 0,
       p.updated_at, s.low, s.high, s.number, s.ids
from (
  select * from products p
  where p.workspace_id = %(workspace)s and not p.is_removed
  <filters>
  order by p.updated_at desc, p.id desc limit %(most)s
) as p
join shops h on h.workspace_id = p.workspace_id and h.id = p.shop_id
left join categories c on c.workspace_id = p.workspace_id and c.id = p.category_id
cross join lateral (
  select coalesce(min(price_minor), 0) as low, coalesce(max(price_minor), 0) as high,
         count(*) as number, array_agg(id) as ids
  from skus where workspace_id = p.workspace_id and product_id = p.id and not is_removed
) as s
order by p.updated_at desc, p.id desc
"""
COUNT = (
    "select count(*) from products p where p.workspace_id = %(workspace)s and not p.is_removed"
    " <filters>"
)


def product_rows(
    work: Work,
    *,
    q: str = "",
    shop_id: UUID | None = None,
    category_id: UUID | None = None,
    state: str | None = None,
    cursor: str | None = None,
    most: int = PAGE_MOST,
) -> tuple[list[ProductRowView], str | None, int]:
    """Return a page of products, the last changed first, the next cursor, and how many in all."""
    after = read_cursor(cursor)
    named: dict[str, object] = {
        "workspace": work.workspace_id,
        "shop": shop_id,
        "category": category_id,
        "state": state,
        "most": most + 1,
    }
    filters = ""
    if shop_id is not None:
        filters += " and p.shop_id = %(shop)s"
    if category_id is not None:
        filters += " and p.category_id = %(category)s"
    if state:
        filters += " and p.state = %(state)s"
    if q.strip():
        filters += FOUND
        named |= asked(q)
    counted = work.driver.execute(COUNT.replace("<filters>", filters), named).fetchone()
    if after is not None:
        filters += " and (p.updated_at, p.id) < (%(at)s, %(id)s)"
        named |= {"at": after[0], "id": after[1]}
    rows = work.driver.execute(PAGE.replace("<filters>", filters), named).fetchall()
    following = cursor_after(rows[most - 1][8], rows[most - 1][0]) if len(rows) > most else None
    rows = rows[:most]
    left = stock_of(work, [sku_id for row in rows for sku_id in row[12] or ()])
    views = [
        ProductRowView(
            id=row[0],
            name=row[1],
            state=row[2],
            shop=Named(row[3], row[4]),
            category=Named(row[5], row[6]) if row[5] else None,
            picture=picture(row[7]),
            price_from_minor=row[9],
            price_to_minor=row[10],
            skus=row[11],
            available=sum(left[sku_id].available for sku_id in row[12] or ()),
            updated_at=row[8],
        )
        for row in rows
    ]
    return views, following, counted[0] if counted else 0


def product_view(work: Work, product_id: UUID) -> ProductView:
    """Return one product with its SKUs, their stock and what may be crossed out.

    Raises `product_not_found`.
    """
    row = work.session.get(ProductRow, (work.workspace_id, product_id))
    if row is None or row.is_removed:
        raise Refused(refusals.NO_SUCH_PRODUCT)
    skus = sku_rows(work, [product_id]).get(product_id, [])
    ids = [sku.id for sku in skus]
    left = stock_of(work, ids)
    most = references_most(work, ids)
    return ProductView(
        id=row.id,
        version=row.version,
        state=row.state,
        shop_id=row.shop_id,
        category_id=row.category_id,
        name=row.name,
        summary=row.summary,
        description=row.description,
        keywords=row.keywords,
        no_return=row.no_return,
        pictures=[made for kept in row.pictures if (made := picture(kept))],
        skus=[_sku(sku, StockView(*left[sku.id]), most[sku.id]) for sku in skus],
        problems=problems_of(row, skus),
        created_at=row.created_at,
        updated_at=row.updated_at,
        published_at=row.published_at,
    )


def _sku(sku: SkuRow, stock: StockView, most: int | None) -> SkuView:
    return SkuView(
        id=sku.id,
        code=sku.code,
        attributes=sku.attributes,
        price_minor=sku.price_minor,
        reference_minor=sku.reference_minor,
        reference_most_minor=most,
        cost_minor=sku.cost_minor,
        weight_grams=sku.weight_grams,
        state=sku.state,
        most_per_order=sku.most_per_order,
        sale_starts_at=sku.sale_starts_at,
        sale_ends_at=sku.sale_ends_at,
        stock=stock,
    )


def is_on_sale(
    state: str, starts_at: datetime | None, ends_at: datetime | None, now: datetime
) -> bool:
    """Whether a SKU of a published product can be bought at `now`. Pure."""
    begun = starts_at is None or starts_at <= now
    return state == "on_sale" and begun and (ends_at is None or now < ends_at)
