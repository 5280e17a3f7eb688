"""Late payments race for the few seats other teams have left: each is in one team, or back once."""

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from banyan import campaigns, store
from banyan.app import campaign_orders
from banyan.kernel.work import SYSTEM, Database, unit_of_work
from banyan.store import OrderView
from banyan.store.closing import close_expired
from tests.campaigns.selling import TEAM, Market
from tests.faults.test_team_stampede import settle

LATE, SEATS, ROUNDS = 40, 6, 3
TAKEN = (5, 4, 4)
"""How many sit in each of the other teams: five seats are free."""
FREE = SEATS * len(TAKEN) - sum(TAKEN)
SIX = TEAM | {
    "tiers": [{"people": 2, "price_minor": 9000}, {"people": SEATS, "price_minor": 8000}],
    "teams_per_person": 20,
}


@pytest.fixture
def market(database: Database) -> Market:
    del database
    return Market(stock=1_000_000)


def crowd_in(market: Market, quest: UUID, buyers: Sequence[UUID]) -> None:
    """Let these buy in one team, all of them in time."""
    answers = market.order_in([market.ask(quest, buyer) for buyer in buyers])
    orders = [answer for answer in answers if isinstance(answer, OrderView)]
    assert len(orders) == len(buyers)
    market.pay(*orders)
    market.told(*orders)


def run_out(market: Market, quest: UUID, buyers: Sequence[UUID], agreed: set[UUID]) -> list[UUID]:
    """Let these have a seat each, pay, and run out of time before the money is heard of."""
    asked = [market.ask(quest, buyer, may_move=buyer in agreed) for buyer in buyers]
    orders = [answer for answer in market.order_in(asked) if isinstance(answer, OrderView)]
    assert len(orders) == len(buyers)
    for order in orders:
        assert store.pay_in_sandbox(market.workspace, market.begin(order))
    with market.work() as work:
        work.driver.execute("update orders set expires_at = now() where state = 'placed'")
    with unit_of_work(market.workspace, SYSTEM) as work:
        assert close_expired(work) == len(orders)
    market.told(*orders)
    return [order.id for order in orders]


def stampede(market: Market, campaign: UUID, agreeing: int) -> None:
    late = market.people(LATE)
    agreed = set(late[:agreeing])
    secrets.SystemRandom().shuffle(late)
    leaders = market.people(1 + len(TAKEN))
    first, *others = market.quests(campaign, leaders)
    orders = [
        order
        for at in range(0, LATE, SEATS)
        for order in run_out(market, first, late[at : at + SEATS], agreed)
    ]
    crowd_in(market, first, market.people(SEATS))
    for quest, taken in zip(others, TAKEN, strict=True):
        crowd_in(market, quest, market.people(taken))
    payments = {
        order: market.one("select id from payments where order_id = %s", order) for order in orders
    }
    market.due_now()
    gate = Barrier(LATE)

    def heard(order: UUID) -> None:
        gate.wait()
        for _ in range(3):
            store.ask_about_payment(market.workspace, payments[order])
            campaign_orders.tell(market.workspace, [order])

    with ThreadPoolExecutor(LATE) as threads:
        list(threads.map(heard, orders))
    with market.work() as work:
        moved = work.driver.execute(
            "select m.order_id, m.to_quest_id, o.person_id, o.state from quest_moves m"
            " join quest_orders o using (workspace_id, order_id) where m.order_id = any(%s)",
            (orders,),
        ).fetchall()
        sitting = dict(
            work.driver.execute(
                "select quest_id, count(*) from quest_seats where quest_id = any(%s) group by 1",
                ([first, *others],),
            ).fetchall()
        )
    assert len(moved) == min(FREE, agreeing)
    assert {row[2] for row in moved} <= agreed
    # Where few agree, a team of an earlier round still has a seat for some of them.
    assert first not in {row[1] for row in moved}
    assert all(taken <= SEATS for taken in sitting.values())
    settle(market)
    taken = {row[0] for row in moved}
    for order in orders:
        backs = market.one(
            "select coalesce(array_agg(amount_minor::bigint), '{}') from refunds"
            " where order_id = %s and state = 'done' and reason <> 'campaign:difference'",
            order,
        )
        assert backs == ([] if order in taken else [9000])


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("agreeing", [20, 3])
def test_forty_late_payments_race_for_five_seats(market: Market, agreeing: int) -> None:
    campaign = market.selling("group_buy", SIX)
    for _ in range(ROUNDS):
        stampede(market, campaign, agreeing)
    before = market.one("select count(*) from quest_moves")
    told = [each for each in market.events() if each.name in campaigns.STORY_EVENTS]
    for _ in range(3):
        campaign_orders.take(told)
    assert market.one("select count(*) from quest_moves") == before
    settle(market)
