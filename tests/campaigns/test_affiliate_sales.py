"""Affiliate from the link to the wallet: real orders, deliveries, refunds, vesting and a payout."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from banyan import campaigns, rewards, store
from banyan.kernel.ids import new_id
from banyan.rewards import payouts
from banyan.rewards.payouts import PayoutRequest
from banyan.store import OrderView
from banyan.store.sweeps import deliver_sandbox_notices
from tests.shelf import Shelf
from tests.whole import assert_whole

SETTINGS: dict[str, Any] = {
    "offer": "cash",
    "rate_bps": 1000,
    "return_days": 7,
    "buffer_days": 3,
    "orders_per_person": 100,
}
CASH: dict[str, Any] = {
    "key": "cash",
    "kind": "cash",
    "name": {"zh": "推广佣金", "en": "Commission"},
    "value_minor": 5000,
    "cost_minor": 5000,
}


class Seller(Shelf):
    """A shop, an affiliate's link, and people who buy by it."""

    def __init__(self) -> None:
        super().__init__(freight_minor=1000)
        self.tea = self.sku(100, 10_000)
        campaign = self.campaign(
            {"key": "affiliate", "settings": SETTINGS}, offers=[CASH], order_value_minor=10_000
        )
        self.owner, self.buyer = self.people(2)
        (self.quest,) = self.quests(campaign, [self.owner])
        self.link = self.one("select share_code from quests where id = %s", self.quest)

    def tell(self, order: OrderView) -> None:
        with self.work() as work:
            campaigns.tell_stories(work, [order.id])

    def sold(self, pieces: int = 1, buyer: UUID | None = None) -> OrderView:
        order = self.paid(buyer or self.buyer, (self.tea, pieces), link_code=self.link)
        self.tell(order)
        return order

    def deliver(self, order: OrderView) -> None:
        code = self.one("select collection_code from orders where id = %s", order.id)
        with self.work() as work:
            store.collect(work, code)
        self.tell(order)

    def wallet(self) -> tuple[int, int]:
        """Return what is the owner's own and what is owed to them."""
        with self.work() as work:
            rewards.vest_due(work)
            cash = rewards.wallet(work, self.owner).cash
        return cash.free_minor, cash.held_minor


@pytest.fixture
def seller(database: object) -> Seller:
    return Seller()


def test_a_sale_is_owed_vests_and_is_paid_out(seller: Seller) -> None:
    order = seller.sold(2)
    seller.tell(order)
    assert seller.wallet() == (0, 2000)
    seller.deliver(order)
    seller.now += timedelta(days=9, hours=23)
    assert seller.wallet() == (0, 2000)
    seller.now += timedelta(hours=2)
    assert seller.wallet() == (2000, 0)
    with seller.work() as work:
        asked = PayoutRequest(new_id(), seller.owner, "sandbox", 2000, "openid")
        payouts.ask_payout(work, asked)
        work.driver.execute("update payouts set try_at = now() - interval '1 second'")
    assert payouts.send_payout(seller.workspace, asked.id) == "succeeded"
    assert seller.wallet() == (0, 0)
    assert_whole()


def test_a_refund_takes_its_part_before_it_vests(seller: Seller) -> None:
    order = seller.sold(2)
    refund = seller.refund(order, (order.lines[0].id, 1))
    store.send_refund(seller.workspace, refund)
    deliver_sandbox_notices()
    for _ in range(3):
        seller.tell(order)
    assert seller.wallet() == (0, 1000)
    assert_whole()


def test_ones_own_order_earns_nothing_and_a_dear_one_no_more_than_the_offer(seller: Seller) -> None:
    seller.sold(buyer=seller.owner)
    assert seller.wallet() == (0, 0)
    seller.sold(9)
    assert seller.wallet() == (0, 5000)
    assert_whole()
