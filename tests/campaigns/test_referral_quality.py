"""Referral that rewards orders and staying, on the real engine: orders of no link find their quest."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from banyan import campaigns, rewards, store
from banyan.campaigns.quest_pages import own_quest
from banyan.campaigns.wakes import wake_due
from banyan.store import OrderView
from banyan.store.sweeps import deliver_sandbox_notices
from tests.shelf import Shelf
from tests.stage import REFERRAL
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


class Bringer(Shelf):
    """A shop, somebody who invites, and two friends who came by their link."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(freight_minor=1000)
        self.tea = self.sku(100, 10_000)
        play = REFERRAL | {"settings": REFERRAL["settings"] | settings}  # type: ignore[operator]
        self.campaign_id = self.campaign(play)
        self.owner, self.friend, self.other = self.people(3)
        self.now += timedelta(seconds=1)
        (self.quest,) = self.quests(self.campaign_id, [self.owner])
        answers = self.support((self.quest, self.friend), (self.quest, self.other))
        assert all(getattr(answer, "counted", False) for answer in answers)
        self.now += timedelta(minutes=1)

    def tell(self, order: OrderView) -> int:
        with self.work() as work:
            return campaigns.tell_stories(work, [order.id])

    def bought(self, buyer: UUID, **more: Any) -> OrderView:
        """Let somebody order and pay now, by no link of anybody."""
        order = self.paid(buyer, (self.tea, 1), **more)
        with self.work() as work:
            # The sandbox pays by the real clock; the stage has its own.
            work.driver.execute(
                "update orders set paid_at = %s where id = %s", (self.now, order.id)
            )
        self.tell(order)
        return order

    def deliver(self, order: OrderView) -> None:
        code = self.one("select collection_code from orders where id = %s", order.id)
        with self.work() as work:
            store.collect(work, code)
        self.tell(order)

    def refund_all(self, order: OrderView) -> None:
        refund = self.refund(order, (order.lines[0].id, 1))
        self.due_now()
        store.send_refund(self.workspace, refund)
        self.due_now()
        deliver_sandbox_notices()
        self.tell(order)

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)
        with self.work() as work:
            wake_due(work)

    def have(self) -> int:
        return self.one("select have from quests where id = %s", self.quest)

    def held(self, who: UUID) -> list[str]:
        with self.work() as work:
            given = rewards.grants_of_people(work, [who], self.campaign_id)
        return sorted(grant.offer_key for grant in given if grant.state in {"vested", "paid"})


def test_a_friends_order_without_any_link_is_told_and_counts_after_the_return_time() -> None:
    bringer = Bringer(counts_when="ordered", wait_days=7)
    assert (bringer.have(), bringer.held(bringer.owner)) == (0, [])
    assert bringer.held(bringer.friend) == ["half"]
    order = bringer.bought(bringer.friend)
    bringer.deliver(order)
    for _ in range(3):
        assert bringer.tell(order) == 0
    bringer.wait(days=6, hours=23)
    assert (bringer.have(), bringer.held(bringer.owner)) == (0, [])
    bringer.wait(hours=2)
    assert (bringer.have(), bringer.held(bringer.owner)) == (1, ["latte"])
    assert_whole()


def test_a_refund_before_and_after_it_counts_is_undone() -> None:
    bringer = Bringer(counts_when="ordered", wait_days=0, undo_days=30)
    order = bringer.bought(bringer.friend)
    assert (bringer.have(), bringer.held(bringer.owner)) == (1, ["latte"])
    bringer.refund_all(order)
    assert (bringer.have(), bringer.held(bringer.owner)) == (0, [])
    again = bringer.bought(bringer.friend)
    assert (bringer.have(), bringer.held(bringer.owner)) == (1, ["latte"])
    bringer.wait(days=30)
    bringer.refund_all(again)
    assert (bringer.have(), bringer.held(bringer.owner)) == (1, ["latte"])
    assert_whole()


def test_an_order_by_the_quests_own_link_is_told_once() -> None:
    bringer = Bringer(counts_when="ordered", wait_days=0)
    code = bringer.one("select share_code from quests where id = %s", bringer.quest)
    bringer.bought(bringer.friend, link_code=code)
    steps = "select count(*) from quest_order_facts where quest_id = %s"
    assert (bringer.have(), bringer.one(steps, bringer.quest)) == (1, 1)
    assert_whole()


def test_what_was_paid_before_the_friend_came_is_nobodys_merit() -> None:
    bringer = Bringer(counts_when="ordered", wait_days=0, new_people_only=False)
    (late,) = bringer.people(1)
    order = bringer.bought(late)
    bringer.now += timedelta(minutes=1)
    bringer.support((bringer.quest, late))
    bringer.deliver(order)
    assert bringer.have() == 0
    bringer.now += timedelta(minutes=1)
    bringer.bought(late)
    assert bringer.have() == 1
    assert_whole()


def test_where_coming_counts_orders_change_nothing() -> None:
    bringer = Bringer()
    assert bringer.have() == 2
    order = bringer.bought(bringer.friend)
    assert bringer.tell(order) == 0
    assert bringer.one("select count(*) from quest_order_facts") == 0
    assert_whole()


def test_who_stays_counts_and_who_left_does_not() -> None:
    bringer = Bringer(counts_when="stayed_n_days", wait_days=5)
    with bringer.work() as work:
        assert campaigns.leave(work, bringer.quest, bringer.other)
    bringer.wait(days=4)
    assert bringer.have() == 0
    bringer.wait(days=1, minutes=1)
    assert (bringer.have(), bringer.held(bringer.owner)) == (1, ["latte"])
    assert (bringer.held(bringer.friend), bringer.held(bringer.other)) == (["half"], [])
    assert_whole()


def test_the_page_says_who_waits_for_what() -> None:
    bringer = Bringer(counts_when="ordered", wait_days=7)
    bringer.bought(bringer.friend)
    with bringer.work() as work:
        mine = own_quest(work, bringer.quest, bringer.owner)
    assert {note.code: note.value for note in mine.notes} == {
        "brought": 2,
        "waits_order": 1,
        "waits_delivery": 1,
    }
    waits = sorted(each.waits.zh for each in mine.supporters if each.waits)
    assert waits == ["已下单，等签收", "还没有付款下单"]
