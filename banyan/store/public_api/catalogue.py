"""What anybody may see of shops and products, over HTTP.

These answers are the same for everybody and come from memory (`window`), so no guest's bucket is
emptied by browsing; what makes the database work, a search or a page deep in a list, is limited.
"""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from banyan.kernel.limits import Limiter, Rate
from banyan.people import Guest
from banyan.store.catalogue_views import CardPage, PublicProduct, ShopFront
from banyan.store.window import window

SHARED = {"audience": "public", "permission": None, "shared": True}
JSON = "application/json"

_searches = Limiter(Rate(burst=60, per_minute=240))

Typed = Annotated[str, QueryParameter(name="q", max_length=200)]


@get("/api/public/shops/{slug:str}", opt=SHARED)
async def read_shop(slug: FromPath[str]) -> Response[bytes]:
    """Return a shop with its categories and its first products (`ShopFront`)."""
    seen = window()
    return _answer(await seen.front(await seen.shop(slug)))


@get("/api/public/shops/{slug:str}/products", opt=SHARED)
async def list_products(
    guest: NamedDependency[Guest],
    slug: FromPath[str],
    q: Typed = "",
    category_id: FromQuery[UUID | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Return a page of a shop's products (`CardPage`), the newest first."""
    if q.strip():
        _searches.take(guest.ip)
    seen = window()
    return _answer(await seen.cards(await seen.shop(slug), q, category_id, cursor))


@get("/api/public/products/{product_id:uuid}", opt=SHARED)
async def read_product(product_id: FromPath[UUID]) -> Response[bytes]:
    """Return a product as buyers see it (`PublicProduct`)."""
    return _answer(await window().product(product_id))


def _answer(body: bytes) -> Response[bytes]:
    return Response(body, media_type=JSON, headers={"Cache-Control": "no-cache"})


routes = [read_shop, list_products, read_product]

SHAPES = (ShopFront, CardPage, PublicProduct)
"""What the encoded answers hold."""
