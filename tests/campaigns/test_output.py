"""What a campaign brings in: real payments and refunds, each counted once in a campaign."""

import json
from collections import defaultdict
from uuid import UUID

import psycopg
import pytest

from banyan.kernel.relay import Cursor, read_events
from banyan.kernel.work import current_database
from tests.campaigns.selling import FLASH, TEAM, Market
from tests.campaigns.test_two_levels import APPROVED, Chain
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


def output(workspace: UUID) -> dict[UUID, list[int]]:
    """Return what each campaign of a merchant brought in, payment by payment."""
    found: dict[UUID, list[int]] = defaultdict(list)
    cursor = Cursor(0)
    with psycopg.connect(current_database().relay_url, autocommit=True) as connection:
        while batch := read_events(connection, cursor):
            for event in batch:
                if event.workspace_id == workspace and event.name == "campaigns.sold":
                    assert event.campaign_id is not None
                    found[event.campaign_id].append(json.loads(event.body)["output_minor"])
            cursor = batch[-1].cursor
    return dict(found)


def test_a_sale_told_to_two_sellers_counts_once() -> None:
    chain = Chain(APPROVED)
    order = chain.sold(by=1, pieces=2)
    assert len(chain.told(order)) == 2
    assert output(chain.workspace) == {chain.campaign_id: [20_000]}
    chain.refund_one(order)
    for _ in range(3):
        chain.tell(order)
    assert output(chain.workspace) == {chain.campaign_id: [20_000, -10_000]}
    assert_whole()


def test_what_a_flash_sale_sold_is_its_price_without_freight() -> None:
    market = Market(freight_minor=1000)
    campaign = market.selling("flash_sale", FLASH, offers=[])
    (buyer,) = market.people(1)
    (quest,) = market.quests(campaign, [buyer])
    order = market.join(quest, buyer, quantity=2)
    market.told(order)
    assert output(market.workspace) == {}
    market.pay(order)
    market.told(order)
    market.told(order)
    assert output(market.workspace) == {campaign: [10_000]}
    assert_whole()


def test_the_difference_of_a_team_and_a_team_that_fails_are_taken_off() -> None:
    market = Market()
    campaign = market.selling("group_buy", TEAM)
    people = market.people(4)
    full, alone = market.quests(campaign, [people[0], people[3]])
    orders = market.buy(full, *people[:3])
    orders += market.buy(alone, people[3])
    market.wake(hours=25)
    market.refunds_done()
    market.told(*orders)
    brought = output(market.workspace)[campaign]
    # Three pay the price of two, 90, and get back 10 each; the fourth gets all of it back.
    assert sorted(brought) == [-9000, *[-1000] * 3, *[9000] * 4]
    assert sum(brought) == 3 * 8000
    assert_whole()
