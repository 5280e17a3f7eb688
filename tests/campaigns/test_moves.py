"""Payments that come too late for a team: into another team for who agreed, back for who did not."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from banyan import campaigns, store
from banyan.kernel.work import SYSTEM, Database, unit_of_work
from banyan.store import OrderView
from banyan.store.closing import close_expired
from tests.campaigns.selling import TEAM, Market
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")

PAIR = TEAM | {"tiers": [{"people": 2, "price_minor": 9000}]}


@pytest.fixture
def market(database: Database) -> Market:
    del database
    return Market()


HALF = timedelta(hours=12)


class Teams:
    """A campaign with one team whose seat a late payer had, and others that are forming."""

    def __init__(self, market: Market, others: int = 1, settings: dict[str, Any] = TEAM) -> None:
        self.market = market
        self.campaign = market.selling("group_buy", settings)
        self.people = market.people(12)
        leaders = self.people[: 1 + others]
        self.first, *self.others = market.quests(self.campaign, leaders)
        self.led = [
            market.buy(quest, leader)[0]
            for quest, leader in zip(self.others, leaders[1:], strict=True)
        ]

    def gave_up(self, who: UUID, *, may_move: bool = True, **more: object) -> OrderView:
        """Take a seat of the first team, pay, and run out of time before the money is heard of."""
        market = self.market
        order = market.join(self.first, who, may_move=may_move, **more)
        assert store.pay_in_sandbox(market.workspace, market.begin(order))
        expire(market)
        market.told(order)
        assert market.order_state(order) == "released"
        return order

    def late(self, who: UUID, *, may_move: bool = True) -> OrderView:
        """Be in time no more, and let the money come."""
        order = self.gave_up(who, may_move=may_move)
        hear(self.market, order)
        return order

    def quest_of(self, order: OrderView) -> UUID:
        return self.market.one("select quest_id from quest_orders where order_id = %s", order.id)


def expire(market: Market) -> None:
    """Let the reservation of every unpaid order run out."""
    with market.work() as work:
        work.driver.execute("update orders set expires_at = now() where state = 'placed'")
    with unit_of_work(market.workspace, SYSTEM) as work:
        close_expired(work)


def hear(market: Market, order: OrderView) -> None:
    """Let the provider say what it has of this order's payments."""
    with market.work() as work:
        rows = work.driver.execute("select id from payments where order_id = %s", (order.id,))
        payments = [row[0] for row in rows]
    market.due_now()
    for payment in payments:
        store.ask_about_payment(market.workspace, payment)


def seats(market: Market, quest: UUID) -> int:
    return market.one("select count(*) from quest_seats where quest_id = %s", quest)


def test_a_late_payment_takes_a_free_seat_of_another_team(market: Market) -> None:
    teams = Teams(market)
    (other,) = teams.others
    late = teams.gave_up(teams.people[4])
    market.buy(teams.first, *teams.people[5:8])
    assert market.team_state(teams.first) == "settled"
    hear(market, late)
    assert market.told(late) == 1
    assert (teams.quest_of(late), market.order_state(late)) == (other, "paid")
    assert (market.look(late).state, market.held(late), seats(market, other)) == ("paid", True, 2)
    market.buy(other, teams.people[8])
    assert market.team_state(other) == "settled"
    market.refunds_done()
    assert market.told(late) == 1
    assert (market.order_state(late), market.back(late)) == ("confirmed", 1000)
    assert not market.held(late)
    assert_whole()


def test_who_did_not_agree_gets_everything_back(market: Market) -> None:
    teams = Teams(market)
    late = teams.late(teams.people[4], may_move=False)
    market.told(late)
    market.refunds_done()
    assert (market.back(late), market.order_state(late)) == (9000, "released")
    assert seats(market, teams.others[0]) == 1
    assert market.one("select count(*) from quest_moves") == 0
    assert_whole()


def test_the_own_team_is_asked_first(market: Market) -> None:
    teams = Teams(market)
    late = teams.late(teams.people[4])
    market.told(late)
    assert teams.quest_of(late) == teams.first
    assert market.team_state(teams.first) == "forming"
    assert [each.name for each in market.events() if each.name == "campaigns.order_moved"]
    assert_whole()


def test_of_several_teams_the_one_that_needs_the_fewest_takes_it(market: Market) -> None:
    teams = Teams(market, others=3)
    late = teams.gave_up(teams.people[4])
    market.buy(teams.others[1], teams.people[5])
    market.buy(teams.first, *teams.people[6:9])
    hear(market, late)
    market.told(late)
    assert teams.quest_of(late) == teams.others[1]
    assert market.team_state(teams.others[1]) == "settled"
    assert market.order_state(late) == "confirmed"
    assert_whole()


def test_no_free_seat_anywhere_sends_it_back_once(market: Market) -> None:
    teams = Teams(market, settings=PAIR)
    late = teams.gave_up(teams.people[4])
    market.buy(teams.first, *teams.people[5:7])
    market.buy(teams.others[0], teams.people[7])
    hear(market, late)
    for _ in range(3):
        market.told(late)
        market.refunds_done()
    assert market.back(late) == 9000
    assert market.one("select count(*) from refunds where order_id = %s", late.id) == 1
    assert_whole()


def test_what_the_buyer_gave_up_is_not_taken_up_again(market: Market) -> None:
    teams = Teams(market)
    order = market.join(teams.first, teams.people[4], may_move=True)
    assert store.pay_in_sandbox(market.workspace, market.begin(order))
    with market.work() as work:
        store.cancel_order(work, order.id, "changed my mind")
    hear(market, order)
    market.told(order)
    market.refunds_done()
    assert (market.back(order), market.order_state(order)) == (9000, "released")
    assert_whole()


def test_who_has_bought_in_another_team_meanwhile_is_not_put_into_a_second(market: Market) -> None:
    teams = Teams(market, others=2)
    late = teams.gave_up(teams.people[4])
    (again,) = market.buy(teams.others[0], teams.people[4])
    hear(market, late)
    market.told(late)
    market.refunds_done()
    assert (market.back(late), market.back(again)) == (9000, 0)
    assert_whole()


def test_without_goods_on_the_shelf_it_goes_back_and_takes_no_seat(database: Database) -> None:
    del database
    market = Market(stock=3)
    teams = Teams(market)
    late = teams.gave_up(teams.people[4])
    market.buy(teams.first, *teams.people[5:7])
    hear(market, late)
    market.told(late)
    market.refunds_done()
    assert market.back(late) == 9000
    assert (seats(market, teams.first), seats(market, teams.others[0])) == (2, 1)
    assert_whole()


def test_two_late_payments_of_one_order_move_it_once(market: Market) -> None:
    teams = Teams(market)
    order = market.join(teams.first, teams.people[4], may_move=True)
    numbers = [market.begin(order, method=method) for method in ("native", "h5")]
    for number in numbers:
        assert store.pay_in_sandbox(market.workspace, number)
    expire(market)
    hear(market, order)
    market.told(order)
    market.refunds_done()
    market.told(order)
    assert (market.order_state(order), market.back(order)) == ("paid", 9000)
    assert_whole()


def test_a_paused_campaign_moves_nobody(market: Market) -> None:
    teams = Teams(market)
    late = teams.late(teams.people[4])
    with market.work() as work:
        campaigns.pause_campaign(work, teams.campaign, "stop")
    market.told(late)
    market.refunds_done()
    assert market.back(late) == 9000
    assert_whole()


def test_told_three_times_it_is_moved_once(market: Market) -> None:
    teams = Teams(market)
    late = teams.late(teams.people[4])
    for _ in range(3):
        hear(market, late)
        market.told(late)
    assert seats(market, teams.first) == 1
    assert market.one("select count(*) from quest_moves") == 1
    assert market.one("select count(*) from order_steps where order_id = %s", late.id) == 2
    assert_whole()


def test_a_payment_told_after_the_team_failed_moves(market: Market) -> None:
    """It was paid in time, and the team was decided before anybody told it so."""
    teams = Teams(market, others=0)
    late = market.join(teams.first, teams.people[4], may_move=True)
    market.pay(late)
    market.now += HALF
    (other,) = market.quests(teams.campaign, teams.people[1:2])
    market.buy(other, teams.people[1])
    market.now -= HALF
    market.wake(hours=24)
    assert market.quest_state(teams.first) == "lost"
    market.told(late)
    assert (teams.quest_of(late), market.order_state(late)) == (other, "paid")
    assert market.team_state(teams.first) == "closed"
    market.wake(hours=12)
    market.refunds_done()
    assert (market.quest_state(other), market.order_state(late)) == ("won", "confirmed")
    assert_whole()
