"""Commission by line on the real engine: which goods earn, refunds of one line, old orders, the books."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from banyan import campaigns, rewards, store
from banyan.app.recomputing import driver_of
from banyan.campaigns import order_stories
from banyan.campaigns.commission_report import commission_report
from banyan.campaigns.legal_facts import facts_of
from banyan.campaigns.models import Campaign
from banyan.campaigns.order_stories import Step
from banyan.campaigns.reviews import shaped
from banyan.kernel.ids import new_id
from banyan.kernel.postgres import Urls
from banyan.kernel.work import Work, current_database
from banyan.store import OrderView, Voucher
from banyan.store.sweeps import deliver_sandbox_notices
from tests.campaigns.test_affiliate_sales import CASH, SETTINGS
from tests.planting import found_by
from tests.shelf import Shelf
from tests.whole import assert_whole

APPROVED = [{"rate_bps": 500, "approval_id": "法审-2026-11"}]
TEA, CUP, BOX = range(3)
PRICES = (10_000, 3_333, 5_000)


def named(goods: UUID, name: str) -> dict[str, str]:
    return {"id": str(goods), "name": name}


class Shop(Shelf):
    """A shop of tea, cups (in a category) and boxes; one who brings a seller, who brings a buyer."""

    def __init__(self, settings: Callable[["Shop"], dict[str, Any]] = lambda _: {}) -> None:
        super().__init__(freight_minor=1000)
        self.skus_of = [self.sku(100, price) for price in PRICES]
        self.tea, self.cup, self.box = (
            named(
                self.one("select product_id from skus where id = %s", sku),
                f"商品 {nth}",
            )
            for nth, sku in enumerate(self.skus_of)
        )
        with self.work() as work:
            category = store.ensure_categories(work, {"杯子"})["杯子"]
        self.cups = named(category, "杯子")
        self.put(self.cup, category)
        self.campaign_id = self.campaign(
            {"key": "affiliate", "settings": SETTINGS | settings(self)},
            offers=[CASH],
            order_value_minor=10_000,
        )
        self.above, self.seller, self.buyer = self.people(3)
        (first,) = self.quests(self.campaign_id, [self.above])
        (self.quest,) = self.quests(self.campaign_id, [self.seller], first)
        self.link = self.one("select share_code from quests where id = %s", self.quest)

    def put(self, goods: dict[str, str], category: UUID | None) -> None:
        """Move a product to a category."""
        with self.work() as work:
            work.driver.execute(
                "update products set category_id = %s where id = %s", (category, goods["id"])
            )

    def tell(self, order: OrderView) -> int:
        with self.work() as work:
            return campaigns.tell_stories(work, [order.id])

    def sold(self, *which: tuple[int, int], **more: Any) -> OrderView:
        items = [(self.skus_of[one], pieces) for one, pieces in which]
        order = self.paid(self.buyer, *items, link_code=self.link, **more)
        self.tell(order)
        return order

    def back(self, order: OrderView, nth: int, pieces: int = 1) -> None:
        """Let pieces of the order's nth line go back."""
        refund = self.refund(order, (order.lines[nth].id, pieces))
        store.send_refund(self.workspace, refund)
        deliver_sandbox_notices()
        self.tell(order)

    def deliver(self, order: OrderView) -> None:
        code = self.one("select collection_code from orders where id = %s", order.id)
        with self.work() as work:
            store.collect(work, code)
        self.tell(order)

    def wallet(self, who: UUID | None = None) -> tuple[int, int]:
        """Return what is somebody's own and what is owed to them."""
        with self.work() as work:
            rewards.vest_due(work)
            cash = rewards.wallet(work, who or self.seller).cash
        return cash.free_minor, cash.held_minor

    def owed(self, order: OrderView, rule: str = "commission") -> list[int]:
        """Return what stands of the commission on each line of the order."""
        return [
            self.one(
                "select coalesce(sum(cost_minor - reversed_minor), 0)::bigint from grants"
                " where cause = %s and rule = %s",
                *(line.id, rule),
            )
            for line in order.lines
        ]

    def recomputed(self) -> list[str]:
        with current_database().relay.connect() as connection:
            (*_, count) = campaigns.recompute(driver_of(connection), campaign_id=self.campaign_id)
        return [each.what for each in count.differences]


@pytest.fixture(autouse=True)
def _database(database: object) -> None:
    assert database


def test_of_two_lines_the_chosen_one_earns_is_taken_back_alone_and_vests() -> None:
    shop = Shop(lambda shop: {"products": [shop.tea]})
    order = shop.sold((TEA, 2), (CUP, 1))
    assert shop.tell(order) == 0
    assert shop.owed(order) == [2000, 0]
    # A refund of what earns nothing takes nothing back.
    shop.back(order, 1)
    assert shop.owed(order) == [2000, 0]
    shop.back(order, 0)
    assert shop.owed(order) == [1000, 0]
    assert shop.wallet() == (0, 1000)
    shop.deliver(order)
    shop.now += timedelta(days=10, minutes=1)
    assert shop.wallet() == (1000, 0)
    assert shop.recomputed() == []
    assert_whole()


def test_every_line_has_its_own_share_and_stands_by_itself_at_both_levels() -> None:
    shop = Shop(
        lambda shop: {
            "rates": [
                {"rate_bps": 2000, "products": [shop.tea]},
                {"rate_bps": 300, "categories": [shop.cups]},
            ],
            "excluded_products": [shop.box],
            "second_level": APPROVED,
        }
    )
    order = shop.sold((TEA, 2), (CUP, 1), (BOX, 1))
    assert shop.owed(order) == [4000, 99, 0]
    assert shop.owed(order, "second") == [1000, 166, 0]
    assert (shop.wallet(), shop.wallet(shop.above)) == ((0, 4099), (0, 1166))
    shop.back(order, 0)
    assert shop.owed(order) == [2000, 99, 0]
    assert shop.owed(order, "second") == [500, 166, 0]
    shop.deliver(order)
    shop.now += timedelta(days=10, minutes=1)
    assert (shop.wallet(), shop.wallet(shop.above)) == ((2099, 0), (666, 0))
    # What was asked for in time is refunded late: it comes out of what has vested.
    with shop.work() as work:
        first, second = commission_report(work, shop.campaign_id).levels
        own = campaigns.own_quest(work, shop.quest, shop.seller)
    assert (first.orders, first.earners, first.rate_bps, first.highest_bps) == (1, 1, 1000, 2000)
    assert (first.vested_minor, first.taken_back_minor) == (2099, 2000)
    assert (second.orders, second.highest_bps, second.vested_minor) == (1, 500, 666)
    assert {note.code: note.value for note in own.notes}["earned"] == 2099
    assert shop.recomputed() == []
    assert_whole()


def test_the_judge_counts_who_was_paid_on_an_order_and_who_bought_it() -> None:
    shop = Shop(lambda _: {"second_level": APPROVED})
    shop.sold((TEA, 1), (CUP, 1))
    shop.sold((BOX, 1))
    with shop.work() as work:
        campaign = work.session.get(Campaign, (shop.workspace, shop.campaign_id))
        assert campaign is not None
        facts = facts_of(work, campaign, shaped(campaign.definition))
    # The organiser, who brought the seller, the seller; and of people those two and the buyer.
    assert (facts.chain_levels, facts.chain_people) == (3, 3)


def test_a_coupon_is_spread_over_the_lines_and_commission_is_of_the_rest() -> None:
    shop = Shop()
    coupon = Voucher(new_id(), "满减", "Off", 1000)
    order = shop.sold((TEA, 1), (CUP, 1), vouchers=(coupon,))
    paid = [line.payable_minor for line in order.lines]
    assert sum(paid) == PRICES[TEA] + PRICES[CUP] - 1000
    assert shop.owed(order) == [minor // 10 for minor in paid]
    assert_whole()


def test_the_limit_of_an_order_is_shared_by_its_lines() -> None:
    shop = Shop()
    order = shop.sold((TEA, 6), (BOX, 4))
    # 6000 and 2000 of 5000.
    assert shop.owed(order) == [3750, 1250]
    shop.back(order, 1, 4)
    assert shop.owed(order) == [3750, 0]
    assert shop.recomputed() == []
    assert_whole()


def test_an_amount_of_an_order_is_taken_from_the_lines_the_shop_took_it_from() -> None:
    shop = Shop(lambda shop: {"products": [shop.cup, shop.box]})
    order = shop.sold((TEA, 1), (CUP, 1), (BOX, 1))
    assert shop.owed(order) == [0, 333, 500]
    with shop.work() as work:
        refund = store.send_back(work, order.id, "kindness", 11_000)
    assert refund is not None
    store.send_refund(shop.workspace, refund)
    deliver_sandbox_notices()
    shop.tell(order)
    # All of the tea, and 10 of the cup.
    assert shop.owed(order) == [0, 233, 500]
    assert_whole()


def test_the_category_is_the_one_it_was_ordered_in() -> None:
    shop = Shop(lambda shop: {"categories": [shop.cups]})
    placed = shop.order(shop.buyer, (shop.skus_of[CUP], 1), link_code=shop.link)
    shop.put(shop.cup, None)
    assert store.pay_in_sandbox(shop.workspace, shop.begin(placed))
    deliver_sandbox_notices()
    shop.tell(placed)
    assert shop.owed(placed) == [333]
    later = shop.sold((CUP, 1))
    assert shop.owed(later) == [0]
    assert_whole()


def test_an_order_told_before_there_were_lines_goes_on_as_it_began(
    urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(lambda _: {"second_level": APPROVED})
    with monkeypatch.context() as before:
        # What telling was until there were lines: the steps as the story has them.
        before.setattr(order_stories, "itemized", as_told_before)
        order = shop.sold((TEA, 2), (CUP, 1))
    write_as_it_was(urls, shop)
    assert shop.recomputed() == []
    assert (shop.wallet(), shop.wallet(shop.above)) == ((0, 2333), (0, 1166))
    shop.back(order, 0)
    # A tenth of 23333 less 10000, and a twentieth.
    assert (shop.wallet(), shop.wallet(shop.above)) == ((0, 1333), (0, 666))
    shop.deliver(order)
    shop.now += timedelta(days=10, minutes=1)
    assert (shop.wallet(), shop.wallet(shop.above)) == ((1333, 0), (666, 0))
    with shop.work() as work:
        levels = commission_report(work, shop.campaign_id).levels
    assert [level.orders for level in levels] == [1, 1]
    later = shop.sold((TEA, 1), (CUP, 1))
    assert shop.owed(later) == [1000, 333]
    assert shop.recomputed() == []
    assert_whole()


def as_told_before(_work: Work, steps: list[Step], _quests: object) -> list[Step]:
    """Return the steps without lines."""
    return steps


def write_as_it_was(urls: Urls, shop: Shop) -> None:
    """Take out of facts and progress what they did not have before there were lines."""
    with psycopg.connect(urls.superuser) as connection:
        connection.execute("set local session_replication_role = replica")
        facts = connection.execute(
            "update quest_facts set fact = (fact::jsonb - 'lines' - 'most_minor')::json"
            " where workspace_id = %s and fact ->> 'type' = 'ordered'",
            (shop.workspace,),
        )
        quests = connection.execute(
            "update quests set progress = (left(progress::text, -6) || ']]]')::json"
            " where workspace_id = %s and progress::text like '%%,false,[]]]]'",
            (shop.workspace,),
        )
        assert (facts.rowcount, quests.rowcount) == (2, 2)
        connection.commit()


@pytest.fixture
def rated() -> tuple[Shop, OrderView]:
    """Return a shop where tea earns 20 %, cups 3 % and boxes nothing, and an order of one each."""
    shop = Shop(
        lambda shop: {
            "categories": [shop.cups],
            "rates": [
                {"rate_bps": 2000, "products": [shop.tea]},
                {"rate_bps": 300, "categories": [shop.cups]},
            ],
        }
    )
    return shop, shop.sold((TEA, 1), (CUP, 1), (BOX, 1))


def test_commission_on_a_line_above_its_own_share_is_found(
    urls: Urls, rated: tuple[Shop, OrderView]
) -> None:
    _, order = rated
    tea, cup, box = (line.id for line in order.lines)
    more = "update grants set cost_minor = cost_minor + 1 where cause = %s"
    for line, paid in ((tea, PRICES[TEA]), (cup, PRICES[CUP])):
        (row,) = found_by(urls, "I-G9", (more, (line,)))
        assert (row["cause"], row["net"]) == (line, paid)
    # Of what earns nothing.
    moved = "update grants set cause = %s where cause = %s"
    (row,) = found_by(urls, "I-G9", (moved, (box, cup)))
    assert row["cause"] == box


def test_commission_above_one_offer_for_an_order_is_found(
    urls: Urls, rated: tuple[Shop, OrderView]
) -> None:
    shop, order = rated
    (row,) = found_by(
        urls,
        "I-G15",
        (
            "update offers set value_minor = 2098, cost_minor = 2098 where campaign_id = %s",
            (shop.campaign_id,),
        ),
    )
    assert (row["order_id"], row["given"]) == (order.id, 2099)


def test_somebody_else_who_earns_by_another_line_is_found(
    urls: Urls, rated: tuple[Shop, OrderView]
) -> None:
    shop, order = rated
    other = "update grants set beneficiary_id = %s where cause = %s"
    rows = found_by(urls, "I-G5c", (other, (shop.buyer, order.lines[1].id)))
    assert [row["cause"] for row in rows] == [order.id]


def test_a_line_that_keeps_what_was_refunded_is_found(
    urls: Urls, rated: tuple[Shop, OrderView]
) -> None:
    shop, order = rated
    shop.back(order, 0)
    tea = order.lines[0].id
    kept = (
        "update grants set state = 'pending', reversed_minor = 0, reversed_at = null,"
        " reverse_reason = null where cause = %s"
    )
    (row,) = found_by(urls, "I-G9", (kept, (tea,)))
    assert (row["cause"], row["net"]) == (tea, 0)
