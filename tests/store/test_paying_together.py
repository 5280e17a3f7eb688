"""Paying, many at once: a set of payments or notices means what each would mean alone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from banyan import store
from banyan.kernel.errors import Refused
from banyan.kernel.work import Actor
from banyan.store import OrderView, sweep
from banyan.store.beginning import Begun, PaymentRequest, Silent, start_payments
from banyan.store.delivering import deliver_sandbox_notices, pay_at_cashier
from banyan.store.paying import Notice, apply_waiting_notices, receive_notices
from banyan.store.payments.ports import Said
from banyan.store.payments.sandbox import Sandbox, settle, signed
from tests.shelf import Shelf
from tests.whole import assert_whole

BASE = "http://banyan.test"


@pytest.fixture
def shelf(database: object) -> Shelf:
    return Shelf()


def said(shelf: Shelf, trade: str, theirs: str, **changes: object) -> Said:
    row = {
        "about": "payment",
        "number": trade,
        "provider_number": theirs,
        "state": "paid",
        "amount_minor": 1990,
        "currency": "CNY",
        "merchant": f"sandbox:{shelf.workspace}",
    }
    return msgspec.convert(row | changes, Said)


def notice(shelf: Shelf, what: Said) -> Notice:
    provider = store.provider_of(shelf.workspace, "sandbox")
    assert isinstance(provider, Sandbox)
    body = msgspec.json.encode(what)
    return Notice(signed(provider.private_key, body), body)


def receive(shelf: Shelf, notices: Sequence[Notice]) -> list[bytes | str]:
    answers = receive_notices(shelf.workspace, "sandbox", notices)
    return [each.refusal.code if isinstance(each, Refused) else each for each in answers]


def placed(shelf: Shelf, number: int) -> tuple[list[OrderView], list[str]]:
    """Place so many orders of one SKU, and begin to pay for each."""
    sku = shelf.sku(1000)
    orders = [shelf.order(buyer, (sku, 1)) for buyer in shelf.people(number)]
    return orders, begin(shelf, orders)


def begin(shelf: Shelf, orders: Sequence[OrderView]) -> list[str]:
    wanted = [PaymentRequest(order.id, order.buyer_id, "page") for order in orders]
    begun = start_payments(shelf.workspace, "sandbox", wanted, base_url=BASE)
    assert all(isinstance(each, Begun) for each in begun)
    return [(each.action.url or "").rpartition("/")[2] for each in begun if isinstance(each, Begun)]


def _how(outcome: Begun | Silent) -> str:
    return "silent" if isinstance(outcome, Silent) else outcome.action.action


def outcomes(shelf: Shelf) -> dict[str, str]:
    """Return what became of each notice that was kept, by the provider's number."""
    with shelf.work() as work:
        rows = work.driver.execute(
            "select said ->> 'provider_number', outcome from payment_notices"
        )
        return dict(rows.fetchall())


def test_one_set_of_notices_of_every_kind(shelf: Shelf) -> None:
    orders, trades = placed(shelf, 8)
    (again,) = begin(shelf, [orders[1]])
    with shelf.work() as work:
        store.cancel_order(work, orders[2].id, "changed my mind")
    paid = said(shelf, trades[0], "P0")
    sent = [
        notice(shelf, paid),
        notice(shelf, paid),
        notice(shelf, said(shelf, trades[1], "P1")),
        notice(shelf, said(shelf, again, "P1b")),
        notice(shelf, said(shelf, trades[2], "P2")),
        notice(shelf, said(shelf, trades[3], "P3", amount_minor=1)),
        notice(shelf, said(shelf, trades[4], "P4", state="closed")),
        notice(shelf, said(shelf, trades[5], "P5", state="waiting")),
        notice(shelf, said(shelf, "nobody", "P6")),
        notice(shelf, said(shelf, trades[6], "P7")),
        notice(shelf, said(shelf, trades[6], "P8")),
        Notice({}, b"{}"),
    ]
    answers = receive(shelf, sent)
    assert answers == [*[Sandbox.thanks] * 11, "notice_rejected"]
    assert outcomes(shelf) == {
        "P0": "captured",
        "P1": "captured",
        "P1b": "surplus",
        "P2": "surplus",
        "P3": "quarantined",
        "P4": "closed",
        "P5": "nothing",
        "P6": "quarantined",
        "P7": "captured",
        "P8": "quarantined",
    }
    states = [shelf.look(order).state for order in orders]
    assert states == ["paid", "paid", "closed", *["placed"] * 3, "paid", "placed"]
    assert shelf.stock(orders[0].lines[0].sku_id) == (993, 4, 3)
    assert shelf.one("select count(*) from events where name = 'store.order_paid'") == 3
    assert shelf.one("select count(*) from money_cases") == 3
    wrong = "select string_agg(problem, ';') from payments where trade_number = %s"
    assert shelf.one(wrong, trades[3]) == "another amount than asked for"
    assert shelf.one(wrong, trades[6]) == "paid twice under one number"
    assert shelf.one("select count(distinct collection_code) from orders") == 3
    assert shelf.one("select count(*) from refunds where kind = 'surplus'") == 2
    assert shelf.clearing() == -5 * 1990
    assert_whole()


def test_a_true_word_after_a_lie_in_one_set_clears_it(shelf: Shelf) -> None:
    (order,), (trade,) = placed(shelf, 1)
    lie = notice(shelf, said(shelf, trade, "P1", amount_minor=1))
    receive(shelf, [lie, notice(shelf, said(shelf, trade, "P1"))])
    assert shelf.look(order).state == "paid"
    assert shelf.one("select problem from payments") is None
    assert shelf.one("select count(*) from money_cases") == 1
    assert_whole()


def test_one_that_cannot_be_applied_does_not_hold_up_its_set(shelf: Shelf) -> None:
    orders, trades = placed(shelf, 5)
    # Two payments under one number of the provider: the database takes the first alone.
    theirs = ["P0", "P1", "P1", "P3", "P4"]
    sent = [
        notice(shelf, said(shelf, trade, number))
        for trade, number in zip(trades, theirs, strict=True)
    ]
    assert receive(shelf, sent) == [Sandbox.thanks] * 5
    states = [shelf.look(order).state for order in orders]
    assert sorted(states) == ["paid"] * 4 + ["placed"]
    assert shelf.one("select count(*) from payment_notices where outcome is null") == 1
    assert_whole()


def test_notices_that_were_kept_alone_are_applied_together(shelf: Shelf) -> None:
    orders, trades = placed(shelf, 6)
    (again,) = begin(shelf, [orders[0]])
    every = [*trades, again]
    with shelf.work() as work:
        for nth, trade in enumerate(every):
            what = msgspec.json.encode(said(shelf, trade, f"P{nth}"))
            work.driver.execute(
                "insert into payment_notices (workspace_id, id, provider, digest, body, headers,"
                " said, received_at) values (%s, gen_random_uuid(), 'sandbox', %s, %s, '{}', %s, %s)",
                (
                    *(shelf.workspace, bytes([nth]), what, what.decode()),
                    shelf.now - timedelta(seconds=60 - nth),
                ),
            )
    apply_waiting_notices()
    assert sorted(outcomes(shelf).values()) == ["captured"] * 6 + ["surplus"]
    assert outcomes(shelf)["P6"] == "surplus"
    assert {shelf.look(order).state for order in orders} == {"paid"}
    assert_whole()


def test_the_same_notices_from_many_sides_at_once_are_applied_once(shelf: Shelf) -> None:
    orders, trades = placed(shelf, 40)
    sent = [notice(shelf, said(shelf, trade, f"P{nth}")) for nth, trade in enumerate(trades)]

    def side(nth: int) -> list[bytes | str]:
        turned = sent[nth:] + sent[:nth]
        return receive(shelf, turned[::-1] if nth % 2 else turned)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(side, range(8)))
    assert answers == [[Sandbox.thanks] * 40] * 8
    sweep()
    assert {shelf.look(order).state for order in orders} == {"paid"}
    assert shelf.one("select count(*) from payment_notices") == 40
    assert shelf.one("select count(*) from events where name = 'store.order_paid'") == 40
    assert shelf.stock(orders[0].lines[0].sku_id) == (960, 0, 40)
    assert shelf.clearing() == -40 * 1990
    assert_whole()


def test_each_of_a_set_that_begins_is_told_its_own_outcome(shelf: Shelf) -> None:
    orders, _ = placed(shelf, 3)
    with shelf.work() as work:
        store.cancel_order(work, orders[1].id, "cancelled")
    (buyer,) = shelf.people(1)
    free = shelf.order(buyer, (shelf.sku(1, price_minor=0), 1))
    me = Actor("person", buyer)
    wanted = [
        PaymentRequest(orders[0].id, orders[0].buyer_id, "page"),
        PaymentRequest(orders[1].id, orders[1].buyer_id, "page"),
        PaymentRequest(orders[2].id, buyer, "page"),
        PaymentRequest(orders[2].id, orders[2].buyer_id, "carrier pigeon"),
        PaymentRequest(free.id, buyer, "page", me),
        PaymentRequest(free.id, buyer, "page", me),
        PaymentRequest(UUID(int=1), buyer, "page"),
        PaymentRequest(orders[0].id, orders[0].buyer_id, "native"),
    ]
    begun = start_payments(shelf.workspace, "sandbox", wanted, base_url=BASE)
    told = [each.refusal.code if isinstance(each, Refused) else _how(each) for each in begun]
    assert told == [
        *("redirect", "order_state", "order_not_found", "payment_provider_off", "none"),
        *("already_paid", "order_not_found", "qr"),
    ]
    assert shelf.look(free).state == "paid"
    assert shelf.one("select actor from order_steps where order_id = %s", free.id) == str(me)
    assert shelf.one("select count(*) from payments where order_id = %s", orders[0].id) == 3
    assert shelf.one("select count(*) from payments where action is null") == 0
    assert_whole()


@pytest.mark.parametrize("payments", ["failing", "hanging"])
def test_a_set_that_the_provider_does_not_take(shelf: Shelf, payments: str) -> None:
    shelf.manners(payments=payments, hang_seconds=7)
    sku = shelf.sku(10)
    orders = [shelf.order(buyer, (sku, 1)) for buyer in shelf.people(3)]
    wanted = [PaymentRequest(order.id, order.buyer_id, "page") for order in orders]
    begun = start_payments(shelf.workspace, "sandbox", wanted, base_url=BASE)
    if payments == "hanging":
        assert begun == [Silent(7)] * 3
    else:
        codes = [each.refusal.code for each in begun if isinstance(each, Refused)]
        assert codes == ["payment_declined"] * 3
    state = "open" if payments == "hanging" else "failed"
    assert shelf.one("select count(*) from payments where state = %s", state) == 3
    assert_whole()


def test_the_cashier_takes_a_crowd_and_leaves_others_as_they_are(shelf: Shelf) -> None:
    orders, trades = placed(shelf, 50)
    wanted = {trade: nth % 10 != 0 for nth, trade in enumerate(trades)}
    shown = pay_at_cashier(shelf.workspace, wanted | {"nobody": True})
    assert shown["nobody"] is None
    states = [payment.state for payment in shown.values() if payment]
    assert (states.count("paid"), states.count("failed")) == (45, 5)
    assert shelf.one("select count(*) from orders where state = 'paid'") == 45
    assert shelf.one("select count(*) from sandbox_notices where delivered_at is null") == 0
    # Paid is paid: who comes again changes nothing, and nothing is sent again.
    pay_at_cashier(shelf.workspace, dict.fromkeys(trades, False))
    assert shelf.one("select count(*) from sandbox_notices") == 50
    assert shelf.look(orders[1]).state == "paid"
    assert_whole()


def test_what_the_cashier_could_not_send_is_sent_later(shelf: Shelf) -> None:
    orders, trades = placed(shelf, 3)
    with shelf.work() as work:
        # The web process took the money for the provider, and died before it sent a notice.
        settled = settle(work, dict.fromkeys(trades, True), sent_within_seconds=15)
    assert len(settled.due) == 3
    deliver_sandbox_notices()
    assert {shelf.look(order).state for order in orders} == {"placed"}, "not before its time"
    shelf.due_now()
    deliver_sandbox_notices()
    assert {shelf.look(order).state for order in orders} == {"paid"}
    assert_whole()
