"""Browsing over HTTP: a product's page and a shop's list as most people ask for them, bare.

The routes are declared in `store.public_api`. What is asked plainly is answered from the window
before the framework is entered; a search, or anything written unusually, is the framework's.
"""

from urllib.parse import parse_qsl
from uuid import UUID

from banyan import store
from banyan.kernel.asgi import Header, Scope, Send, answer

PRODUCT = "/api/public/products/"
SHOP, LIST = "/api/public/shops/", "/products"
UUID_CHARACTERS = 36

HEADERS: list[Header] = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-cache"),
]


async def browse(scope: Scope, send: Send) -> bool:
    """Answer 200 and return True, or return False: it is for the framework. Raises Refused."""
    path: str = scope["path"]
    if scope["method"] != "GET":
        return False
    if path.startswith(PRODUCT):
        body = await _product(path)
    elif path.startswith(SHOP) and path.endswith(LIST):
        body = await _cards(path, scope.get("query_string") or b"")
    else:
        return False
    if body is None:
        return False
    await answer(send, 200, HEADERS, body)
    return True


async def _product(path: str) -> bytes | None:
    product_id = _uuid(path[len(PRODUCT) :])
    return await store.window().product(product_id) if product_id else None


async def _cards(path: str, query: bytes) -> bytes | None:
    slug = path[len(SHOP) : -len(LIST)]
    asked = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)) if query else {}
    if "/" in slug or not asked.keys() <= {"cursor", "category_id"}:
        return None
    category_id = None
    if "category_id" in asked and (category_id := _uuid(asked["category_id"])) is None:
        return None
    seen = store.window()
    return await seen.cards(await seen.shop(slug), "", category_id, asked.get("cursor"))


def _uuid(text: str) -> UUID | None:
    if len(text) != UUID_CHARACTERS:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None
