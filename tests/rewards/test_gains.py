"""Nobody gains by going round: points, coupons, orders and refunds, every way of a few moves.

Worth is what somebody has in money, in pieces at their full price, in coupons at their face and in
points at what they buy. It never rises above what it was, in whatever state; so no way leads back
to the same goods with more.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from banyan import rewards, store
from banyan.app import coupon_orders
from banyan.app.coupon_checkout import place_with_coupons
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Database, Work, use_database
from banyan.rewards import ExchangeItem, ReverseRequest
from banyan.rewards import coupons as coupon_rules
from banyan.store import refunding
from tests.conftest import Server, new_database
from tests.rewards.economy import Bank, Found, Key, Move, explore, in_one_transaction
from tests.rewards.test_points import Wallet

PRICE = 700
POINTS = 200
COUPON_POINTS, COUPON_MINOR = 100, 1_000
PIECES_MOST = 2
ORDERS_MOST = 2
DEPTH = 6

HELD: Any = "select id, state from orders where workspace_id = %s and buyer_id = %s order by id"
CASH = """
select coalesce((select sum(amount_minor) from refunds
                 where workspace_id = %(ws)s and state = 'done'), 0)
     - coalesce((select sum(amount_minor) from payments
                 where workspace_id = %(ws)s and state = 'captured'), 0)
"""


class Round(Wallet):
    """Points to exchange, a product to buy, coupons to use, money to get back."""

    def __init__(self) -> None:
        super().__init__()
        self.earned = self.earn(POINTS)
        self.item = self.put(
            ExchangeItem(
                key="ten",
                kind="coupon",
                name_zh="十元券",
                name_en="Ten off",
                price_points=COUPON_POINTS,
                value_minor=COUPON_MINOR,
            )
        )
        self.tea = self.sku(9, PRICE)
        self.bank = Bank(self.workspace)

    def search(self, depth: int = DEPTH) -> Found:
        with in_one_transaction(self.workspace, self.now) as work:
            return explore(work, self.moves, self.key, self.worth, depth)

    # What can be tried

    def moves(self, work: Work) -> list[Move]:
        orders = self.orders(work)
        found = [Move("exchange", self._exchange), Move("take points back", self._take_back)]
        open_now = [one for one in orders if one.state == "placed"]
        held = [one for one in orders if pieces(one)]
        if len(open_now) + len(held) < ORDERS_MOST:
            found += [
                Move(f"buy {count} with {coupon and coupon[0]}", self._buy(count, coupon))
                for count in range(1, PIECES_MOST + 1)
                for coupon in [None, *self._free(work)]
            ]
        for order in open_now:
            found += [Move("pay", self._pay(order)), Move("close", self._close(order))]
        for order in held:
            found += [
                Move(f"send back {count} of {pieces(order)}", self._send_back(order, count))
                for count in range(1, pieces(order) + 1)
            ]
        return found

    def _free(self, work: Work) -> list[tuple[int, UUID]]:
        """Return one usable coupon of each value: those of the same value are the same."""
        usable = rewards.coupons_of(work, self.buyer, only_usable=True)
        return sorted({one.value_minor: one.id for one in usable}.items())

    def _exchange(self, work: Work) -> None:
        rewards.exchange(work, new_id(), self.buyer, self.item)

    def _take_back(self, work: Work) -> None:
        asked = ReverseRequest(self.earned, "r", self.buyer, self.earned, "x")
        rewards.reverse(work, [asked])

    def _buy(self, count: int, coupon: tuple[int, UUID] | None) -> Any:
        def make(work: Work) -> None:
            ids = (coupon[1],) if coupon else ()
            request = self.request(self.buyer, (self.tea, count), coupon_ids=ids)
            (answer,) = place_with_coupons(work, [request])
            if isinstance(answer, Refused):
                raise answer

        return make

    def _pay(self, order: store.OrderView) -> Any:
        return self._then_told(order, lambda work: self.bank.pay(work, order))

    def _close(self, order: store.OrderView) -> Any:
        return self._then_told(
            order, lambda work: store.cancel_order(work, order.id, "x", buyer_id=self.buyer)
        )

    def _send_back(self, order: store.OrderView, count: int) -> Any:
        line = order.lines[0].id
        return self._then_told(order, lambda work: self.bank.send_back(work, order.id, line, count))

    def _then_told(self, order: store.OrderView, do: Callable[[Work], object]) -> Any:
        def make(work: Work) -> None:
            do(work)
            # Told twice, as a relay may: the second time nothing is left to do.
            coupon_orders.follow(work, {order.id})
            coupon_orders.follow(work, {order.id})

        return make

    # What there is

    def orders(self, work: Work) -> list[store.OrderView]:
        rows = work.driver.execute(HELD, (work.workspace_id, self.buyer))
        return [store.order_view(work, row[0]) for row in rows.fetchall() if row[1] != "closed"]

    def key(self, work: Work) -> Key:
        return (
            self.points(work),
            self.cash(work),
            tuple(sorted((one.state, one.value_minor) for one in self._coupons(work))),
            tuple(
                sorted(
                    (one.state, pieces(one), one.discount_minor, one.payable_minor)
                    for one in self.orders(work)
                    if one.state == "placed" or pieces(one)
                )
            ),
        )

    def _coupons(self, work: Work) -> list[rewards.Coupon]:
        mine = rewards.coupons_of(work, self.buyer)
        return [one for one in mine if one.state in {"unused", "locked"}]

    def points(self, work: Work) -> int:
        return sum(lot.left for lot in rewards.lots_of(work, self.buyer))

    def cash(self, work: Work) -> int:
        row = work.driver.execute(CASH, {"ws": work.workspace_id}).fetchone()
        return int(row[0]) if row else 0

    def worth(self, work: Work) -> int:
        goods = sum(pieces(one) for one in self.orders(work)) * PRICE
        coupons = sum(one.value_minor for one in self._coupons(work))
        points = self.points(work) * COUPON_MINOR // COUPON_POINTS
        return self.cash(work) + goods + coupons + points


def pieces(order: store.OrderView) -> int:
    """Return how many pieces somebody has of an order: paid for, and not sent back."""
    if order.state in {"placed", "closed"}:
        return 0
    return sum(line.quantity - line.refunding_quantity for line in order.lines)


@pytest.fixture(scope="module")
def apart(database: Database) -> Generator[None]:
    """A server of its own: a search is one long transaction, and every relay would wait for it."""
    server = Server()
    urls = new_database(server.home, "gains")
    own = Database(urls.app, urls.relay)
    use_database(own)
    yield
    use_database(database)
    own.close()
    server.stop()


@pytest.fixture
def round_trip(apart: None) -> Round:
    return Round()


def test_no_way_of_six_moves_gains_anything(round_trip: Round) -> None:
    found = round_trip.search()
    assert found.gain is None
    # All of them: a search that stops early would see fewer.
    assert found.states > 100


@contextmanager
def _planted(
    monkeypatch: pytest.MonkeyPatch, where: ModuleType, name: str, value: Any
) -> Generator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(where, name, value)
        yield


def test_a_coupon_that_came_back_whole_for_a_part_would_be_found(
    round_trip: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    def whole(off_minor: int, story: rewards.OrderSoFar) -> int:
        return off_minor if story.refunded_minor else 0

    with _planted(monkeypatch, coupon_rules, "_share", whole):
        gain = round_trip.search().gain
    assert gain is not None
    assert gain.worth > gain.start
    assert gain.moves[-1].startswith("send back 1 of 2")


def test_a_coupon_that_came_back_twice_would_be_found(
    round_trip: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(work: Work, use_id: UUID, returned_minor: int) -> None:
        """Forget what has come back already."""

    with _planted(monkeypatch, coupon_rules, "_bring_back", nothing):
        gain = round_trip.search().gain
    assert gain is not None
    assert gain.moves[-2:] == ("send back 1 of 2", "send back 1 of 1")


def test_a_refund_reckoned_above_what_was_paid_is_refused_by_the_ledger(
    round_trip: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(work: Work, order_id: UUID) -> dict[UUID, int]:
        """Forget what has gone back already."""
        return {}

    with _planted(monkeypatch, refunding, "minor_back", nothing):
        assert round_trip.search(5).gain is None


def test_points_dearer_sold_than_bought_would_be_found(round_trip: Round) -> None:
    """A shelf that gives more for points than they are counted at is a gain in one move."""
    round_trip.item = round_trip.put(
        ExchangeItem(
            key="dear",
            kind="coupon",
            name_zh="十元零一分券",
            name_en="Ten and a cent off",
            price_points=COUPON_POINTS,
            value_minor=COUPON_MINOR + 1,
        )
    )
    gain = round_trip.search(2).gain
    assert gain is not None
    assert gain.moves == ("exchange",)
