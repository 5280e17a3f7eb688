"""Orders, stock, payments and refunds against a model, with every way a provider misbehaves.

After any history, once the provider behaves and everything due was done, its books and ours agree:
a paid order's money is there minus what was refunded, a closed order's is back with the buyer.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from banyan import store
from banyan.kernel.errors import Refused
from banyan.store import OrderView, RefundLine, sweep
from banyan.store.statements import DAY, fetch_statement
from tests.shelf import Shelf
from tests.whole import assert_whole

STOCK = 12
MANNERS: list[dict[str, Any]] = [
    {},
    {"notices": "late", "late_seconds": 3600},
    {"notices": "silent"},
    {"notices": "double"},
    {"notices": "out_of_order"},
    {"notice_off_minor": -1},
    {"notice_off_minor": 1, "notices": "double"},
    {"payments": "failing"},
    {"payments": "hanging"},
    {"refunds": "failing"},
    {"refunds": "hanging"},
    {"refunds": "lost_answer"},
    {"refunds": "slow", "notices": "silent"},
    {"queries": "hanging"},
]


@contextmanager
def allowed(*codes: str) -> Generator[None]:
    """Let the refusals with these codes pass, and no other."""
    try:
        yield
    except Refused as refused:
        if refused.refusal.code not in codes:
            raise


@dataclass
class Known:
    """An order as the model has it."""

    view: OrderView
    quantity: int
    trades: list[str] = field(default_factory=list)


class Life(RuleBasedStateMachine):
    """One merchant with one product."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[Known] = []

    @initialize()
    def open(self) -> None:
        self.shelf = Shelf()
        self.sku = self.shelf.sku(STOCK, price_minor=333)
        self.buyers = self.shelf.people(3)

    def reserved_or_sold(self) -> int:
        _, reserved, sold = self.shelf.stock(self.sku)
        return reserved + sold

    @rule(buyer=st.integers(0, 2), quantity=st.integers(1, 5))
    def place(self, buyer: int, quantity: int) -> None:
        free = STOCK - self.reserved_or_sold()
        request = self.shelf.request(self.buyers[buyer], (self.sku, quantity))
        (answer,) = self.shelf.place([request])
        assert isinstance(answer, OrderView) == (quantity <= free)
        if isinstance(answer, OrderView):
            self.orders.append(Known(answer, quantity))

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        known = data.draw(st.sampled_from(self.orders))
        with allowed("already_paid", "order_state", "payment_declined", "payment_provider_silent"):
            known.trades.append(self.shelf.begin(known.view))

    @precondition(lambda self: any(known.trades for known in self.orders))
    @rule(data=st.data(), succeeds=st.booleans())
    def pay(self, data: st.DataObject, succeeds: bool) -> None:  # noqa: FBT001
        trades = [trade for known in self.orders for trade in known.trades]
        trade = data.draw(st.sampled_from(trades))
        store.pay_in_sandbox(self.shelf.workspace, trade, succeeds=succeeds)

    @rule(manners=st.sampled_from(MANNERS))
    def misbehave(self, manners: dict[str, Any]) -> None:
        self.shelf.manners(**manners)

    @rule()
    def let_time_pass(self) -> None:
        self.shelf.due_now()
        sweep()

    @rule()
    def do_what_is_due(self) -> None:
        sweep()

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), expires=st.booleans())
    def close(self, data: st.DataObject, expires: bool) -> None:  # noqa: FBT001
        known = data.draw(st.sampled_from(self.orders))
        before = self.shelf.look(known.view).state
        with self.shelf.work() as work:
            if expires:
                work.driver.execute(
                    "update orders set expires_at = now() where id = %s", (known.view.id,)
                )
            else:
                codes = () if before in {"placed", "closed"} else ("order_state",)
                with allowed(*codes):
                    store.cancel_order(work, known.view.id, "测试", buyer_id=known.view.buyer_id)
        if expires:
            sweep()

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), quantity=st.integers(1, 5), agrees=st.booleans())
    def refund(self, data: st.DataObject, quantity: int, agrees: bool) -> None:  # noqa: FBT001
        known = data.draw(st.sampled_from(self.orders))
        line = known.view.lines[0].id
        now = self.shelf.look(known.view)
        left = known.quantity - now.lines[0].refunding_quantity
        codes = ("order_state", "refund_too_late")
        done = False
        with (
            allowed(*codes, *(["refund_exceeds"] if quantity > left else [])),
            self.shelf.work() as work,
        ):
            made = store.ask_refund(
                *(work, known.view.id, [RefundLine(line, quantity)], "测试"),
                buyer_id=known.view.buyer_id,
            )
            if agrees:
                store.approve_refund(work, made)
            else:
                store.reject_refund(work, made, "测试")
            done = True
        assert not done or quantity <= left

    @rule()
    def retry_what_is_stuck(self) -> None:
        with self.shelf.work() as work:
            rows = work.driver.execute("select id from refunds where state = 'failed'").fetchall()
            for (refund,) in rows:
                store.retry_refund(work, refund)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def collect(self, data: st.DataObject) -> None:
        known = self.shelf.look(data.draw(st.sampled_from(self.orders)).view)
        if known.collection_code:
            with (
                allowed("collection_code_used", "order_state"),
                self.shelf.work() as work,
            ):
                store.collect(work, known.collection_code)

    @invariant()
    def stock_is_whole(self) -> None:
        if hasattr(self, "shelf"):
            assert sum(self.shelf.stock(self.sku)) == STOCK

    def teardown(self) -> None:
        if hasattr(self, "shelf"):
            self.settle()
        super().teardown()

    def settle(self) -> None:
        """Let the provider behave and everything be done, then compare the books."""
        self.shelf.manners()
        for _ in range(4):
            self.retry_what_is_stuck()
            self.shelf.due_now()
            sweep()
        for known in self.orders:
            self.compare(known)
        today = datetime.now(DAY).date()
        found = fetch_statement(self.shelf.workspace, "sandbox", today)
        assert found.lines == found.matched
        assert self.shelf.clearing() == 0
        assert_whole()

    def compare(self, known: Known) -> None:
        order = self.shelf.look(known.view)
        net = self.money_of(order.id)
        if order.state in {"placed", "closed"}:
            assert net == 0
            return
        back = self.shelf.one(
            "select coalesce(sum(amount_minor), 0) from refunds where order_id = %s"
            " and kind <> 'surplus' and state = 'done'",
            order.id,
        )
        assert net == order.payable_minor - back
        assert not self.shelf.one(
            "select count(*) from refunds where order_id = %s"
            " and state not in ('done', 'rejected')",
            order.id,
        )

    def money_of(self, order_id: UUID) -> int:
        """Return what the provider holds for an order: paid there, minus refunded there."""
        return self.shelf.one(
            """
            select coalesce((select sum(s.amount_minor) from sandbox_payments s join payments p
                on p.workspace_id = s.workspace_id and p.trade_number = s.trade_number
                where p.order_id = %s and s.state = 'paid'), 0)
              - coalesce((select sum(r.amount_minor) from sandbox_refunds r join payments p
                on p.workspace_id = r.workspace_id and p.trade_number = r.trade_number
                where p.order_id = %s and r.state = 'done'), 0)
            """,
            order_id,
            order_id,
        )


@pytest.mark.usefixtures("database")
def test_every_history_ends_with_equal_books() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
            derandomize=True,
            database=None,
        ),
    )
