"""The showcase: what buyers see of shops and products, read set-wise.

Everything here is the same for everybody who looks, so that a web process may remember it
(`window`). How many are left is asked separately: it changes with every order.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select

from banyan import ledger, people, workspaces
from banyan.kernel.errors import Refused
from banyan.kernel.pages import cursor_after, read_cursor
from banyan.kernel.work import Work, across_workspaces
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_queries import is_on_sale
from banyan.store.catalogue_views import (
    CardPage,
    NoReturnView,
    ProductCard,
    PublicCategory,
    PublicProduct,
    PublicShop,
    PublicSku,
    PublicWorkspace,
    ShopFront,
    ShopName,
)
from banyan.store.models.shops import ShopRow
from banyan.store.search import FOUND, asked
from banyan.store.shops import picture, public_shop
from banyan.store.stock import stock_key
from banyan.store.views import Twin

CARDS_A_PAGE = 20
AVAILABLE_SHOWN_MOST = 999
"""Nobody learns from a page how large a merchant's warehouse is."""

NO_RETURN = {
    "made_to_order": Twin("定制商品，不支持七天无理由退货", "Made to order: no seven-day return"),
    "perishable": Twin("鲜活易腐，不支持七天无理由退货", "Perishable: no seven-day return"),
    "digital": Twin("数字化商品，不支持七天无理由退货", "Digital goods: no seven-day return"),
    "periodical": Twin("报纸期刊，不支持七天无理由退货", "A periodical: no seven-day return"),
}


class ShopHome(NamedTuple):
    """Where a shop lives."""

    workspace_id: UUID
    shop_id: UUID
    is_own: bool
    """Whether it is a participant's, which shows a selection."""


def homes_of_shops(slugs: Sequence[str]) -> dict[str, ShopHome]:
    """Return the homes of the shops with these addresses, whatever their workspace."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select slug, workspace_id, id, owner_person_id is not null from shops"
            " where slug = any(%s)",
            (list(slugs),),
        )
        return {row[0]: ShopHome(row[1], row[2], row[3]) for row in rows}


def homes_of_products(product_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the workspaces of these products."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select id, workspace_id from products where id = any(%s)", (list(product_ids),)
        )
        return {row[0]: row[1] for row in rows}


def revisions(workspace_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the revisions of these workspaces' catalogues; one that has none is not there."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select workspace_id, revision from catalogue_revisions where workspace_id = any(%s)",
            (list(workspace_ids),),
        )
        return {row[0]: row[1] for row in rows}


CARDS = """
select p.id, p.name, p.summary, p.pictures -> 0, p.shown_at, s.low, s.kinds, s.reference,
       s.changes_at
from (<products>) as p
left join lateral (
  select min(price_minor) filter (where is_now) as low,
         count(distinct price_minor) filter (where is_now) as kinds,
         (array_agg(reference_minor order by price_minor, id) filter (where is_now))[1]
           as reference,
         min(case when sale_starts_at > %(now)s then sale_starts_at
                  when sale_ends_at > %(now)s then sale_ends_at end) as changes_at
  from (
    select id, price_minor, reference_minor, sale_starts_at, sale_ends_at,
           (sale_starts_at is null or sale_starts_at <= %(now)s)
           and (sale_ends_at is null or %(now)s < sale_ends_at) as is_now
    from skus
    where workspace_id = %(workspace)s and product_id = p.id and state = 'on_sale'
  ) as k
) as s on true
order by p.shown_at desc, p.id desc
"""
OF_SHOP = """
select p.id, p.name, p.summary, p.pictures, p.published_at as shown_at from products p
where p.workspace_id = %(workspace)s and p.shop_id = %(shop)s and p.state = 'published'
  <filters>
order by p.published_at desc, p.id desc limit %(most)s
"""
OF_SELECTION = """
select p.id, p.name, p.summary, p.pictures, p.published_at as shown_at
from shop_selections l
join products p on p.workspace_id = l.workspace_id and p.id = l.product_id
where l.workspace_id = %(workspace)s and l.shop_id = %(shop)s and p.state = 'published'
  <filters>
order by p.published_at desc, p.id desc limit %(most)s
"""
OF_IDS = """
select p.id, p.name, p.summary, p.pictures, p.published_at as shown_at from products p
where p.workspace_id = %(workspace)s and p.id = any(%(ids)s) and p.state = 'published'
"""


class Cards(NamedTuple):
    """A page of products, and when a sale begins or ends on it by itself."""

    page: CardPage
    changes_at: datetime | None


def cards(
    work: Work,
    home: ShopHome,
    *,
    q: str = "",
    category_id: UUID | None = None,
    cursor: str | None = None,
) -> Cards:
    """Return a page of a shop's products, the newest on the shelf first."""
    named: dict[str, object] = {
        "workspace": work.workspace_id,
        "shop": home.shop_id,
        "now": work.now,
        "most": CARDS_A_PAGE + 1,
        "category": category_id,
    }
    filters = ""
    if category_id is not None:
        filters += " and p.category_id = %(category)s"
    if q.strip():
        filters += FOUND
        named |= asked(q)
    if after := read_cursor(cursor):
        filters += " and (p.published_at, p.id) < (%(at)s, %(id)s)"
        named |= {"at": after[0], "id": after[1]}
    products = (OF_SELECTION if home.is_own else OF_SHOP).replace("<filters>", filters)
    rows = work.driver.execute(CARDS.replace("<products>", products), named).fetchall()
    following = None
    if len(rows) > CARDS_A_PAGE:
        rows = rows[:CARDS_A_PAGE]
        following = cursor_after(rows[-1][4], rows[-1][0])
    changes = [row[8] for row in rows if row[8]]
    page = CardPage([_card(row) for row in rows], following)
    return Cards(page, min(changes, default=None))


def cards_of(work: Work, product_ids: Sequence[UUID]) -> dict[UUID, ProductCard]:
    """Return the cards of those of these products that buyers can see."""
    named = {"workspace": work.workspace_id, "ids": list(product_ids), "now": work.now}
    rows = work.driver.execute(CARDS.replace("<products>", OF_IDS), named)
    return {row[0]: _card(row) for row in rows}


def _card(row: tuple[object, ...]) -> ProductCard:
    return msgspec.convert(
        {
            "id": row[0],
            "name": row[1],
            "summary": row[2],
            "picture": row[3],
            # Nothing on sale at the moment: the card stays, without a price to press on.
            "price_minor": row[5] or 0,
            "has_more_prices": (row[6] or 0) != 1,
            "reference_minor": row[7],
        },
        ProductCard,
    )


CATEGORIES = """
select c.id, c.name, c.description, n.products
from (
  select p.category_id, count(*) as products from products p
  where p.workspace_id = %(workspace)s and p.shop_id = %(shop)s and p.state = 'published'
  group by p.category_id
) as n
join categories c on c.workspace_id = %(workspace)s and c.id = n.category_id
order by c.position, c.created_at, c.id
"""
CATEGORIES_OF_SELECTION = """
select c.id, c.name, c.description, count(*)
from shop_selections l
join products p on p.workspace_id = l.workspace_id and p.id = l.product_id
join categories c on c.workspace_id = p.workspace_id and c.id = p.category_id
where l.workspace_id = %(workspace)s and l.shop_id = %(shop)s and p.state = 'published'
group by c.id, c.name, c.description, c.position, c.created_at
order by c.position, c.created_at, c.id
"""


def front(work: Work, home: ShopHome) -> tuple[ShopFront, datetime | None]:
    """Return a shop with its categories and first products, and when a sale begins or ends there.

    Raises `shop_not_found`.
    """
    row = work.session.get(ShopRow, (work.workspace_id, home.shop_id))
    if row is None:
        raise Refused(refusals.NO_SUCH_SHOP)
    named = {"workspace": work.workspace_id, "shop": home.shop_id}
    asked_for = CATEGORIES_OF_SELECTION if home.is_own else CATEGORIES
    merchant = workspaces.workspace_of(work)
    first = cards(work, home)
    made = ShopFront(
        shop=public_shops(work, [row])[0],
        workspace=PublicWorkspace(
            merchant.name, merchant.slug, merchant.currency, merchant.is_sandbox
        ),
        categories=[PublicCategory(*each) for each in work.driver.execute(asked_for, named)],
        products=first.page,
    )
    return made, first.changes_at


def public_shops(work: Work, rows: Sequence[ShopRow]) -> list[PublicShop]:
    """Return shops as buyers see them."""
    owners = {row.owner_person_id for row in rows if row.owner_person_id}
    names = people.names_masked(work, owners) if owners else {}
    return [
        public_shop(row, names.get(row.owner_person_id) if row.owner_person_id else None)
        for row in rows
    ]


def shops_of(work: Work, shop_ids: Sequence[UUID]) -> dict[UUID, PublicShop]:
    """Return those of these shops that are there."""
    rows = work.session.scalars(
        select(ShopRow).where(
            ShopRow.workspace_id == work.workspace_id, ShopRow.id.in_(list(shop_ids))
        )
    ).all()
    return {shop.id: shop for shop in public_shops(work, rows)}


class SkuShown(NamedTuple):
    """A SKU as it is kept in memory; whether it is on sale is a question of the moment."""

    available_account: UUID
    """The account of the ledger whose balance is how many can be bought."""
    id: UUID
    attributes: dict[str, str]
    price_minor: int
    reference_minor: int | None
    state: str
    most_per_order: int | None
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None


class ProductShown(NamedTuple):
    """A product as it is kept in memory: everything but how many are left."""

    page: PublicProduct
    """Without SKUs."""
    skus: tuple[SkuShown, ...]
    shop_is_open: bool


PRODUCTS = """
select p.id, p.category_id, p.name, p.summary, p.description, p.no_return, p.pictures,
       h.id, h.slug, h.name, h.state, h.freight_minor, h.freight_free_from_minor
from products p
join shops h on h.workspace_id = p.workspace_id and h.id = p.shop_id
where p.workspace_id = %s and p.id = any(%s) and p.state = 'published'
"""
SKUS = """
select product_id, id, attributes, price_minor, reference_minor, state, most_per_order,
       sale_starts_at, sale_ends_at
from skus where workspace_id = %s and product_id = any(%s) and not is_removed
order by position, created_at, id
"""


def products_shown(work: Work, product_ids: Sequence[UUID]) -> dict[UUID, ProductShown]:
    """Return those of these products that buyers can see, with two statements for all."""
    ids = list(product_ids)
    skus: dict[UUID, list[SkuShown]] = {}
    for product_id, sku_id, *rest in work.driver.execute(SKUS, (work.workspace_id, ids)):
        account = ledger.account_id(work.workspace_id, stock_key(sku_id, "available"))
        skus.setdefault(product_id, []).append(SkuShown(account, sku_id, *rest))
    shown: dict[UUID, ProductShown] = {}
    for row in work.driver.execute(PRODUCTS, (work.workspace_id, ids)):
        page = PublicProduct(
            id=row[0],
            category_id=row[1],
            name=row[2],
            summary=row[3],
            description=row[4],
            no_return=NoReturnView(row[5], NO_RETURN[row[5]]) if row[5] else None,
            pictures=[made for kept in row[6] if (made := picture(kept))],
            shop=ShopName(row[7], row[8], row[9]),
            skus=[],
            freight_minor=row[11],
            freight_free_from_minor=row[12],
        )
        shown[row[0]] = ProductShown(page, tuple(skus.get(row[0], ())), row[10] == "open")
    return shown


def left_of(shown: ProductShown, balances: Mapping[UUID, int]) -> tuple[int, ...]:
    """Return how many of each SKU a page tells, from the balances of their accounts. Pure."""
    return tuple(
        min(balances.get(sku.available_account, 0), AVAILABLE_SHOWN_MOST) for sku in shown.skus
    )


def changes_at(shown: ProductShown, now: datetime) -> datetime | None:
    """Return when a sale of this product begins or ends next, None when none does. Pure."""
    moments = (each for sku in shown.skus for each in (sku.sale_starts_at, sku.sale_ends_at))
    return min((each for each in moments if each and now < each), default=None)


def product_page(shown: ProductShown, left: Sequence[int], now: datetime) -> PublicProduct:
    """Return a product's page at `now`, with what is left of each SKU. Pure."""
    skus = [
        PublicSku(
            id=sku.id,
            attributes=sku.attributes,
            price_minor=sku.price_minor,
            reference_minor=sku.reference_minor,
            available=available,
            is_on_sale=shown.shop_is_open
            and is_on_sale(sku.state, sku.sale_starts_at, sku.sale_ends_at, now),
            most_per_order=sku.most_per_order,
            sale_starts_at=sku.sale_starts_at,
            sale_ends_at=sku.sale_ends_at,
        )
        for sku, available in zip(shown.skus, left, strict=True)
    ]
    return msgspec.structs.replace(shown.page, skus=skus)
