"""Teams that buy together: from the first seat to the last cent, over the real database."""

from uuid import UUID

import pytest

from banyan import campaigns, store
from banyan.kernel.errors import Refused
from banyan.kernel.work import Database
from banyan.store import ShipmentRequest
from tests.campaigns.selling import TEAM, Market
from tests.shelf import code_of
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def market(database: Database) -> Market:
    return Market()


def team(market: Market, **changes: object) -> tuple[UUID, UUID, list[UUID]]:
    campaign = market.selling("group_buy", TEAM | changes)
    people = market.people(5)
    (quest,) = market.quests(campaign, people[:1])
    return campaign, quest, people


def test_a_full_team_settles_at_the_lowest_price_and_returns_the_difference(market: Market) -> None:
    _, quest, people = team(market)
    orders = market.buy(quest, *people[:3])
    assert [order.payable_minor for order in orders] == [9000] * 3
    assert market.team_state(quest) == "settled"
    assert market.quest_state(quest) == "won"
    market.refunds_done()
    assert [market.back(order) for order in orders] == [1000] * 3
    assert [market.order_state(order) for order in orders] == ["confirmed"] * 3
    assert not any(market.held(order) for order in orders)
    assert market.one("select count(*) from grants where beneficiary_id = %s", people[0]) == 1
    market.told(*orders)
    assert_whole()


def test_an_order_is_not_handed_over_before_the_team_has_formed(market: Market) -> None:
    _, quest, people = team(market)
    (order,) = market.buy(quest, people[0])
    code = market.look(order).collection_code or ""
    with market.work() as work, pytest.raises(Refused) as refused:
        store.collect(work, code)
    assert refused.value.refusal.code == "order_held"
    market.buy(quest, people[1])
    market.wake(hours=24)
    with market.work() as work:
        assert store.collect(work, code) == order.id
    assert_whole()


def test_a_parcel_is_not_sent_before_the_team_has_formed(market: Market) -> None:
    _, quest, people = team(market)
    order = market.join(
        quest, people[0], fulfilment="delivery", address_id=market.address(people[0])
    )
    market.pay(order)
    market.told(order)
    with market.work() as work, pytest.raises(Refused) as refused:
        store.ship(work, ShipmentRequest(order.id, "sf", "SF1"))
    assert refused.value.refusal.code == "order_held"


def test_time_over_with_a_step_reached_settles_at_that_step(market: Market) -> None:
    _, quest, people = team(market)
    orders = market.buy(quest, *people[:2])
    assert market.team_state(quest) == "forming"
    market.wake(hours=24)
    assert market.team_state(quest) == "settled"
    market.refunds_done()
    assert [market.back(order) for order in orders] == [0, 0]
    assert_whole()


def test_a_failed_team_refunds_everybody_and_is_closed(market: Market) -> None:
    _, quest, people = team(market)
    (paid,) = market.buy(quest, people[0])
    unpaid = market.join(quest, people[1])
    market.wake(hours=24)
    assert (market.team_state(quest), market.quest_state(quest)) == ("refunding", "lost")
    assert market.look(unpaid).state == "closed"
    market.refunds_done()
    market.told(paid, unpaid)
    assert market.team_state(quest) == "closed"
    assert market.back(paid) == 9000
    assert (market.order_state(paid), market.order_state(unpaid)) == ("refunded", "released")
    assert market.stock(market.tea)[0] == 1000
    assert market.clearing() == 0
    assert_whole()


def test_a_payment_told_after_the_team_failed_goes_back(market: Market) -> None:
    _, quest, people = team(market)
    late = market.join(quest, people[1])
    market.pay(late)
    market.wake(hours=24)
    assert market.quest_state(quest) == "lost"
    market.told(late)
    assert market.team_state(quest) == "refunding"
    market.refunds_done()
    market.told(late)
    assert (market.back(late), market.team_state(quest)) == (9000, "closed")
    assert_whole()


def test_a_seat_is_held_before_payment_and_given_up_without(market: Market) -> None:
    _, quest, people = team(market)
    orders = [market.join(quest, who) for who in people[:3]]
    (answer,) = market.order_in([market.ask(quest, people[3])])
    assert code_of(answer) == "seat_quest_full"
    with market.work() as work:
        store.cancel_order(work, orders[2].id, "changed my mind")
    market.told(orders[2])
    assert market.join(quest, people[3]).state == "placed"
    assert_whole()


def test_a_person_is_in_one_team_at_a_time(market: Market) -> None:
    campaign, quest, people = team(market)
    (other,) = market.quests(campaign, people[1:2])
    market.join(quest, people[2])
    (answer,) = market.order_in([market.ask(other, people[2])])
    assert code_of(answer) == "in_another_team"
    (again,) = market.order_in([market.ask(quest, people[2])])
    assert code_of(again) == "seat_done_already"


def test_a_repeat_is_the_same_order_and_the_same_seat(market: Market) -> None:
    _, quest, people = team(market)
    asked = market.ask(quest, people[0], request_key="once", request_digest=b"x")
    first, second = market.order_in([asked, asked])
    (third,) = market.order_in([asked])
    assert not isinstance(first, Refused)
    assert first == second
    assert not isinstance(third, Refused)
    assert third.id == first.id
    (other,) = market.order_in([asked._replace(request_digest=b"y")])
    assert code_of(other) == "idempotency_mismatch"
    assert market.one("select count(*) from quest_seats where quest_id = %s", quest) == 1


def test_what_the_store_refuses_takes_no_seat(database: Database) -> None:
    del database
    market = Market(stock=1)
    _, quest, people = team(market)
    market.join(quest, people[0])
    (answer,) = market.order_in([market.ask(quest, people[1])])
    assert code_of(answer) == "sold_out"
    assert market.one("select count(*) from quest_seats where quest_id = %s", quest) == 1
    assert (
        market.one(
            "select jsonb_array_length(progress::jsonb -> 3) from quests where id = %s", quest
        )
        == 1
    )
    assert_whole()


def test_who_joins_a_team_takes_part_brought_by_its_leader(market: Market) -> None:
    campaign, quest, people = team(market)
    market.join(quest, people[1])
    found = market.one(
        "select referrer_id from participants where campaign_id = %s and person_id = %s",
        campaign,
        people[1],
    )
    assert found == people[0]


def test_the_end_of_the_campaign_decides_every_team(market: Market) -> None:
    campaign, quest, people = team(market)
    (order,) = market.buy(quest, people[0])
    with market.work() as work:
        campaigns.end_campaign(work, campaign)
        campaigns.close_quests(work, campaign)
    market.refunds_done()
    market.told(order)
    assert market.back(order) == 9000
    assert_whole()
