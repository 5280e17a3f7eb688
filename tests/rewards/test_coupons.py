"""Coupons at the checkout: what they take off, who may use them, and where each one ends."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from banyan import ledger, rewards, store
from banyan.app import coupon_orders
from banyan.app.coupon_checkout import Checkout, checkout, place_with_coupons
from banyan.app.ordering import run_orders
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.rewards import Coupon, GrantRequest, OfferSpec
from banyan.store import Item, OrderRequest, OrderView
from banyan.store.sweeps import deliver_sandbox_notices
from tests.shelf import Shelf
from tests.whole import assert_whole


class Counter(Shelf):
    """A shop whose buyers have coupons."""

    def __init__(self) -> None:
        super().__init__()
        (self.buyer,) = self.people(1)

    def coupon(self, value: int, *, buyer: UUID | None = None, **terms: Any) -> UUID:
        """Give a coupon; return its id."""
        house, key = new_id(), "c"
        spec = OfferSpec(key, "coupon", "券", "Coupon", value, 0, terms.pop("days", 30), **terms)
        with self.work() as work:
            rewards.open_offers(work, house, [spec])
            (made,) = rewards.grant(
                work, [GrantRequest(house, "r", buyer or self.buyer, house, key, "因为", "because")]
            )
        assert made.grant_id
        return made.grant_id

    def buy(self, sku: UUID, count: int, *coupons: UUID, **more: Any) -> OrderView | Refused:
        request = self.request(self.buyer, (sku, count), coupon_ids=coupons, **more)
        with self.work() as work:
            return place_with_coupons(work, [request])[0]

    def bought(self, sku: UUID, count: int, *coupons: UUID, **more: Any) -> OrderView:
        answer = self.buy(sku, count, *coupons, **more)
        assert isinstance(answer, OrderView), answer
        return answer

    def pay(self, order: OrderView) -> None:
        assert store.pay_in_sandbox(self.workspace, self.begin(order))
        deliver_sandbox_notices()
        self.told(order)

    def told(self, order: OrderView) -> int:
        with self.work() as work:
            return coupon_orders.follow(work, {order.id})

    def close(self, order: OrderView) -> None:
        with self.work() as work:
            store.cancel_order(work, order.id, "x", buyer_id=self.buyer)
        self.told(order)

    def send_back(self, order: OrderView, *wanted: tuple[UUID, int]) -> None:
        made = self.refund(order, *wanted)
        store.send_refund(self.workspace, made)
        deliver_sandbox_notices()
        assert self.refund_state(made) == "done"
        self.told(order)

    def mine(self) -> list[Coupon]:
        with self.work() as work:
            return rewards.coupons_of(work, self.buyer)

    def states(self) -> list[tuple[str, int]]:
        return sorted((coupon.state, coupon.value_minor) for coupon in self.mine())

    def look_at(self, *items: tuple[UUID, int], chosen: Iterable[UUID] | None = None) -> Checkout:
        wanted = [Item(*item) for item in items]
        picks = None if chosen is None else list(chosen)
        with self.work() as work:
            return checkout(work, self.buyer, wanted, "collection", picks)


@pytest.fixture
def counter(database: object) -> Counter:
    return Counter()


def code(answer: OrderView | Refused) -> str | None:
    return answer.refusal.code if isinstance(answer, Refused) else None


def test_a_coupon_is_locked_redeemed_and_then_gone(counter: Counter) -> None:
    sku, coupon = counter.sku(10), counter.coupon(500)
    order = counter.bought(sku, 1, coupon)
    assert (order.discount_minor, order.payable_minor) == (500, 1490)
    assert sum(line.discount_minor for line in order.lines) == 500
    assert counter.states() == [("locked", 500)]
    assert code(counter.buy(sku, 1, coupon)) == "coupon_in_use"
    counter.pay(order)
    assert counter.states() == [("redeemed", 500)]
    assert counter.told(order) == 0
    assert code(counter.buy(sku, 1, coupon)) == "coupon_in_use"
    assert_whole()


def test_an_order_that_closes_lets_go_once(counter: Counter) -> None:
    sku, coupon = counter.sku(10), counter.coupon(500)
    first = counter.bought(sku, 1, coupon)
    counter.close(first)
    assert counter.states() == [("unused", 500)]
    second = counter.bought(sku, 1, coupon)
    # Told again of the one that closed: it has nothing to let go any more.
    assert counter.told(first) == 0
    assert counter.states() == [("locked", 500)]
    counter.pay(second)
    assert_whole()


def test_a_whole_refund_brings_it_back_once_and_parts_bring_their_part(counter: Counter) -> None:
    sku, coupon = counter.sku(10, 1000), counter.coupon(900)
    order = counter.bought(sku, 3, coupon)
    counter.pay(order)
    counter.send_back(order, (order.lines[0].id, 3))
    assert counter.told(order) == 0
    assert counter.states() == [("unused", 900)]
    again = counter.bought(sku, 3, coupon)
    counter.pay(again)
    counter.send_back(again, (again.lines[0].id, 1))
    assert counter.states() == [("redeemed", 900), ("unused", 300)]
    counter.send_back(again, (again.lines[0].id, 2))
    counter.told(again)
    assert counter.states() == [("redeemed", 900), ("unused", 300), ("unused", 600)]
    assert_whole()


def test_a_share_takes_off_what_it_may_at_most(counter: Counter) -> None:
    sku = counter.sku(10, 1000)
    coupon = counter.coupon(250, off_bps=1500)
    assert counter.look_at((sku, 1)).quote.discount_minor == 150
    assert counter.look_at((sku, 2)).quote.discount_minor == 250
    order = counter.bought(sku, 1, coupon)
    assert order.discount_minor == 150
    counter.close(order)
    assert_whole()


def test_a_coupon_is_for_its_goods_from_its_amount_on(counter: Counter) -> None:
    one, two = counter.sku(10, 1000), counter.sku(10, 3000)
    product = counter.one("select product_id from skus where id = %s", one)
    coupon = counter.coupon(600, product_ids=(product,), from_minor=2000)
    assert code(counter.buy(two, 1, coupon)) == "voucher_unfit"
    assert code(counter.buy(one, 1, coupon)) == "voucher_unfit"
    assert counter.states() == [("unused", 600)]
    seen = counter.look_at((one, 2), (two, 1))
    assert [line.discount_minor for line in seen.quote.lines] == [600, 0]
    assert counter.bought(one, 2, coupon).discount_minor == 600
    assert_whole()


def test_the_best_is_chosen_and_stacks_only_where_all_stack(counter: Counter) -> None:
    sku = counter.sku(10, 2000)
    alone = counter.coupon(500)
    small, large = counter.coupon(200, stacks=True), counter.coupon(400, stacks=True)
    seen = counter.look_at((sku, 1))
    assert (set(seen.chosen), seen.quote.discount_minor) == ({small, large}, 600)
    assert [(each.id, each.off_minor) for each in seen.coupons] == [
        *((alone, 500), (large, 400), (small, 200))
    ]
    assert code(counter.buy(sku, 1, alone, small)) == "coupons_do_not_stack"
    assert counter.bought(sku, 1, small, large).discount_minor == 600
    assert counter.look_at((sku, 1)).chosen == [alone]
    assert counter.look_at((sku, 1), chosen=[]).quote.discount_minor == 0
    assert_whole()


def test_nobody_uses_anothers_or_one_that_is_over(counter: Counter) -> None:
    sku = counter.sku(10)
    (other,) = counter.people(1)
    assert code(counter.buy(sku, 1, counter.coupon(5, buyer=other))) == "coupon_not_found"
    assert code(counter.buy(sku, 1, new_id())) == "coupon_not_found"
    late = counter.coupon(500, days=1)
    counter.now += timedelta(days=1)
    assert code(counter.buy(sku, 1, late)) == "coupon_expired"
    # A coupon in use is not taken back; a free one is, and cannot be used after.
    assert counter.states() == [("expired", 500)]


def test_a_repeat_of_the_request_is_the_same_order(counter: Counter) -> None:
    sku, coupon = counter.sku(10), counter.coupon(500)
    more = {"request_key": "k", "request_digest": b"d"}
    first, again = counter.bought(sku, 1, coupon, **more), counter.bought(sku, 1, coupon, **more)
    assert first.id == again.id
    assert counter.states() == [("locked", 500)]


def test_many_orders_at_once_use_a_coupon_once(counter: Counter) -> None:
    sku, coupon = counter.sku(100), counter.coupon(500)

    def one(nth: int) -> Any:
        request: OrderRequest = counter.request(
            counter.buyer, (sku, 1), coupon_ids=(coupon,), request_key=f"k{nth}"
        )
        return run_orders((counter.workspace, None), [request])[0]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, range(48)))
    refused = [each.refusal.code for each in answers if isinstance(each, Refused)]
    assert refused == ["coupon_in_use"] * 47
    assert_whole()


@pytest.mark.parametrize(
    "change",
    ["update coupon_uses set state = 'locked'", "update coupon_uses set off_minor = 1"],
)
def test_a_use_only_goes_on(counter: Counter, change: str) -> None:
    order = counter.bought(counter.sku(10), 1, counter.coupon(500))
    counter.pay(order)
    with pytest.raises(psycopg.errors.IntegrityError), counter.work() as work:
        work.driver.execute(change.encode())


def test_a_coupon_in_an_order_is_not_taken_back(counter: Counter) -> None:
    coupon = counter.coupon(500)
    counter.bought(counter.sku(10), 1, coupon)
    campaign = counter.one("select campaign_id from grants where id = %s", coupon)
    with counter.work() as work:
        assert rewards.reverse(
            work, [rewards.ReverseRequest(campaign, "r", counter.buyer, campaign, "x")]
        ) == ["used"]
        assert ledger.balances(work, []) == {}
    assert_whole()
