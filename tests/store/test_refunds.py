"""Refunds: by line, never more than was paid, one number for life, and none holds up another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from banyan import store
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.store import OrderView, RefundLine, ShipmentRequest, sweep
from banyan.store.models.addresses import AddressRow
from tests.shelf import Shelf
from tests.whole import assert_whole


@pytest.fixture
def shelf(database: object) -> Shelf:
    return Shelf(freight_minor=800)


def bought(shelf: Shelf, quantity: int = 3, price_minor: int = 3333, **more: object) -> OrderView:
    sku = shelf.sku(10, price_minor=price_minor)
    (buyer,) = shelf.people(1)
    return shelf.paid(buyer, (sku, quantity), **more)


def sent(shelf: Shelf, quantity: int = 3) -> OrderView:
    sku = shelf.sku(10, price_minor=3333)
    (buyer,) = shelf.people(1)
    address = new_id()
    with shelf.work() as work:
        work.session.add(
            AddressRow(
                workspace_id=work.workspace_id,
                id=address,
                person_id=buyer,
                content_encrypted=b"sealed",
                created_at=work.now,
            )
        )
    return shelf.paid(buyer, (sku, quantity), fulfilment="delivery", address_id=address)


def code(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.refusal.code


def test_everything_before_shipping_goes_back_with_the_freight(shelf: Shelf) -> None:
    order = sent(shelf)
    assert order.payable_minor == 3 * 3333 + 800
    refund = shelf.refund(order, (order.lines[0].id, 3))
    assert shelf.one("select amount_minor from refunds") == order.payable_minor
    sweep()
    assert shelf.refund_state(refund) == "done"
    assert shelf.look(order).state == "completed"
    assert shelf.stock(order.lines[0].sku_id) == (10, 0, 0)
    assert shelf.clearing() == 0
    with shelf.work() as work:
        assert store.invoiceable_minor(work, order.id) == 0
    assert_whole()


def test_parts_add_up_to_the_cent_and_never_more(shelf: Shelf) -> None:
    order = bought(shelf, quantity=3, price_minor=3333)
    line = order.lines[0].id
    refunds = [shelf.refund(order, (line, 1)) for _ in range(3)]
    assert shelf.one("select sum(amount_minor) from refunds") == 9999
    assert code(lambda: shelf.refund(order, (line, 1))) == "refund_exceeds"
    sweep()
    assert [shelf.refund_state(each) for each in refunds] == ["done"] * 3
    assert_whole()


def test_many_at_once_never_take_more_than_was_paid(shelf: Shelf) -> None:
    order = bought(shelf, quantity=5)
    line = order.lines[0].id

    def one(_: int) -> str:
        try:
            shelf.refund(order, (line, 1))
        except Refused as refused:
            return refused.refusal.code
        return "asked"

    with ThreadPoolExecutor(16) as threads:
        said = list(threads.map(one, range(24)))
    assert (said.count("asked"), said.count("refund_exceeds")) == (5, 19)
    sweep()
    assert shelf.one("select sum(amount_minor) from refunds where state = 'done'") == 5 * 3333
    assert shelf.clearing() == 0
    assert_whole()


def test_a_rejected_refund_can_be_asked_for_again(shelf: Shelf) -> None:
    order = bought(shelf)
    line = order.lines[0].id
    with shelf.work() as work:
        wanted = [RefundLine(line, 3)]
        first = store.ask_refund(work, order.id, wanted, "坏了", buyer_id=order.buyer_id)
        store.reject_refund(work, first, "请提供照片")
    second = shelf.refund(order, (line, 3))
    sweep()
    assert [shelf.refund_state(each) for each in (first, second)] == ["rejected", "done"]
    with shelf.work() as work:
        assert code(lambda: store.approve_refund(work, first)) == "refund_decided"
    assert_whole()


@pytest.mark.parametrize("manner", ["hanging", "lost_answer", "slow"])
def test_an_unknown_refund_is_asked_about_and_made_once(shelf: Shelf, manner: str) -> None:
    order = bought(shelf)
    shelf.manners(refunds=manner, notices="silent")
    refund = shelf.refund(order, (order.lines[0].id, 2))
    sweep()
    assert shelf.refund_state(refund) == "unknown"
    number = shelf.one("select request_number from refunds")
    shelf.manners(notices="silent")
    for _ in range(3):
        shelf.due_now()
        sweep()
    assert shelf.refund_state(refund) == "done"
    assert shelf.one("select request_number from refunds") == number
    assert shelf.one("select sum(amount_minor) from sandbox_refunds") == 6666
    assert_whole()


def test_a_refund_that_the_provider_refuses_waits_for_an_operator(shelf: Shelf) -> None:
    shelf.manners(refunds="failing")
    order = bought(shelf)
    refund = shelf.refund(order, (order.lines[0].id, 1))
    sweep()
    assert shelf.refund_state(refund) == "failed"
    assert shelf.one("select count(*) from events where name = 'store.refund_stuck'") == 1
    assert code(lambda: shelf.refund(order, (order.lines[0].id, 3))) == "refund_exceeds"
    shelf.manners()
    with shelf.work() as work:
        store.retry_refund(work, refund)
    shelf.due_now()
    sweep()
    assert shelf.refund_state(refund) == "done"
    assert_whole()


def test_one_that_cannot_be_reached_holds_up_no_other(shelf: Shelf) -> None:
    lost = bought(shelf)
    others = [bought(shelf) for _ in range(4)]
    shelf.manners(refunds="hanging")
    stuck = shelf.refund(lost, (lost.lines[0].id, 1))
    sweep()
    shelf.manners()
    done = [shelf.refund(each, (each.lines[0].id, 1)) for each in others]
    sweep()
    assert shelf.refund_state(stuck) == "unknown"
    assert {shelf.refund_state(each) for each in done} == {"done"}
    assert_whole()


def test_it_is_given_up_on_only_into_an_operators_hands(shelf: Shelf) -> None:
    shelf.manners(refunds="hanging")
    order = bought(shelf)
    refund = shelf.refund(order, (order.lines[0].id, 1))
    for _ in range(13):
        shelf.due_now()
        sweep()
    assert shelf.refund_state(refund) == "unknown"
    assert shelf.one("select try_at from refunds") is None
    assert shelf.one("select count(*) from events where name = 'store.refund_stuck'") == 1
    assert_whole()


def test_after_delivery_a_buyer_may_ask_until_the_window_ends(shelf: Shelf) -> None:
    order = sent(shelf)
    with shelf.work() as work:
        store.ship(work, ShipmentRequest(order.id, "sf", "SF1"))
        store.confirm_receipt(work, order.id, buyer_id=order.buyer_id)
    refund = shelf.refund(order, (order.lines[0].id, 1))
    sweep()
    assert shelf.refund_state(refund) == "done"
    # What was sent is not on the shelf again, and the freight is not given back.
    assert shelf.stock(order.lines[0].sku_id) == (7, 0, 3)
    assert shelf.one("select amount_minor from refunds") == 3333
    shelf.now += timedelta(days=7, minutes=1)
    assert code(lambda: shelf.refund(order, (order.lines[0].id, 1))) == "refund_too_late"
    with shelf.work() as work:
        assert store.complete_due(work) == 1
    assert shelf.look(order).state == "completed"
    assert_whole()


@pytest.mark.parametrize("quantity", [0, -1, True, 1.0, 2**63])
def test_a_quantity_that_is_none_is_refused(shelf: Shelf, quantity: object) -> None:
    order = bought(shelf)
    said = code(lambda: shelf.refund(order, (order.lines[0].id, quantity)))  # pyright: ignore[reportArgumentType]
    assert said == ("refund_exceeds" if quantity == 2**63 else "quantity_invalid")
    assert_whole()
