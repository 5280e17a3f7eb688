"""Shipping and collection: what is sent, in how many parcels, and handed over once."""

from collections.abc import Callable

import pytest

from banyan import store
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.store import ShipmentLine, ShipmentRequest, sweep
from tests.shelf import Shelf
from tests.store.test_refunds import code, sent
from tests.whole import assert_whole


@pytest.fixture
def shelf(database: object) -> Shelf:
    return Shelf()


def test_parts_are_shipped_until_nothing_is_left(shelf: Shelf) -> None:
    order = sent(shelf)
    line = order.lines[0].id
    with shelf.work() as work:
        first = ShipmentRequest(order.id, "sf", "SF1", (ShipmentLine(line, 1),))
        assert store.ship(work, first) == store.ship(work, first)
    assert shelf.look(order).state == "part_shipped"
    with shelf.work() as work:
        too_many = ShipmentRequest(order.id, "sf", "SF2", (ShipmentLine(line, 3),))
        assert code(lambda: store.ship(work, too_many)) == "nothing_to_ship"
        store.ship(work, ShipmentRequest(order.id, "yto", "YT1"))
    assert shelf.look(order).state == "shipped"
    with shelf.work() as work:
        store.confirm_receipt(work, order.id, buyer_id=order.buyer_id)
        store.confirm_receipt(work, order.id, buyer_id=order.buyer_id)
    assert shelf.look(order).state == "delivered"
    assert shelf.one("select count(*) from order_steps") == 4
    assert_whole()


def test_what_is_refunded_is_not_shipped(shelf: Shelf) -> None:
    order = sent(shelf)
    line = order.lines[0].id
    with shelf.work() as work:
        store.ship(work, ShipmentRequest(order.id, "sf", "SF1", (ShipmentLine(line, 1),)))
    shelf.refund(order, (line, 2), put_back=True)
    with shelf.work() as work:
        again = ShipmentRequest(order.id, "sf", "SF2", (ShipmentLine(line, 1),))
        assert code(lambda: store.ship(work, again)) == "nothing_to_ship"
    sweep()
    assert shelf.look(order).state == "shipped"
    assert shelf.stock(order.lines[0].sku_id) == (9, 0, 1)
    assert_whole()


def test_steps_cannot_be_skipped(shelf: Shelf) -> None:
    sku = shelf.sku(5)
    (buyer,) = shelf.people(1)
    order = shelf.order(buyer, (sku, 1))
    calls: list[Callable[[Work], object]] = [
        lambda work: store.ship(work, ShipmentRequest(order.id, "sf", "1")),
        lambda work: store.confirm_receipt(work, order.id),
        lambda work: store.ask_refund(work, order.id, [], ""),
    ]
    for call in calls:
        with pytest.raises(Refused) as refused, shelf.work() as work:
            call(work)
        assert refused.value.refusal.code == "order_state"
    with pytest.raises(Exception, match="does not go from"), shelf.work() as work:
        work.driver.execute("update orders set state = 'shipped', paid_at = now()")
    with pytest.raises(Exception, match="is refused"), shelf.work() as work:
        work.driver.execute("update orders set payable_minor = 1, goods_minor = 1")
    assert_whole()


def test_a_code_is_handed_over_once(shelf: Shelf) -> None:
    sku = shelf.sku(5)
    (buyer,) = shelf.people(1)
    order = shelf.paid(buyer, (sku, 2))
    spoken = (order.collection_code or "").upper()
    with shelf.work() as work:
        assert store.collect(work, f" {spoken[:4]} {spoken[4:]}") == order.id
    with shelf.work() as work:
        assert code(lambda: store.collect(work, spoken)) == "collection_code_used"
        assert code(lambda: store.collect(work, "0" * 12)) == "collection_code_unknown"
    assert shelf.look(order).state == "delivered"
    assert_whole()
