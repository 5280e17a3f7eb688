"""A shop with goods on its shelf, and people who buy: what every test of orders and money needs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from banyan import store
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, Work
from banyan.store import Item, Manners, OrderRequest, OrderView, RefundLine
from banyan.store.models.catalogue import ProductRow, SkuRow
from banyan.store.models.shops import ShopRow
from banyan.store.sweeps import deliver_sandbox_notices
from tests.stage import Stage


def open_shop(work: Work, **terms: Any) -> UUID:
    """Open a shop."""
    shop_id = new_id()
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
    work.session.flush()
    return shop_id


def fill(
    work: Work,
    count: int,
    stock: int,
    price_minor: int = 1990,
    *,
    shop: UUID | None = None,
    **terms: Any,
) -> list[UUID]:
    """Put `count` products, each with one SKU, on the shelf of `shop` or a new one."""
    shop_id = shop or open_shop(work)
    made: list[UUID] = []
    for nth in range(count):
        product_id, sku_id = new_id(), new_id()
        work.session.add(
            ProductRow(
                workspace_id=work.workspace_id,
                id=product_id,
                shop_id=shop_id,
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


class Shelf(Stage):
    """One merchant with one open shop."""

    def __init__(self, **terms: Any) -> None:
        super().__init__()
        self.shop = self.open_shop(**terms)

    def open_shop(self, **terms: Any) -> UUID:
        with self.work() as work:
            return open_shop(work, **terms)

    def sku(self, stock: int, price_minor: int = 1990, **terms: Any) -> UUID:
        """Put a new product with one SKU on the shelf."""
        return self.skus(1, stock, price_minor, **terms)[0]

    def skus(self, count: int, stock: int, price_minor: int = 1990, **terms: Any) -> list[UUID]:
        with self.work() as work:
            return fill(work, count, stock, price_minor, **({"shop": self.shop} | terms))

    def request(self, buyer: UUID, *items: tuple[UUID, int], **more: Any) -> OrderRequest:
        """Return a request to collect `items` in the shop, unless it says otherwise."""
        wanted = tuple(Item(*item) for item in items)
        terms: dict[str, Any] = {"fulfilment": "collection"} | more
        return OrderRequest(buyer, wanted, **terms)

    def place(self, requests: Sequence[OrderRequest]) -> list[OrderView | Refused]:
        with self.work() as work:
            return store.place_orders(work, requests)

    def order(self, buyer: UUID, *items: tuple[UUID, int], **more: Any) -> OrderView:
        """Place one order that must succeed."""
        (answer,) = self.place([self.request(buyer, *items, **more)])
        if isinstance(answer, Refused):
            raise answer
        return answer

    def begin(self, order: OrderView, method: str = "page") -> str:
        """Begin to pay in the sandbox; return the trade's number."""
        payment_id, _ = store.start_payment(
            *(self.workspace, SYSTEM, order.id, "sandbox", method),
            buyer_id=order.buyer_id,
            base_url="http://banyan.test",
        )
        return self.one("select trade_number from payments where id = %s", payment_id)

    def paid(self, buyer: UUID, *items: tuple[UUID, int], **more: Any) -> OrderView:
        """Place an order and pay for it; return it as it stands then."""
        order = self.order(buyer, *items, **more)
        assert store.pay_in_sandbox(self.workspace, self.begin(order))
        deliver_sandbox_notices()
        return self.look(order)

    def look(self, order: OrderView) -> OrderView:
        """Return the order as it stands now."""
        with self.work() as work:
            return store.order_view(work, order.id)

    def manners(self, **manners: Any) -> None:
        """Tell the sandbox provider how to behave."""
        with self.work() as work:
            store.set_manners(work, Manners(**manners))

    def due_now(self) -> None:
        """Let everything that waits for a later moment be due."""
        with self.work() as work:
            for table, column, state in (
                ("payments", "ask_at", "state in ('open', 'closed')"),
                ("refunds", "try_at", "state in ('approved', 'sending', 'unknown')"),
                ("sandbox_notices", "deliver_at", "delivered_at is null"),
            ):
                statement = (
                    f"update {table} set {column} = now() - interval '1 second'"
                    f" where {column} is not null and {state}"
                )
                work.driver.execute(statement.encode())

    def refund(self, order: OrderView, *wanted: tuple[UUID, int], **more: Any) -> UUID:
        """Ask for a refund as the buyer, and approve it."""
        with self.work() as work:
            lines = [RefundLine(*each) for each in wanted]
            made = store.ask_refund(work, order.id, lines, "不想要了", buyer_id=order.buyer_id)
            store.approve_refund(work, made, **more)
        return made

    def refund_state(self, refund: UUID) -> str:
        return self.one("select state from refunds where id = %s", refund)

    def clearing(self, provider: str = "sandbox") -> int:
        key = f"store:clearing:{provider}:CNY"
        return self.one("select balance_minor from ledger_accounts where key = %s", key) or 0

    def stock(self, sku: UUID) -> tuple[int, int, int]:
        """Return how many are available, reserved and sold."""
        with self.work() as work:
            left = store.stock_of(work, [sku])[sku]
        return left.available, left.reserved, left.sold


def code_of(answer: OrderView | Refused) -> str | None:
    """Return the code of a refusal, None for an order."""
    return answer.refusal.code if isinstance(answer, Refused) else None
