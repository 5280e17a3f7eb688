"""What members and API keys may do with shops, categories and products, over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from banyan import workspaces
from banyan.kernel import requests
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.requests import RequestKey
from banyan.store import catalogue_refusals as refusals
from banyan.store import categories, prices, products, publishing, shops, skus
from banyan.store.catalogue_queries import product_rows, product_view
from banyan.store.catalogue_views import (
    CategoryView,
    PriceChange,
    ProductRowView,
    ProductView,
    PublicationOutcome,
    ShopView,
    StockView,
)
from banyan.store.products import ProductFields
from banyan.store.shops import NewShop, ShopFields
from banyan.store.stock import add_stock, stock_of
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "store.read"}
WRITE = {"audience": "member", "permission": "store.write"}


class ShopPage(msgspec.Struct, frozen=True):
    """Shops."""

    items: list[ShopView]
    next: str | None = None
    total: int | None = None


class CategoryPage(msgspec.Struct, frozen=True):
    """Categories."""

    items: list[CategoryView]
    next: str | None = None
    total: int | None = None


class ProductPage(msgspec.Struct, frozen=True):
    """A page of products."""

    items: list[ProductRowView]
    next: str | None
    total: int | None


class PricePage(msgspec.Struct, frozen=True):
    """Changes of prices, newest first."""

    items: list[PriceChange]
    next: str | None = None
    total: int | None = None


class CategoryFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member may say of a category."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    description: Annotated[str, msgspec.Meta(max_length=5000)] = ""
    position: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0


class ProductChange(ProductFields, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A product as it should be, and the version it was read at."""

    version: int


class Publications(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which products to publish, or (`published` false) to withdraw."""

    ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=500)]
    published: bool = True


class PublicationPage(msgspec.Struct, frozen=True):
    """What became of each."""

    items: list[PublicationOutcome]


class StockChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many there shall be, or how many more (fewer)."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    available: Annotated[int, msgspec.Meta(ge=0, le=skus.QUANTITY_MOST)] | None = None
    delta: Annotated[int, msgspec.Meta(ge=-skus.QUANTITY_MOST, le=skus.QUANTITY_MOST)] | None = None


@get("/api/admin/shops", opt=READ, sync_to_thread=True)
def list_shops(caller: NamedDependency[Caller]) -> ShopPage:
    """Return the shops, the merchant's own first."""
    with caller.work() as work:
        found = shops.shop_views(work)
        return ShopPage(found, total=len(found))


@post("/api/admin/shops", opt=WRITE, sync_to_thread=True)
def open_shop(
    caller: NamedDependency[Caller],
    data: JSONBody[NewShop],
    request_key: NamedDependency[RequestKey | None],
) -> ShopView:
    """Open a shop."""

    def effect() -> ShopView:
        shop_id = new_id()
        shops.open_shop(work, shop_id, data, slug=data.slug)
        workspaces.audit(work, "store.shop_opened", str(shop_id), {"name": data.name})
        return shops.shop_view(work, shop_id)

    with caller.work() as work:
        return requests.once(work, request_key, ShopView, effect)


@get("/api/admin/shops/{shop_id:uuid}", opt=READ, sync_to_thread=True)
def read_shop(caller: NamedDependency[Caller], shop_id: FromPath[UUID]) -> ShopView:
    """Return one shop."""
    with caller.work() as work:
        return shops.shop_view(work, shop_id)


@put("/api/admin/shops/{shop_id:uuid}", opt=WRITE, sync_to_thread=True)
def change_shop(
    caller: NamedDependency[Caller], shop_id: FromPath[UUID], data: JSONBody[ShopFields]
) -> ShopView:
    """Change what a shop says of itself."""
    with caller.work() as work:
        shops.change_shop(work, shop_id, data)
        workspaces.audit(work, "store.shop_changed", str(shop_id), {"state": data.state})
        return shops.shop_view(work, shop_id)


@get("/api/admin/categories", opt=READ, sync_to_thread=True)
def list_categories(caller: NamedDependency[Caller]) -> CategoryPage:
    """Return the categories in the merchant's order."""
    with caller.work() as work:
        found = categories.categories(work)
        return CategoryPage(found, total=len(found))


@post("/api/admin/categories", opt=WRITE, sync_to_thread=True)
def add_category(caller: NamedDependency[Caller], data: JSONBody[CategoryFields]) -> CategoryView:
    """Add a category."""
    with caller.work() as work:
        category_id = new_id()
        categories.add_category(work, category_id, **msgspec.structs.asdict(data))
        return categories.category(work, category_id)


@put("/api/admin/categories/{category_id:uuid}", opt=WRITE, sync_to_thread=True)
def change_category(
    caller: NamedDependency[Caller], category_id: FromPath[UUID], data: JSONBody[CategoryFields]
) -> CategoryView:
    """Change a category."""
    with caller.work() as work:
        categories.change_category(work, category_id, **msgspec.structs.asdict(data))
        return categories.category(work, category_id)


@delete("/api/admin/categories/{category_id:uuid}", opt=WRITE, sync_to_thread=True)
def remove_category(caller: NamedDependency[Caller], category_id: FromPath[UUID]) -> None:
    """Remove an empty category."""
    with caller.work() as work:
        categories.remove_category(work, category_id)


State = Annotated[Literal["draft", "published", "withdrawn"] | None, QueryParameter(name="state")]


@get("/api/admin/products", opt=READ, sync_to_thread=True)
def list_products(
    caller: NamedDependency[Caller],
    q: FromQuery[str] = "",
    shop_id: FromQuery[UUID | None] = None,
    category_id: FromQuery[UUID | None] = None,
    in_state: State = None,
    cursor: FromQuery[str | None] = None,
) -> ProductPage:
    """Return a page of products, the last changed first."""
    with caller.work() as work:
        found = product_rows(
            work, q=q, shop_id=shop_id, category_id=category_id, state=in_state, cursor=cursor
        )
        return ProductPage(*found)


@post("/api/admin/products", opt=WRITE, sync_to_thread=True)
def add_product(
    caller: NamedDependency[Caller],
    data: JSONBody[ProductFields],
    request_key: NamedDependency[RequestKey | None],
) -> ProductView:
    """Add a draft."""

    def effect() -> ProductView:
        product_id = new_id()
        products.add_product(work, product_id, data)
        return product_view(work, product_id)

    with caller.work() as work:
        return requests.once(work, request_key, ProductView, effect)


@get("/api/admin/products/{product_id:uuid}", opt=READ, sync_to_thread=True)
def read_product(caller: NamedDependency[Caller], product_id: FromPath[UUID]) -> ProductView:
    """Return one product with everything."""
    with caller.work() as work:
        return product_view(work, product_id)


@put("/api/admin/products/{product_id:uuid}", opt=WRITE, sync_to_thread=True)
def change_product(
    caller: NamedDependency[Caller], product_id: FromPath[UUID], data: JSONBody[ProductChange]
) -> ProductView:
    """Save a product over the version it was made from."""
    with caller.work() as work:
        products.change_product(work, product_id, data.version, data)
        work.session.expire_all()
        return product_view(work, product_id)


@delete("/api/admin/products/{product_id:uuid}", opt=WRITE, sync_to_thread=True)
def delete_draft(caller: NamedDependency[Caller], product_id: FromPath[UUID]) -> None:
    """Throw a draft away."""
    with caller.work() as work:
        products.delete_draft(work, product_id)
        workspaces.audit(work, "store.draft_deleted", str(product_id), {})


@post(
    "/api/admin/products/{product_id:uuid}/publication",
    opt=WRITE,
    status_code=200,
    sync_to_thread=True,
)
def publish(caller: NamedDependency[Caller], product_id: FromPath[UUID]) -> ProductView:
    """Show a product to buyers."""
    with caller.work() as work:
        outcome = publishing.publish(work, [product_id])[0]
        if not outcome.state:
            raise Refused(refusals.NO_SUCH_PRODUCT)
        if outcome.problems:
            first = outcome.problems[0]
            told = first.message.en if caller.language == "en" else first.message.zh
            problems = msgspec.to_builtins(outcome.problems)
            raise Refused(refusals.NOT_READY, first=told, problems=problems)
        workspaces.audit(work, "store.product_published", str(product_id), {})
        return product_view(work, product_id)


@delete(
    "/api/admin/products/{product_id:uuid}/publication",
    opt=WRITE,
    status_code=200,
    sync_to_thread=True,
)
def withdraw(caller: NamedDependency[Caller], product_id: FromPath[UUID]) -> ProductView:
    """Take a product off the shelf."""
    with caller.work() as work:
        publishing.withdraw(work, [product_id])
        workspaces.audit(work, "store.product_withdrawn", str(product_id), {})
        return product_view(work, product_id)


@post("/api/admin/products/publications", opt=WRITE, status_code=200, sync_to_thread=True)
def publish_many(caller: NamedDependency[Caller], data: JSONBody[Publications]) -> PublicationPage:
    """Publish or withdraw many at once; each answers for itself."""
    ids = list(dict.fromkeys(data.ids))
    with caller.work() as work:
        step = publishing.publish if data.published else publishing.withdraw
        outcomes = step(work, ids)
        action = "store.products_published" if data.published else "store.products_withdrawn"
        done = [str(each.id) for each in outcomes if each.state and not each.problems]
        workspaces.audit(work, action, f"{len(done)}", {"ids": done})
        return PublicationPage(outcomes)


@get("/api/admin/products/{product_id:uuid}/prices", opt=READ, sync_to_thread=True)
def read_prices(caller: NamedDependency[Caller], product_id: FromPath[UUID]) -> PricePage:
    """Return what a product's SKUs were offered at, newest first."""
    with caller.work() as work:
        return PricePage(prices.price_history(work, product_id))


@put("/api/admin/skus/{sku_id:uuid}/stock", opt=WRITE, sync_to_thread=True)
def change_stock(
    caller: NamedDependency[Caller],
    sku_id: FromPath[UUID],
    data: JSONBody[StockChange],
    request_key: NamedDependency[RequestKey | None],
) -> StockView:
    """Change how many of a SKU can be bought. A repeated key changes nothing more."""
    if (data.available is None) == (data.delta is None):
        raise Refused(refusals.STOCK_CHANGE_INVALID)

    def effect() -> StockView:
        skus.must_exist(work, sku_id)
        if data.available is not None:
            skus.set_stocks(work, {sku_id: data.available}, "stock.counted")
        elif data.delta:
            add_stock(work, [(sku_id, data.delta)], "stock.changed")
        detail = {"available": data.available, "delta": data.delta, "reason": data.reason}
        workspaces.audit(work, "store.stock_changed", str(sku_id), detail)
        return StockView(*stock_of(work, [sku_id])[sku_id])

    with caller.work() as work:
        return requests.once(work, request_key, StockView, effect)


routes = [
    list_shops,
    open_shop,
    read_shop,
    change_shop,
    list_categories,
    add_category,
    change_category,
    remove_category,
    list_products,
    add_product,
    read_product,
    change_product,
    delete_draft,
    publish,
    withdraw,
    publish_many,
    read_prices,
    change_stock,
]
