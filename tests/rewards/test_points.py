"""Points: spent and expired oldest first, exchanged for what is on the shelf, never multiplied."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from banyan import rewards
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.rewards import ExchangeItem, GrantRequest, OfferSpec
from banyan.store import OrderView
from tests.rewards.test_coupons import Counter
from tests.whole import assert_whole

TEN_OFF = ExchangeItem(
    key="ten_off",
    kind="coupon",
    name_zh="十元券",
    name_en="Ten off",
    price_points=100,
    value_minor=1000,
)


class Wallet(Counter):
    """A shop where points are earned and exchanged."""

    def earn(self, points: int, days: int = 365) -> UUID:
        campaign = new_id()
        with self.work() as work:
            spec = OfferSpec("p", "points", "积分", "Points", 0, 0, days, points=points)
            rewards.open_offers(work, campaign, [spec])
            rewards.grant(
                work, [GrantRequest(campaign, "r", self.buyer, campaign, "p", "因为", "because")]
            )
        return campaign

    def put(self, item: ExchangeItem = TEN_OFF) -> UUID:
        with self.work() as work:
            return rewards.put_on_shelf(work, item)

    def exchange(self, item: UUID, exchange_id: UUID | None = None) -> str:
        try:
            with self.work() as work:
                rewards.exchange(work, exchange_id or new_id(), self.buyer, item)
        except Refused as refused:
            return refused.refusal.code
        return "exchanged"

    def left(self) -> list[int]:
        with self.work() as work:
            return [lot.left for lot in rewards.lots_of(work, self.buyer)]


@pytest.fixture
def wallet(database: object) -> Wallet:
    return Wallet()


def test_what_ends_first_is_spent_first(wallet: Wallet) -> None:
    wallet.earn(80, days=300)
    wallet.earn(50, days=30)
    item = wallet.put()
    assert wallet.exchange(item) == "exchanged"
    assert wallet.left() == [30]
    assert wallet.states() == [("unused", 1000)]
    assert wallet.exchange(item) == "points_short"
    assert_whole()


def test_points_end_when_they_said_they_would(wallet: Wallet) -> None:
    wallet.earn(50, days=1)
    wallet.earn(70, days=9)
    wallet.now += timedelta(days=1)
    # Over, though not swept yet: they cannot be spent.
    assert wallet.exchange(wallet.put()) == "points_short"
    with wallet.work() as work:
        assert (rewards.expire_points(work), rewards.expire_points(work)) == (1, 0)
    assert wallet.left() == [70]
    assert_whole()


def test_an_exchange_happens_once_and_a_refusal_spends_nothing(wallet: Wallet) -> None:
    wallet.earn(1000)
    item, once = wallet.put(TEN_OFF), new_id()
    assert [wallet.exchange(item, once), wallet.exchange(item, once)] == ["exchanged"] * 2
    assert wallet.left() == [900]
    one = wallet.put(
        ExchangeItem(
            key="mug", kind="gift", name_zh="杯", name_en="Mug", price_points=10, quantity=1
        )
    )
    assert [wallet.exchange(one), wallet.exchange(one)] == ["exchanged", "offer_exhausted"]
    assert wallet.left() == [890]
    dear = wallet.put(
        ExchangeItem(
            key="cup", kind="gift", name_zh="杯", name_en="Cup", price_points=10, cost_minor=500
        )
    )
    assert wallet.exchange(dear) == "budget_spent"
    with wallet.work() as work:
        rewards.fund_house(work, 500)
    assert [wallet.exchange(dear), wallet.exchange(dear)] == ["exchanged", "budget_spent"]
    assert wallet.exchange(new_id()) == "exchange_item_not_found"
    assert_whole()


def test_points_that_are_left_are_taken_back_and_spent_ones_are_not(wallet: Wallet) -> None:
    whole, part = wallet.earn(100, days=400), wallet.earn(120, days=10)
    wallet.exchange(wallet.put())
    with wallet.work() as work:
        asked = [
            rewards.ReverseRequest(campaign, "r", wallet.buyer, campaign, "x")
            for campaign in (whole, part)
        ]
        assert rewards.reverse(work, asked) == ["reversed", "used"]
    assert wallet.left() == [20]
    assert_whole()


def test_many_exchanges_at_once_spend_no_point_twice(wallet: Wallet) -> None:
    wallet.earn(250)
    item = wallet.put()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(wallet.exchange, [item] * 16))
    assert (answers.count("exchanged"), answers.count("points_short")) == (2, 14)
    assert wallet.left() == [50]
    assert_whole()


@pytest.mark.parametrize("seed", range(6))
def test_no_round_of_exchanges_orders_and_refunds_gains_anything(  # noqa: C901 - a walk and its steps
    wallet: Wallet, seed: int
) -> None:
    """Walk at random, then undo all that can be undone: nobody may have more than they began with."""
    chance = random.Random(seed)
    wallet.earn(300)
    item, sku = wallet.put(), wallet.sku(100, 700)
    open_orders: list[OrderView] = []
    paid: dict[UUID, tuple[OrderView, int]] = {}

    def worth() -> int:
        coupons = sum(c.value_minor for c in wallet.mine() if c.state in {"unused", "locked"})
        return sum(wallet.left()) * 10 + coupons

    def buy() -> None:
        free = [c.id for c in wallet.mine() if c.state == "unused"]
        answer = wallet.buy(sku, chance.randint(1, 3), *free[:1])
        if isinstance(answer, OrderView):
            open_orders.append(answer)

    def close() -> None:
        if open_orders:
            wallet.close(open_orders.pop())

    def pay() -> None:
        if open_orders and open_orders[-1].payable_minor:
            order = open_orders.pop()
            wallet.pay(order)
            paid[order.id] = (order, order.lines[0].quantity)

    def send_back() -> None:
        if paid:
            order, left = paid.pop(chance.choice(sorted(paid)))
            part = chance.randint(1, left)
            wallet.send_back(order, (order.lines[0].id, part))
            if left > part:
                paid[order.id] = (order, left - part)

    start = worth()
    steps: list[Callable[[], object]] = [lambda: wallet.exchange(item), buy, pay, send_back, close]
    for _ in range(12):
        chance.choice(steps)()
        assert worth() <= start
    while open_orders:
        close()
    while paid:
        send_back()
    assert worth() <= start
    money = "select coalesce(sum(amount_minor), 0) from {} where state = '{}'"
    assert wallet.one(money.format("refunds", "done")) == wallet.one(
        money.format("payments", "captured")
    )
    assert_whole()
