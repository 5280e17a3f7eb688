"""A shop with goods on its shelf, and people who buy: what every test of orders and money needs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from banyan import store
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.store import Item, OrderRequest, OrderView
from banyan.store.models.catalogue import ProductRow, SkuRow
from banyan.store.models.shops import ShopRow
from tests.stage import Stage


class Shelf(Stage):
    """One merchant with one open shop."""

    def __init__(self, **terms: Any) -> None:
        super().__init__()
        self.shop = self.open_shop(**terms)

    def open_shop(self, **terms: Any) -> UUID:
        shop_id = new_id()
        with self.work() as work:
            work.session.add(
                ShopRow(
                    workspace_id=work.workspace_id,
                    id=shop_id,
                    slug=f"shop-{shop_id.hex[-12:]}",
                    name="山茶小店",
                    created_at=work.now,
                    **terms,
                )
            )
        return shop_id

    def sku(self, stock: int, price_minor: int = 1990, **terms: Any) -> UUID:
        """Put a new product with one SKU on the shelf."""
        return self.skus(1, stock, price_minor, **terms)[0]

    def skus(self, count: int, stock: int, price_minor: int = 1990, **terms: Any) -> list[UUID]:
        shop = terms.pop("shop", self.shop)
        made: list[UUID] = []
        with self.work() as work:
            for nth in range(count):
                product_id, sku_id = new_id(), new_id()
                work.session.add(
                    ProductRow(
                        workspace_id=work.workspace_id,
                        id=product_id,
                        shop_id=shop,
                        name=f"山茶拿铁 {nth}",
                        state="published",
                        created_at=work.now,
                        updated_at=work.now,
                        published_at=work.now,
                    )
                )
                work.session.flush()
                work.session.add(
                    SkuRow(
                        workspace_id=work.workspace_id,
                        id=sku_id,
                        product_id=product_id,
                        attributes={"杯型": "大杯"},
                        price_minor=price_minor,
                        created_at=work.now,
                        **terms,
                    )
                )
                made.append(sku_id)
            work.session.flush()
            store.open_stock(work, [(sku, stock) for sku in made])
        return made

    def request(self, buyer: UUID, *items: tuple[UUID, int], **more: Any) -> OrderRequest:
        """Return a request to collect `items` in the shop, unless it says otherwise."""
        wanted = tuple(Item(*item) for item in items)
        return OrderRequest(buyer, wanted, **({"fulfilment": "collection"} | more))

    def place(self, requests: Sequence[OrderRequest]) -> list[OrderView | Refused]:
        with self.work() as work:
            return store.place_orders(work, requests)

    def order(self, buyer: UUID, *items: tuple[UUID, int], **more: Any) -> OrderView:
        """Place one order that must succeed."""
        (answer,) = self.place([self.request(buyer, *items, **more)])
        if isinstance(answer, Refused):
            raise answer
        return answer

    def stock(self, sku: UUID) -> tuple[int, int, int]:
        """Return how many are available, reserved and sold."""
        with self.work() as work:
            return tuple(store.stock_of(work, [sku])[sku])


def code_of(answer: OrderView | Refused) -> str | None:
    """Return the code of a refusal, None for an order."""
    return answer.refusal.code if isinstance(answer, Refused) else None
