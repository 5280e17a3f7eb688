"""The second level of affiliate on the real engine: told, owed, vested and taken back in step."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from banyan import campaigns, rewards, store
from banyan.campaigns.commission_report import commission_report
from banyan.store import OrderView
from banyan.store.sweeps import deliver_sandbox_notices
from tests.campaigns.test_affiliate_sales import CASH, SETTINGS
from tests.shelf import Shelf
from tests.whole import assert_whole

APPROVED = [{"rate_bps": 500, "approval_id": "法审-2026-11"}]


class Chain(Shelf):
    """A brings B, B brings C, C brings D: four sellers, each by the link of the one before."""

    def __init__(self, second_level: list[dict[str, Any]]) -> None:
        super().__init__(freight_minor=1000)
        self.tea = self.sku(100, 10_000)
        settings = SETTINGS | {"second_level": second_level}
        self.campaign_id = self.campaign(
            {"key": "affiliate", "settings": settings}, offers=[CASH], order_value_minor=10_000
        )
        *self.sellers, self.buyer = self.people(5)
        self.links: list[UUID] = []
        for seller in self.sellers:
            via = self.links[-1] if self.links else None
            self.links += self.quests(self.campaign_id, [seller], via)

    def tell(self, order: OrderView) -> int:
        with self.work() as work:
            return campaigns.tell_stories(work, [order.id])

    def sold(self, by: int, pieces: int = 1, buyer: UUID | None = None) -> OrderView:
        """Let somebody buy by the link of seller `by`."""
        code = self.one("select share_code from quests where id = %s", self.links[by])
        order = self.paid(buyer or self.buyer, (self.tea, pieces), link_code=code)
        self.tell(order)
        return order

    def deliver(self, order: OrderView) -> None:
        code = self.one("select collection_code from orders where id = %s", order.id)
        with self.work() as work:
            store.collect(work, code)
        self.tell(order)

    def refund_one(self, order: OrderView, asked: UUID | None = None) -> None:
        """Let one piece go back; what was `asked` earlier may go through late."""
        refund = asked or self.refund(order, (order.lines[0].id, 1))
        store.send_refund(self.workspace, refund)
        deliver_sandbox_notices()
        self.tell(order)

    def wallets(self) -> list[tuple[int, int]]:
        """Return, seller by seller, what is their own and what is owed to them."""
        with self.work() as work:
            rewards.vest_due(work)
            cash = [rewards.wallet(work, seller).cash for seller in self.sellers]
        return [(each.free_minor, each.held_minor) for each in cash]

    def told(self, order: OrderView) -> dict[UUID, int]:
        """Return how many steps of the order each quest was told."""
        with self.work() as work:
            rows = work.driver.execute(
                "select quest_id, count(*) from quest_order_facts where order_id = %s group by 1",
                (order.id,),
            )
            return dict(rows.fetchall())


@pytest.fixture
def chain(database: object) -> Chain:
    return Chain(APPROVED)


def test_who_sold_and_who_brought_them_are_owed_then_paid(chain: Chain) -> None:
    order = chain.sold(by=1, pieces=2)
    assert chain.wallets() == [(0, 1000), (0, 2000), (0, 0), (0, 0)]
    assert chain.tell(order) == 0
    chain.deliver(order)
    asked = chain.refund(order, (order.lines[0].id, 1))
    chain.now += timedelta(days=9, hours=23)
    assert chain.wallets()[:2] == [(0, 1000), (0, 2000)]
    chain.now += timedelta(hours=2)
    assert chain.wallets() == [(1000, 0), (2000, 0), (0, 0), (0, 0)]
    chain.refund_one(order, asked)
    assert chain.wallets() == [(500, 0), (1000, 0), (0, 0), (0, 0)]
    assert_whole()


def test_a_refund_before_it_vests_takes_both_back_in_proportion(chain: Chain) -> None:
    order = chain.sold(by=1, pieces=2)
    chain.refund_one(order)
    assert chain.wallets() == [(0, 500), (0, 1000), (0, 0), (0, 0)]
    chain.refund_one(order)
    assert chain.wallets() == [(0, 0)] * 4
    assert_whole()


def test_a_third_level_is_told_nothing(chain: Chain) -> None:
    order = chain.sold(by=3)
    assert chain.wallets() == [(0, 0), (0, 0), (0, 500), (0, 1000)]
    assert set(chain.told(order)) == {chain.links[2], chain.links[3]}
    assert_whole()


def test_without_an_approved_second_level_nobody_above_hears(database: object) -> None:
    chain = Chain([])
    order = chain.sold(by=1)
    assert chain.wallets() == [(0, 0), (0, 1000), (0, 0), (0, 0)]
    assert set(chain.told(order)) == {chain.links[1]}
    assert_whole()


def test_ones_own_purchase_earns_neither_level(chain: Chain) -> None:
    mine = chain.sold(by=1, buyer=chain.sellers[1])
    assert chain.wallets() == [(0, 0)] * 4
    assert set(chain.told(mine)) == {chain.links[1]}
    above = chain.sold(by=1, buyer=chain.sellers[0])
    assert chain.wallets() == [(0, 0), (0, 1000), (0, 0), (0, 0)]
    assert set(chain.told(above)) == {chain.links[1]}
    assert_whole()


def test_the_page_says_what_came_by_the_second_level(chain: Chain) -> None:
    chain.sold(by=1)
    chain.sold(by=0)
    with chain.work() as work:
        quest = campaigns.own_quest(work, chain.links[0], chain.sellers[0])
    notes = {note.code: note.value for note in quest.notes}
    assert (notes["second_sales"], notes["second_earned"], notes["earned"]) == (1, 500, 1500)


def test_the_merchant_reads_each_level(chain: Chain) -> None:
    order = chain.sold(by=1, pieces=2)
    chain.refund_one(order)
    with chain.work() as work:
        first, second = commission_report(work, chain.campaign_id).levels
    assert (first.level, first.rate_bps, first.approval_id) == (1, 1000, "")
    assert (second.level, second.rate_bps, second.approval_id) == (2, 500, "法审-2026-11")
    assert (first.orders, first.pending_minor, first.taken_back_minor) == (1, 1000, 1000)
    assert (second.orders, second.pending_minor, second.taken_back_minor) == (1, 500, 500)
