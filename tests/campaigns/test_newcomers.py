"""What is for newcomers is sold to newcomers: once a person, whoever presses how often and where."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from banyan import store
from banyan.campaigns import until_first
from banyan.kernel.errors import Refused
from banyan.plays import PLAYS, FlashSaleSettings
from tests.campaigns.selling import FLASH, Market
from tests.shelf import code_of
from tests.whole import assert_whole

ONE_YUAN: dict[str, Any] = FLASH | {"price_minor": 100, "per_person": 1, "newcomers_only": True}


@pytest.fixture
def market(database: object) -> Market:
    return Market()


def sale(market: Market, settings: dict[str, Any] = ONE_YUAN) -> UUID:
    return market.selling("flash_sale", settings, offers=[])


def test_somebody_who_never_paid_may_buy_once(market: Market) -> None:
    campaign, (newcomer,) = sale(market), market.people(1)
    (quest,) = market.quests(campaign, [newcomer])
    (order,) = market.buy(quest, newcomer)
    assert order.payable_minor == 100
    (again,) = market.order_in([market.ask(quest, newcomer)])
    assert code_of(again) == "seat_newcomers_only"
    assert_whole()


def test_who_has_paid_before_may_not_and_is_told_why(market: Market) -> None:
    campaign, (regular, looker) = sale(market), market.people(2)
    market.paid(regular, (market.tea, 1))
    market.order(looker, (market.tea, 1))
    known, fresh = market.quests(campaign, [regular, looker])
    refused, placed = market.order_in([market.ask(known, regular), market.ask(fresh, looker)])
    assert isinstance(refused, Refused)
    assert refused.refusal.text("zh") == "仅限没有在本店买过的新客"
    assert code_of(placed) is None, "an order nobody paid is no purchase"
    assert_whole()


def test_an_unpaid_order_is_free_again_and_a_refunded_one_is_not(market: Market) -> None:
    campaign, (one,) = sale(market), market.people(1)
    (quest,) = market.quests(campaign, [one])
    order = market.join(quest, one)
    with market.work() as work:
        store.close_unpaid(work, [order.id], "buyer")
    market.told(order)
    (order,) = market.buy(quest, one)
    market.refund(order, (order.lines[0].id, 1))
    market.refunds_done()
    market.told(order)
    (again,) = market.order_in([market.ask(quest, one)])
    assert code_of(again) == "seat_newcomers_only"
    assert_whole()


def test_two_sales_at_once_give_one_newcomer_one_order(market: Market) -> None:
    (one,) = market.people(1)
    quests = [market.quests(sale(market), [one])[0] for _ in range(4)]

    def order(quest: UUID) -> str | None:
        asked = [market.ask(quest, one)]
        return code_of(until_first(lambda: market.order_in(asked)[0]))

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(order, quests))
    assert sorted(codes, key=str) == [None] + ["seat_newcomers_only"] * 3
    assert_whole()


def test_a_sale_for_all_asks_nothing_of_the_past(market: Market) -> None:
    campaign, (regular,) = sale(market, FLASH), market.people(1)
    market.paid(regular, (market.tea, 1))
    (quest,) = market.quests(campaign, [regular])
    assert market.buy(quest, regular)
    said = [rule.zh for rule in PLAYS["flash_sale"].rules(_settings(newcomers_only=True), {})]
    assert said[0].startswith("仅限此前没有在本店付款下单的新客")
    assert len(PLAYS["flash_sale"].rules(_settings(), {})) == len(said) - 1


def _settings(**more: Any) -> FlashSaleSettings:
    return FlashSaleSettings(good="tea", price_minor=100, quantity=5, **more)
