"""Stampedes at a team's last seat: never more members than seats, every payment settled or back.

`BANYAN_TEAM_ROUNDS` says how often; the suite runs a few rounds, a release many.
"""

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import msgspec
import pytest

from banyan import campaigns, store
from banyan.app import campaign_orders
from banyan.app.quest_ordering import run_quest_orders
from banyan.campaigns import QuestOrderRequest
from banyan.kernel.errors import Refused
from banyan.kernel.work import Database
from banyan.store.sweeps import deliver_sandbox_notices
from tests.campaigns.selling import TEAM, Market
from tests.whole import assert_whole

ROUNDS = int(os.environ.get("BANYAN_TEAM_ROUNDS") or 20)
RIVALS = 200
WORKERS = 16


@pytest.fixture
def market(database: Database) -> Market:
    del database
    return Market(stock=1_000_000)


def ordered(market: Market, quest: UUID, buyer: UUID) -> UUID | str:
    request = QuestOrderRequest(
        quest, buyer, fulfilment="collection", request_key=secrets.token_hex(8)
    )
    (answer,) = run_quest_orders((market.workspace, None), [request])
    if isinstance(answer, Refused):
        return answer.refusal.code
    return UUID(msgspec.json.decode(answer)["id"])


def paid(market: Market, order_id: UUID) -> None:
    with market.work() as work:
        order = store.order_view(work, order_id)
    store.pay_in_sandbox(market.workspace, market.begin(order))
    deliver_sandbox_notices()
    campaign_orders.tell(market.workspace, [order_id])


def test_two_hundred_want_the_last_seat(market: Market) -> None:
    """Each rival orders and, if there is a seat, pays, all at once; round after round."""
    campaign = market.selling("group_buy", TEAM | {"teams_per_person": 20})
    rivals = market.people(RIVALS)
    for _ in range(ROUNDS):
        leader, second = market.people(2)
        (quest,) = market.quests(campaign, [leader])
        market.buy(quest, leader, second)

        def rush(buyer: UUID, quest: UUID = quest) -> UUID | str:
            answer = ordered(market, quest, buyer)
            if isinstance(answer, UUID):
                paid(market, answer)
            return answer

        with ThreadPoolExecutor(WORKERS) as threads:
            answers = list(threads.map(rush, rivals))
        winners = [answer for answer in answers if isinstance(answer, UUID)]
        assert len(winners) == 1
        told = {answer for answer in answers if isinstance(answer, str)}
        assert told <= {"seat_quest_full"}
        assert market.team_state(quest) == "settled"
        seats = market.one("select count(*) from quest_seats where quest_id = %s", quest)
        assert seats == 3
    settle(market)


def test_seats_that_change_hands_in_a_stampede(market: Market) -> None:
    """Some pay, some give up, the time ends in the middle: all money is in a team or back."""
    chance = secrets.SystemRandom()
    campaign = market.selling("group_buy", TEAM | {"teams_per_person": 20})
    people = market.people(60)
    quests = market.quests(campaign, people[:10])

    def one(buyer: UUID) -> None:
        answer = ordered(market, chance.choice(quests), buyer)
        if not isinstance(answer, UUID):
            return
        if chance.random() < 0.3:
            with market.work() as work:
                store.cancel_order(work, answer, "changed my mind")
            campaign_orders.tell(market.workspace, [answer])
        else:
            paid(market, answer)

    def end() -> None:
        with market.work() as work:
            campaigns.end_campaign(work, campaign)
        with market.work() as work:
            campaigns.close_quests(work, campaign)

    with ThreadPoolExecutor(WORKERS) as threads:
        futures = [threads.submit(one, buyer) for buyer in people * 2]
        for future in futures[:60]:
            future.result()
        ending = threads.submit(end)
        for future in [*futures[60:], ending]:
            future.result()
    settle(market)
    left = market.one(
        "select count(*) from quest_orders where state in ('reserved', 'paid', 'returning')"
    )
    assert left == 0


def settle(market: Market) -> None:
    """Let every story be told and every refund arrive, then ask every promise."""
    for _ in range(3):
        story = [each for each in market.events() if each.name in campaigns.STORY_EVENTS]
        campaign_orders.take(story)
        while any(each[0] == market.workspace for each in store.due_refunds()):
            market.refunds_done()
    total = market.one("select coalesce(sum(balance_minor), 0) from ledger_accounts")
    assert total == 0
    assert_whole()
