"""Paying: a notice counts once, only if it is signed, and only if it fits."""

from datetime import timedelta

import msgspec
import pytest

from banyan import store
from banyan.kernel.errors import Refused
from banyan.kernel.work import SYSTEM
from banyan.store import receive_notice, sweep
from banyan.store.payments.ports import Said
from banyan.store.payments.sandbox import Sandbox, signed
from banyan.store.sweeps import deliver_sandbox_notices
from tests.shelf import Shelf
from tests.whole import assert_whole


@pytest.fixture
def shelf(database: object) -> Shelf:
    return Shelf()


def sandbox(shelf: Shelf) -> Sandbox:
    provider = store.provider_of(shelf.workspace, "sandbox")
    assert isinstance(provider, Sandbox)
    return provider


def notice(shelf: Shelf, trade: str, **changes: object) -> bytes:
    row = {
        "about": "payment",
        "number": trade,
        "provider_number": "SBP1",
        "state": "paid",
        "amount_minor": 3980,
        "currency": "CNY",
        "merchant": f"sandbox:{shelf.workspace}",
    }
    return msgspec.json.encode(msgspec.convert(row | changes, Said))


def send(shelf: Shelf, body: bytes, **headers: str) -> bytes:
    made = signed(sandbox(shelf).private_key, body) | headers
    return receive_notice(shelf.workspace, "sandbox", made, body)


def placed(shelf: Shelf) -> tuple[store.OrderView, str]:
    sku = shelf.sku(10)
    (buyer,) = shelf.people(1)
    order = shelf.order(buyer, (sku, 2))
    return order, shelf.begin(order)


def test_a_paid_order_sells_its_stock_and_stands_in_the_ledger(shelf: Shelf) -> None:
    sku = shelf.sku(10)
    (buyer,) = shelf.people(1)
    order = shelf.paid(buyer, (sku, 2))
    assert order.state == "paid"
    assert order.collection_code
    assert len(order.collection_code) == 12
    assert shelf.stock(sku) == (8, 0, 2)
    assert shelf.clearing() == -3980
    assert shelf.one("select count(*) from events where name = 'store.order_paid'") == 1
    assert_whole()


@pytest.mark.parametrize(
    "how", ["none", "empty", "wrong_key", "other_body", "stale", "reserialised", "localhost"]
)
def test_a_notice_that_is_not_signed_as_it_should_be_changes_nothing(
    shelf: Shelf, how: str
) -> None:
    order, trade = placed(shelf)
    body = notice(shelf, trade)
    headers = signed(sandbox(shelf).private_key, body)
    if how == "none":
        headers = {}
    elif how == "empty":
        headers["sandbox-signature"] = ""
    elif how == "wrong_key":
        headers = signed(sandbox(Shelf()).private_key, body)
    elif how == "other_body":
        body = body.replace(b"3980", b"3981")
    elif how == "stale":
        headers["sandbox-timestamp"] = str(int(headers["sandbox-timestamp"]) - 301)
    elif how == "reserialised":
        body = msgspec.json.format(body)
    else:
        headers = {"host": "localhost", "x-forwarded-for": "127.0.0.1"}
    with pytest.raises(Refused) as refused:
        receive_notice(shelf.workspace, "sandbox", headers, body)
    assert refused.value.refusal.status == 401
    assert shelf.look(order).state == "placed"
    assert shelf.one("select count(*) from payment_notices") == 0
    assert_whole()


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_minor": 1},
        {"amount_minor": 3981},
        {"currency": "USD"},
        {"merchant": "sandbox:another"},
    ],
)
def test_a_true_notice_that_does_not_fit_is_kept_apart(
    shelf: Shelf, changes: dict[str, object]
) -> None:
    order, trade = placed(shelf)
    assert send(shelf, notice(shelf, trade, **changes)) == Sandbox.thanks
    assert shelf.look(order).state == "placed"
    assert shelf.one("select outcome from payment_notices") == "quarantined"
    assert shelf.one("select kind from money_cases") == "notice_does_not_fit"
    assert shelf.one("select problem from payments")
    assert_whole()


def test_a_notice_for_an_unknown_order_is_answered_and_creates_nothing(shelf: Shelf) -> None:
    assert send(shelf, notice(shelf, "nobody")) == Sandbox.thanks
    assert shelf.one("select count(*) from orders") == 0
    assert shelf.one("select count(*) from money_cases") == 1
    assert_whole()


def test_the_same_notice_many_times_is_applied_once(shelf: Shelf) -> None:
    order, trade = placed(shelf)
    body = notice(shelf, trade)
    for _ in range(5):
        send(shelf, body)
    send(shelf, msgspec.json.format(body))
    assert shelf.look(order).state == "paid"
    assert shelf.one("select count(*) from payment_notices where outcome = 'captured'") == 1
    assert shelf.one("select count(*) from payment_notices where outcome = 'repeated'") == 1
    assert shelf.clearing() == -3980
    assert_whole()


@pytest.mark.parametrize("manner", ["double", "out_of_order", "late"])
def test_badly_mannered_notices_capture_once(shelf: Shelf, manner: str) -> None:
    shelf.manners(notices=manner, late_seconds=3600)
    order, trade = placed(shelf)
    store.pay_in_sandbox(shelf.workspace, trade)
    for _ in range(3):
        shelf.due_now()
        deliver_sandbox_notices()
    assert shelf.look(order).state == "paid"
    assert shelf.clearing() == -3980
    assert_whole()


def test_a_notice_that_never_comes_is_found_by_asking(shelf: Shelf) -> None:
    shelf.manners(notices="silent")
    order, trade = placed(shelf)
    store.pay_in_sandbox(shelf.workspace, trade)
    sweep()
    assert shelf.look(order).state == "placed"
    shelf.due_now()
    sweep()
    assert shelf.look(order).state == "paid"
    assert_whole()


def test_a_provider_that_does_not_answer_is_asked_again(shelf: Shelf) -> None:
    shelf.manners(notices="silent", queries="hanging")
    order, trade = placed(shelf)
    store.pay_in_sandbox(shelf.workspace, trade)
    shelf.due_now()
    sweep()
    assert shelf.look(order).state == "placed"
    shelf.manners()
    shelf.due_now()
    sweep()
    assert shelf.look(order).state == "paid"


def test_a_notice_that_lies_is_not_believed_but_the_query_is(shelf: Shelf) -> None:
    shelf.manners(notice_off_minor=-1)
    order, trade = placed(shelf)
    store.pay_in_sandbox(shelf.workspace, trade)
    deliver_sandbox_notices()
    assert shelf.look(order).state == "placed"
    shelf.due_now()
    sweep()
    assert shelf.look(order).state == "paid"
    assert_whole()


def test_paying_twice_captures_once_and_sends_the_second_back_by_itself(shelf: Shelf) -> None:
    order, first = placed(shelf)
    second = shelf.begin(order)
    for trade in (first, second):
        store.pay_in_sandbox(shelf.workspace, trade)
    sweep()
    assert shelf.look(order).state == "paid"
    assert shelf.one("select count(*) from payments where state = 'captured'") == 1
    assert shelf.one("select count(*) from payments where state = 'surplus'") == 1
    assert shelf.one("select state from refunds where kind = 'surplus'") == "done"
    assert shelf.one("select sum(amount_minor) from sandbox_refunds") == 3980
    assert shelf.clearing() == -3980
    with pytest.raises(Refused) as refused:
        shelf.begin(order)
    assert refused.value.refusal.code == "already_paid"
    assert_whole()


def test_money_for_an_order_that_expired_goes_back_by_itself(shelf: Shelf) -> None:
    order, trade = placed(shelf)
    store.pay_in_sandbox(shelf.workspace, trade)
    with shelf.work() as work:
        work.driver.execute("update orders set expires_at = now() where id = %s", (order.id,))
    sweep()
    closed = shelf.look(order)
    assert (closed.state, closed.close_reason) == ("closed", "expired")
    assert shelf.stock(order.lines[0].sku_id) == (10, 0, 0)
    assert shelf.one("select (state, reason)::text from refunds") == "(done,order_closed)"
    assert shelf.clearing() == 0
    assert_whole()


def test_an_expired_order_is_closed_once_and_its_payment_with_it(shelf: Shelf) -> None:
    order, trade = placed(shelf)
    with shelf.work() as work:
        work.driver.execute("update orders set expires_at = now() where id = %s", (order.id,))
    sweep()
    sweep()
    assert shelf.stock(order.lines[0].sku_id) == (10, 0, 0)
    assert not store.pay_in_sandbox(shelf.workspace, trade)
    assert shelf.one("select count(*) from events where name = 'store.order_closed'") == 1
    assert_whole()


@pytest.mark.parametrize(
    ("payments", "code"), [("failing", "payment_declined"), ("hanging", "payment_provider_silent")]
)
def test_a_payment_that_cannot_begin_says_so(shelf: Shelf, payments: str, code: str) -> None:
    shelf.manners(payments=payments)
    sku = shelf.sku(1)
    (buyer,) = shelf.people(1)
    order = shelf.order(buyer, (sku, 1))
    with pytest.raises(Refused) as refused:
        shelf.begin(order)
    assert refused.value.refusal.code == code
    shelf.manners()
    assert shelf.begin(order)
    assert_whole()


def test_an_order_of_nothing_is_paid_at_once(shelf: Shelf) -> None:
    sku = shelf.sku(1, price_minor=0)
    (buyer,) = shelf.people(1)
    order = shelf.order(buyer, (sku, 1))
    _, action = store.start_payment(
        *(shelf.workspace, SYSTEM, order.id, "sandbox", "page"), buyer_id=buyer, base_url=""
    )
    assert action.action == "none"
    assert shelf.look(order).state == "paid"
    assert_whole()


def test_another_buyers_order_is_not_there(shelf: Shelf) -> None:
    order, _ = placed(shelf)
    (other,) = shelf.people(1)
    with pytest.raises(Refused) as refused:
        store.start_payment(
            *(shelf.workspace, SYSTEM, order.id, "sandbox", "page"), buyer_id=other, base_url=""
        )
    assert refused.value.refusal.status == 404


def test_an_order_placed_ahead_of_our_clock_can_still_be_paid(shelf: Shelf) -> None:
    shelf.now += timedelta(hours=2)
    order, trade = placed(shelf)
    store.pay_in_sandbox(shelf.workspace, trade)
    deliver_sandbox_notices()
    paid = shelf.look(order)
    assert (paid.state, paid.paid_at) == ("paid", order.placed_at)
    assert_whole()
