"""The stall: a shop with goods of known prices and stock, and the raw requests of its customers."""

import io
from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import NamedTuple
from uuid import UUID

from PIL import Image

from banyan import store
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.people import Participant, participant_token
from banyan.store import ProductFields, ShopFields, SkuFields

STOCK = 10_000_000
PRODUCTS_AT_ONCE = 1000
CATEGORIES = 12
_keys = count()


class Good(NamedTuple):
    """A product with one SKU."""

    product_id: UUID
    sku_id: UUID
    price_minor: int


class Stall(NamedTuple):
    """A shop and what is on its shelf."""

    workspace_id: UUID
    slug: str
    category_ids: list[UUID]
    goods: list[Good]


def open_stall(workspace_id: UUID, number: int) -> Stall:
    """Open a shop with `number` published products, no two neighbours of one price."""
    shop_id, slug = new_id(), f"bench-{new_code(40)}"
    pixels = io.BytesIO()
    Image.new("RGB", (600, 600), (44, 84, 66)).save(pixels, "PNG")
    with unit_of_work(workspace_id, SYSTEM) as work:
        drawn = store.drawn(pixels.getvalue())
        picture_id = store.add_picture(work, pixels.getvalue(), drawn).id
        store.open_shop(work, shop_id, ShopFields(name="Bench", freight_minor=800), slug=slug)
        names = {f"Bench {nth}" for nth in range(CATEGORIES)}
        category_ids = list(store.ensure_categories(work, names).values())

    def fields(nth: int) -> ProductFields:
        kind = {"杯型": "大杯"}
        sku = SkuFields(price_minor=1000 + nth % 977, attributes=kind, quantity=STOCK)
        return ProductFields(
            shop_id=shop_id,
            category_id=category_ids[nth % CATEGORIES],
            name=f"山茶拿铁 {nth}",
            summary="坚果与可可，一杯刚好",
            description="现做现发，收到后请放在阴凉处。\n七天内不满意，随时退。" * 4,
            keywords="热饮 到店",
            picture_ids=[picture_id],
            skus=[sku],
        )

    product_ids: list[UUID] = []
    numbers = iter(range(number))
    while some := list(islice(numbers, PRODUCTS_AT_ONCE)):
        made = [(new_id(), fields(nth)) for nth in some]
        ids = [product_id for product_id, _ in made]
        with unit_of_work(workspace_id, SYSTEM) as work:
            store.add_products(work, made)
            store.publish(work, ids)
        product_ids += ids
    return Stall(workspace_id, slug, category_ids, list(_goods(workspace_id, product_ids)))


def reprice(workspace_id: UUID, good: Good, price_minor: int) -> None:
    """Offer a product at another price, as a member would: everything else stays."""
    with unit_of_work(workspace_id, SYSTEM) as work:
        is_now = store.product_view(work, good.product_id)
        fields = ProductFields(
            shop_id=is_now.shop_id,
            category_id=is_now.category_id,
            name=is_now.name,
            summary=is_now.summary,
            description=is_now.description,
            keywords=is_now.keywords,
            picture_ids=[picture.id for picture in is_now.pictures],
            skus=[
                SkuFields(price_minor=price_minor, id=sku.id, attributes=sku.attributes)
                for sku in is_now.skus
            ],
        )
        store.change_product(work, good.product_id, is_now.version, fields)


def _goods(workspace_id: UUID, product_ids: Sequence[UUID]) -> Iterator[Good]:
    with unit_of_work(workspace_id, SYSTEM) as work:
        rows = work.driver.execute(
            "select product_id, id, price_minor from skus where workspace_id = %s", (workspace_id,)
        )
        found = {row[0]: Good(*row) for row in rows}
    return (found[product_id] for product_id in product_ids)


def orders(
    workspace_id: UUID, goods: Sequence[Good], buyer_ids: Sequence[UUID], number: int
) -> list[bytes]:
    """Return raw requests for `number` orders: one of each of `goods` in turn, to be collected.

    No two have the same Idempotency-Key.
    """
    cookies = [participant_token(Participant(workspace_id, buyer_id)) for buyer_id in buyer_ids]
    bodies = [
        b'{"fulfilment":"collection","lines":[{"sku_id":"%s","quantity":1}]}'
        % str(good.sku_id).encode()
        for good in goods
    ]
    made: list[bytes] = []
    for nth in range(number):
        body = bodies[nth % len(bodies)]
        head = (
            "POST /api/public/orders HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: byp={cookies[nth % len(cookies)]}\r\nIdempotency-Key: bench-{next(_keys)}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made
