"""What cannot be returned, money given by hand, and what a participant's shop is thanked for."""

from datetime import datetime
from uuid import UUID

import pytest

from banyan import store
from banyan.kernel.errors import Refused
from banyan.store import Item, RefundLine, sweep
from banyan.store.own_shops import OwnShopFields, open_own_shop
from banyan.store.quotes import quote
from banyan.store.refund_outcomes import record_refund_by_hand
from banyan.store.statements import DAY
from tests.shelf import Shelf
from tests.whole import assert_whole


@pytest.fixture
def shelf(database: object) -> Shelf:
    return Shelf()


def not_returnable(shelf: Shelf, sku: UUID) -> None:
    with shelf.work() as work:
        work.driver.execute(
            "update products set no_return = 'perishable' where id ="
            " (select product_id from skus where id = %s)",
            (sku,),
        )


def refused(shelf: Shelf, order: store.OrderView, buyer: UUID | None) -> str | None:
    try:
        with shelf.work() as work:
            wanted = [RefundLine(order.lines[0].id, 1)]
            store.ask_refund(work, order.id, wanted, "不想要了", buyer_id=buyer)
    except Refused as problem:
        return problem.refusal.code
    return None


def test_what_cannot_be_returned_is_said_before_and_held_to_after_delivery(shelf: Shelf) -> None:
    sku = shelf.sku(10)
    (buyer,) = shelf.people(1)
    earlier = shelf.paid(buyer, (sku, 1))
    not_returnable(shelf, sku)
    with shelf.work() as work:
        (line,) = quote(work, [Item(sku, 1)], "collection").lines
    assert line.no_return is not None
    assert "鲜活易腐" in line.no_return.zh
    order = shelf.paid(buyer, (sku, 3))
    assert order.lines[0].no_return == "perishable"
    assert refused(shelf, order, buyer) is None
    for each in (order, earlier):
        with shelf.work() as work:
            store.collect(work, each.collection_code or "")
    assert refused(shelf, order, buyer) == "no_return"
    assert refused(shelf, order, None) is None, "with the merchant's consent"
    assert refused(shelf, earlier, buyer) is None, "it was returnable when it was ordered"
    assert_whole()


def test_money_given_by_hand_ends_a_refund_that_the_provider_refuses(shelf: Shelf) -> None:
    sku = shelf.sku(10)
    (buyer,) = shelf.people(1)
    order = shelf.paid(buyer, (sku, 2))
    before = shelf.clearing()
    shelf.manners(refunds="failing")
    refund = shelf.refund(order, (order.lines[0].id, 1))
    with pytest.raises(Refused) as early, shelf.work() as work:
        record_refund_by_hand(work, refund, "现金")
    assert early.value.refusal.code == "refund_decided"
    sweep()
    assert shelf.refund_state(refund) == "failed"
    with shelf.work() as work:
        record_refund_by_hand(work, refund, "银行转账 6222…，回单存于财务")
    assert shelf.refund_state(refund) == "done"
    assert shelf.clearing() == before == -2 * 1990, "the provider still owes all it took"
    assert shelf.one("select balance_minor from ledger_accounts where key = 'store:by_hand:CNY'")
    with pytest.raises(Refused), shelf.work() as work:
        record_refund_by_hand(work, refund, "再一次")
    store.fetch_statement(shelf.workspace, "sandbox", datetime.now(DAY).date())
    assert shelf.one("select count(*) from money_cases") == 0
    assert shelf.clearing() == 0
    assert_whole()


def test_an_own_shop_is_thanked_for_what_it_shows_and_nothing_else(shelf: Shelf) -> None:
    shown, other = shelf.skus(2, 10)
    product = shelf.one("select product_id from skus where id = %s", shown)
    owner, buyer = shelf.people(2)
    with shelf.work() as work:
        own = open_own_shop(work, owner, OwnShopFields(name="小店", product_ids=[product]))
    orders = [
        shelf.order(buyer, (shown, 1), via_shop_id=own.shop.id),
        shelf.order(buyer, (shown, 1), (other, 1), via_shop_id=own.shop.id),
        shelf.order(buyer, (other, 1), via_shop_id=own.shop.id),
    ]
    via = [shelf.one("select via_shop_id from orders where id = %s", each.id) for each in orders]
    assert via == [own.shop.id, None, None]
