"""What the store shows of shops, categories, products and carts, as the wire has it."""

from datetime import datetime
from uuid import UUID

import msgspec

from banyan.store.views import Twin


class Picture(msgspec.Struct, frozen=True, gc=False):
    """A picture; its sizes are at `/pictures/{id}/{width}.webp` and `.jpg`."""

    id: UUID
    width: int
    height: int


class Problem(msgspec.Struct, frozen=True, gc=False):
    """What stands in the way, where, and in which words."""

    path: str
    code: str
    message: Twin


class Missing(msgspec.Struct, frozen=True, gc=False):
    """What a shop still lacks, and how many points it would add."""

    code: str
    points: int
    message: Twin


class Completeness(msgspec.Struct, frozen=True):
    """How much of itself a shop shows, 0 to 100."""

    score: int
    missing: list[Missing]


class Owner(msgspec.Struct, frozen=True, gc=False):
    """The participant whose shop it is, as members see them."""

    person_id: UUID
    name_masked: str


class ShopView(msgspec.Struct, frozen=True, kw_only=True):
    """A shop as members see it."""

    id: UUID
    slug: str
    url: str
    name: str
    introduction: str
    logo: Picture | None
    logo_id: UUID | None
    licence_url: str | None
    contact: str
    state: str
    owner: Owner | None
    freight_minor: int
    freight_free_from_minor: int | None
    completeness: Completeness
    products: int
    created_at: datetime


class CategoryView(msgspec.Struct, frozen=True, kw_only=True):
    """A category as members see it."""

    id: UUID
    name: str
    description: str
    position: int
    products: int


class StockView(msgspec.Struct, frozen=True, gc=False):
    """How many can be bought, are promised, were sold."""

    available: int
    reserved: int
    sold: int


class SkuView(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU as members see it."""

    id: UUID
    code: str | None
    attributes: dict[str, str]
    price_minor: int
    reference_minor: int | None
    reference_most_minor: int | None
    cost_minor: int | None
    weight_grams: int
    state: str
    most_per_order: int | None
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None
    stock: StockView


class ProductView(msgspec.Struct, frozen=True, kw_only=True):
    """A product as members see it."""

    id: UUID
    version: int
    state: str
    shop_id: UUID
    category_id: UUID | None
    name: str
    summary: str
    description: str
    keywords: str
    no_return: str | None
    pictures: list[Picture]
    skus: list[SkuView]
    problems: list[Problem]
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None


class Named(msgspec.Struct, frozen=True, gc=False):
    """Something by its name."""

    id: UUID
    name: str


class ProductRowView(msgspec.Struct, frozen=True, kw_only=True):
    """A product in the members' list."""

    id: UUID
    name: str
    state: str
    shop: Named
    category: Named | None
    picture: Picture | None
    price_from_minor: int
    price_to_minor: int
    skus: int
    available: int
    updated_at: datetime


class PriceChange(msgspec.Struct, frozen=True, gc=False):
    """From when on a SKU was offered at which price, and by whom."""

    sku_id: UUID
    price_minor: int
    reference_minor: int | None
    at: datetime
    by: str


class PublicationOutcome(msgspec.Struct, frozen=True):
    """What became of publishing or withdrawing one product."""

    id: UUID
    state: str
    problems: list[Problem]


class RowError(msgspec.Struct, frozen=True, gc=False):
    """What is wrong with one row of a file; rows are numbered as the spreadsheet does."""

    row: int
    column: str | None
    code: str
    message: Twin


class ImportOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or would do."""

    dry_run: bool
    accepted: int
    made: int
    changed: int
    rows: int
    errors: list[RowError]
    errors_left: int


class OwnerPublic(msgspec.Struct, frozen=True, gc=False):
    """Whose recommendation a shop is."""

    name_masked: str


class PublicShop(msgspec.Struct, frozen=True, kw_only=True):
    """A shop as buyers see it."""

    id: UUID
    slug: str
    name: str
    introduction: str
    logo: Picture | None
    licence_url: str | None
    contact: str
    is_open: bool
    owner: OwnerPublic | None
    freight_minor: int
    freight_free_from_minor: int | None


class PublicCategory(msgspec.Struct, frozen=True, gc=False):
    """A category of a shop with something in it."""

    id: UUID
    name: str
    description: str
    products: int


class ProductCard(msgspec.Struct, frozen=True, kw_only=True):
    """A product in a list; the price is the lowest of what can be bought."""

    id: UUID
    name: str
    summary: str
    picture: Picture | None
    price_minor: int
    has_more_prices: bool
    reference_minor: int | None


class CardPage(msgspec.Struct, frozen=True):
    """A page of products."""

    items: list[ProductCard]
    next: str | None
    total: int | None = None


class PublicWorkspace(msgspec.Struct, frozen=True, gc=False):
    """The merchant."""

    name: str
    slug: str
    currency: str
    is_sandbox: bool


class ShopFront(msgspec.Struct, frozen=True, kw_only=True):
    """A shop with its categories and its first products."""

    shop: PublicShop
    workspace: PublicWorkspace
    categories: list[PublicCategory]
    products: CardPage


class Me(msgspec.Struct, frozen=True, gc=False):
    """Who is looking, when they are signed in."""

    person_id: UUID
    name_masked: str


class PageProblem(msgspec.Struct, frozen=True, gc=False):
    """Why a page has nothing to show."""

    code: str
    title: str


class ShopState(msgspec.Struct, frozen=True, kw_only=True):
    """The state inside a shop's page."""

    front: ShopFront | None
    me: Me | None = None
    problem: PageProblem | None = None


class PublicSku(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU as buyers see it."""

    id: UUID
    attributes: dict[str, str]
    price_minor: int
    reference_minor: int | None
    available: int
    is_on_sale: bool
    most_per_order: int | None
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None


class ShopName(msgspec.Struct, frozen=True, gc=False):
    """A shop by its name and address."""

    id: UUID
    slug: str
    name: str


class NoReturnView(msgspec.Struct, frozen=True, gc=False):
    """Why a product cannot be sent back."""

    code: str
    message: Twin


class PublicProduct(msgspec.Struct, frozen=True, kw_only=True):
    """A product as buyers see it."""

    id: UUID
    shop: ShopName
    category_id: UUID | None
    name: str
    summary: str
    description: str
    no_return: NoReturnView | None
    pictures: list[Picture]
    skus: list[PublicSku]
    freight_minor: int
    freight_free_from_minor: int | None


class Favourites(msgspec.Struct, frozen=True):
    """What somebody marked, the latest first."""

    products: list[ProductCard]
    shops: list[PublicShop]


class LineProblem(msgspec.Struct, frozen=True, gc=False):
    """Why a line of a cart cannot be bought as it is."""

    code: str
    message: Twin


class CartLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a cart, at the price of this moment."""

    sku_id: UUID
    product_id: UUID
    shop: ShopName
    via_shop_id: UUID | None
    name: str
    attributes: dict[str, str]
    picture: Picture | None
    quantity: int
    price_minor: int
    available: int
    most_per_order: int | None
    problem: LineProblem | None


class Cart(msgspec.Struct, frozen=True):
    """Somebody's cart; sums are over what can be bought."""

    lines: list[CartLine]
    quantity: int
    goods_minor: int


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody wants goods sent."""

    id: UUID
    recipient: str
    phone: str
    province: str
    city: str
    district: str
    street: str
    is_first: bool


class OwnShop(msgspec.Struct, frozen=True, kw_only=True):
    """A participant's own shop, as they see it."""

    shop: PublicShop
    url: str
    completeness: Completeness
    product_ids: list[UUID]
