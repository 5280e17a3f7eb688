"""Orders and packets follow again from what was told and kept; what somebody changed is found."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest

from banyan import campaigns
from banyan.kernel.postgres import Urls
from banyan.kernel.work import Database
from tests.campaigns import test_group_buy, test_moves, test_newcomers, test_quest_orders
from tests.campaigns.packets import grab, packet, taken
from tests.campaigns.selling import TEAM, Market
from tests.campaigns.test_recomputing import found_after, recomputed, whats
from tests.planting import Fault
from tests.stage import Stage

pytestmark = pytest.mark.usefixtures("database")
Story = Callable[[Market], None]


def _stories(*modules: ModuleType) -> list[Story]:
    """Return the tests of these modules that need a market and nothing else."""
    return [
        told
        for module in modules
        for name, told in vars(module).items()
        if name.startswith("test_") and list(inspect.signature(told).parameters) == ["market"]
    ]


STORIES = _stories(test_group_buy, test_quest_orders, test_moves, test_newcomers)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_orders_of_every_story_recompute(story: Story, database: Database) -> None:
    del database
    market = Market()
    story(market)
    for campaign in market_campaigns(market):
        assert recomputed(campaign).differences == []


def market_campaigns(market: Market) -> list[UUID]:
    with market.work() as work:
        rows = work.driver.execute(
            "select id from campaigns where workspace_id = %s", (market.workspace,)
        )
        return [row[0] for row in rows]


class Formed:
    """A team of three that settled at the lowest price, and one that failed."""

    def __init__(self) -> None:
        market = self.market = Market()
        self.id = market.selling("group_buy", TEAM)
        people = market.people(5)
        self.quest, self.failed = market.quests(self.id, [people[0], people[3]])
        self.order, *_ = market.buy(self.quest, *people[:3])
        (self.lost,) = market.buy(self.failed, people[3])
        market.wake(hours=24)
        market.refunds_done()
        market.told(self.lost)


@pytest.fixture
def formed() -> Formed:
    return Formed()


def test_an_order_that_stands_elsewhere_is_found(urls: Urls, formed: Formed) -> None:
    count = recomputed(formed.id)
    assert (count.orders, count.differences) == (4, [])
    order, lost = formed.order.id, formed.lost.id
    cases: tuple[tuple[str, Fault], ...] = (
        *(
            (
                f"order {order}: state",
                ("update quest_orders set state = %s where order_id = %s", (state, order)),
            )
            for state in ("paid", "returning", "reserved", "released")
        ),
        (
            f"order {lost}: state",
            ("update quest_orders set state = 'confirmed' where order_id = %s", (lost,)),
        ),
        (
            f"order {lost}: state",
            ("delete from quest_order_facts where order_id = %s", (lost,)),
        ),
    )
    for what, fault in cases:
        assert what in whats(found_after(urls, formed.id, fault))


def test_a_refund_of_another_amount_moment_or_rule_is_found(urls: Urls, formed: Formed) -> None:
    order, lost = formed.order.id, formed.lost.id
    only: LiteralString = " where order_id = %s"
    cases: tuple[tuple[LiteralString, UUID, str], ...] = (
        ("update refunds set amount_minor = amount_minor + 1", order, "(difference): amount"),
        ("update refunds set amount_minor = amount_minor - 1", lost, "amount"),
        ("update refunds set asked_at = asked_at - interval '1 hour'", order, "asked_at"),
        ("update refunds set reason = 'campaign:gift'", order, "refund (gift)"),
        ("update refunds set reason = 'campaign:gift'", order, "refund (difference)"),
        ("delete from refunds", lost, "refund (failed)"),
    )
    for change, named, what in cases:
        statement: LiteralString = f"{change}{only}"
        assert what in whats(found_after(urls, formed.id, (statement, (named,)))), change
    assert recomputed(formed.id).differences == []


def test_an_order_confirmed_by_a_fact_that_was_changed_is_found(urls: Urls, formed: Formed) -> None:
    paid = """
        update quest_facts set fact = jsonb_set(fact::jsonb, '{order}', to_jsonb(%s::text))
        where quest_id = %s and fact ->> 'type' = 'ordered' and fact ->> 'order' = %s
    """
    values = (str(formed.lost.id), formed.quest, str(formed.order.id))
    assert f"order {formed.order.id}: state" in whats(found_after(urls, formed.id, (paid, values)))


@pytest.mark.parametrize("split", ["equal", "lucky"])
def test_a_packet_is_cut_again_by_its_seed(urls: Urls, split: str) -> None:
    stage = Stage()
    campaign = packet(stage, 6_000, 20, split=split)
    everybody = stage.people(7)
    amounts = taken(grab(stage, campaign, *everybody))
    assert len(amounts) == 7
    count = recomputed(campaign)
    assert (count.packets, count.differences) == (1, [])
    with stage.work() as work:
        campaigns.end_campaign(work, campaign)
    with stage.work() as work:
        campaigns.settle_campaign(work, campaign)
    assert recomputed(campaign).differences == []

    mine: LiteralString = (
        " where packet_id = (select id from red_packets where campaign_id = %s) and nth = 3"
    )
    cases: tuple[tuple[LiteralString, str], ...] = (
        (f"update packet_shares set amount_minor = amount_minor + 1{mine}", "packet share 3"),
        (f"delete from packet_shares{mine}", "packet share 3"),
        (f"update grabs set amount_minor = amount_minor + 1{mine}", "packet share taken 3"),
        (f"update grabs set nth = 9{mine}", "packet share taken 9"),
        (f"delete from grabs{mine}", "packet: taken"),
        ("update red_packets set taken = taken + 1 where campaign_id = %s", "packet: taken"),
        (
            """update red_packets set taken_minor = taken_minor - 1,
               returned_minor = returned_minor + 1 where campaign_id = %s""",
            "packet: returned_minor",
        ),
        ("update packet_seeds set seed = sha256('x') where campaign_id = %s", "packet share"),
        (
            """update grants set value_minor = value_minor + 1
               where rule = 'packet' and campaign_id = %s""",
            "amount",
        ),
        (
            """update grants set beneficiary_id = gen_random_uuid()
               where rule = 'packet' and campaign_id = %s""",
            "person",
        ),
    )
    for statement, what in cases:
        if split == "equal" and "packet_seeds" in statement:
            # Equal shares of an even sum are the same in every order.
            continue
        assert what in whats(found_after(urls, campaign, (statement, (campaign,)))), statement


def test_the_ordinary_check_cuts_the_newest_packets_again(urls: Urls) -> None:
    stage = Stage()
    campaign = packet(stage, 2_000, 20, split="lucky")
    grab(stage, campaign, *stage.people(2))
    with psycopg.connect(urls.superuser) as connection:
        assert campaigns.recompute_latest(connection).packets > 0
        connection.execute("set local session_replication_role = replica")
        connection.execute(
            "update grabs set amount_minor = amount_minor + 5 where packet_id ="
            " (select id from red_packets where campaign_id = %s)",
            (campaign,),
        )
        found = campaigns.recompute_latest(connection)
        connection.rollback()
    assert {each.campaign_id for each in found.differences} == {campaign}


def test_a_packets_seed_cannot_be_changed(urls: Urls) -> None:
    stage = Stage()
    campaign = packet(stage, 2_000, 20)
    for statement in (
        "update packet_seeds set seed = sha256('x') where campaign_id = %s",
        "delete from packet_seeds where campaign_id = %s",
    ):
        with psycopg.connect(urls.superuser) as connection, pytest.raises(psycopg.Error):
            connection.execute(statement, (campaign,))
