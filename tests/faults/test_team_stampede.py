"""Stampedes at a team's last seat: never more members than seats, every payment settled or back."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import msgspec
import pytest
import sqlalchemy.exc

from banyan import campaigns, store
from banyan.app import campaign_orders
from banyan.app.hot import Group
from banyan.app.quest_ordering import run_quest_orders
from banyan.campaigns import QuestOrderRequest
from banyan.kernel.batch import Batch
from banyan.kernel.errors import Refused
from banyan.kernel.work import SYSTEM, Database, unit_of_work
from banyan.store import OrderView
from banyan.store.closing import close_expired
from banyan.store.sweeps import deliver_sandbox_notices
from tests.campaigns.selling import TEAM, Market
from tests.whole import assert_whole

ROUNDS = 500
RIVALS = 200
WORKERS = 16
PAYING = 8
IN_A_ROW = 50
TWO = TEAM | {"tiers": [{"people": 2, "price_minor": 9000}], "teams_per_person": 20}
Answer = bytes | Refused


@pytest.fixture
def market(database: Database) -> Market:
    del database
    return Market(stock=1_000_000)


def wish(quest: UUID, buyer: UUID) -> QuestOrderRequest:
    return QuestOrderRequest(
        quest, buyer, fulfilment="collection", request_key=secrets.token_hex(8)
    )


def told(answer: Answer) -> UUID | str:
    """Return the order there is now, or why there is none."""
    if isinstance(answer, Refused):
        return answer.refusal.code
    return UUID(msgspec.json.decode(answer)["id"])


def ordered(market: Market, quest: UUID, buyer: UUID) -> UUID | str:
    (answer,) = run_quest_orders((market.workspace, None), [wish(quest, buyer)])
    return told(answer)


def paid(market: Market, order_id: UUID) -> None:
    with market.work() as work:
        order = store.order_view(work, order_id)
    store.pay_in_sandbox(market.workspace, market.begin(order))
    deliver_sandbox_notices()
    campaign_orders.tell(market.workspace, [order_id])


def all_at_once(count: int, call: Callable[[int], object]) -> list[object]:
    """Run `call` on `count` threads that begin together."""
    gate = Barrier(count)

    def one(nth: int) -> object:
        gate.wait()
        return call(nth)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def test_two_hundred_at_once_want_the_last_seat_five_hundred_times(market: Market) -> None:
    """By the batch of a web process; who has a seat pays while the next two hundred come."""
    campaign = market.selling("group_buy", TWO)
    rivals, leaders = market.people(RIVALS), market.people(ROUNDS)
    quests = market.quests(campaign, leaders)
    pairs = zip(quests, leaders, strict=True)
    first = market.order_in([market.ask(quest, leader) for quest, leader in pairs])
    leading = [order.id for order in first if isinstance(order, OrderView)]
    chance = secrets.SystemRandom()

    async def rounds(at: int) -> list[UUID]:
        """Play some rounds; return every order that was paid for."""
        batch = Batch[Group, QuestOrderRequest, Answer](run_quest_orders, most=64, lanes=4)
        loop = asyncio.get_running_loop()
        mine = leading[at : at + IN_A_ROW]
        with ThreadPoolExecutor(PAYING) as threads:
            paying = [loop.run_in_executor(threads, pay, market, order) for order in mine]
            for quest in quests[at : at + IN_A_ROW]:
                chance.shuffle(rivals)
                group = (market.workspace, None)
                asked = [batch.ask(group, wish(quest, rival)) for rival in rivals]
                answers = [told(answer) for answer in await asyncio.gather(*asked)]
                (order,) = [answer for answer in answers if isinstance(answer, UUID)]
                codes = {answer for answer in answers if isinstance(answer, str)}
                assert codes <= {"seat_quest_full", "in_another_team"}
                mine.append(order)
                paying.append(loop.run_in_executor(threads, pay, market, order))
            await asyncio.gather(*paying)
        await batch.close()
        return mine

    for at in range(0, ROUNDS, IN_A_ROW):
        orders = asyncio.run(rounds(at))
        while deliver_sandbox_notices():
            pass
        campaign_orders.tell(market.workspace, orders)
    settle(market)
    members = (
        "select count(*), max(n) from (select count(*) n from quest_seats group by quest_id) x"
    )
    with market.work() as work:
        assert work.driver.execute(members).fetchone() == (ROUNDS, 2)
        states = work.driver.execute("select state, count(*) from quest_orders group by 1")
        assert dict(states.fetchall()) == {"confirmed": 2 * ROUNDS}
        teams = work.driver.execute("select distinct progress ->> 2 from quests").fetchall()
    assert teams == [("settled",)]


def pay(market: Market, order_id: UUID) -> None:
    """Pay; the notice is brought by whoever brings the next ones."""
    with market.work() as work:
        order = store.order_view(work, order_id)
    assert store.pay_in_sandbox(market.workspace, market.begin(order))


@pytest.mark.usefixtures("crowd")
def test_two_hundred_threads_at_one_barrier(market: Market) -> None:
    """Each a transaction of its own, each pays if there is a seat; a few rounds."""
    campaign = market.selling("group_buy", TEAM | {"teams_per_person": 20})
    rivals = market.people(RIVALS)
    for _ in range(3):
        leader, second = market.people(2)
        (quest,) = market.quests(campaign, [leader])
        market.buy(quest, leader, second)

        def rush(nth: int, quest: UUID = quest) -> UUID | str:
            answer = ordered(market, quest, rivals[nth])
            if isinstance(answer, UUID):
                paid(market, answer)
            return answer

        answers = all_at_once(RIVALS, rush)
        assert len([answer for answer in answers if isinstance(answer, UUID)]) == 1
        assert {each for each in answers if isinstance(each, str)} == {"seat_quest_full"}
        assert market.team_state(quest) == "settled"
        assert market.one("select count(*) from quest_seats where quest_id = %s", quest) == 3
    settle(market)


def patiently(command: Callable[[], object]) -> None:
    """Come again when no connection was free in time, as whoever is answered 503 does."""
    while True:
        try:
            command()
        except sqlalchemy.exc.TimeoutError:
            continue
        return


@pytest.mark.usefixtures("crowd")
def test_two_hundred_have_paid_for_the_last_seat(market: Market) -> None:
    """One after the other had the seat, paid, and ran out of time before the notice came; then all do."""
    campaign = market.selling("group_buy", TWO)
    (leader,) = market.people(1)
    (quest,) = market.quests(campaign, [leader])
    market.buy(quest, leader)
    orders: list[OrderView] = []
    for rival in market.people(RIVALS):
        if orders:
            with market.work() as work:
                work.driver.execute("update orders set expires_at = now() where state = 'placed'")
            with unit_of_work(market.workspace, SYSTEM) as work:
                assert close_expired(work) == 1
            market.told(orders[-1])
        orders.append(market.join(quest, rival))
        assert store.pay_in_sandbox(market.workspace, market.begin(orders[-1]))
    ids = [order.id for order in orders]
    payments = {
        order: market.one("select id from payments where order_id = %s", order) for order in ids
    }

    def heard(nth: int) -> None:
        patiently(lambda: store.ask_about_payment(market.workspace, payments[ids[nth]]))
        patiently(lambda: campaign_orders.tell(market.workspace, [ids[nth]]))

    market.due_now()
    all_at_once(RIVALS, heard)
    settle(market)
    assert market.team_state(quest) == "settled"
    assert market.one("select count(*) from quest_seats where quest_id = %s", quest) == 2
    backs = [market.back(order) for order in orders]
    assert backs == [9000] * (RIVALS - 1) + [0]


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
    for _ in range(2):
        story = [each for each in market.events() if each.name in campaigns.STORY_EVENTS]
        campaign_orders.take(story)
        while any(each[0] == market.workspace for each in store.due_refunds()):
            market.refunds_done()
    total = market.one("select coalesce(sum(balance_minor), 0) from ledger_accounts")
    assert total == 0
    assert_whole()
