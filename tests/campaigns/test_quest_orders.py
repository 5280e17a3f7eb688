"""Orders of quests: bargains and flash sales, what is told again, and money that is slow to return."""

from random import Random
from typing import Any
from uuid import UUID

import pytest

from banyan import campaigns, store
from banyan.app import campaign_orders
from banyan.campaigns import SupportRequest
from banyan.kernel.errors import Refused
from banyan.kernel.work import Database
from banyan.store import Item, OrderRequest
from banyan.store.sweeps import deliver_sandbox_notices
from tests.campaigns.selling import BARGAIN, FLASH, TEAM, Market
from tests.shelf import code_of
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def market(database: Database) -> Market:
    del database
    return Market()


def balances(market: Market) -> dict[str, int]:
    """Return every account of the merchant, and how each order and quest stands."""
    with market.work() as work:
        rows = work.driver.execute(
            "select key, balance_minor, pending_minor from ledger_accounts order by key"
        ).fetchall()
        orders = work.driver.execute(
            "select order_id, state from quest_orders union all select id, state from quests"
        ).fetchall()
    found: dict[str, Any] = {key: (balance, pending) for key, balance, pending in rows}
    return found | {str(each): state for each, state in orders}


def test_a_bargain_is_sold_at_the_price_reached_and_only_to_its_starter(market: Market) -> None:
    campaign = market.selling("bargain", BARGAIN)
    people = market.people(3)
    (quest,) = market.quests(campaign, people[:1])
    with market.work() as work:
        campaigns.support(work, [SupportRequest(quest, people[1])])
    price = market.one(
        "select (10000 - (progress -> 2 ->> 0)::int) from quests where id = %s", quest
    )
    (refused,) = market.order_in([market.ask(quest, people[1])])
    assert code_of(refused) == "seat_starter_only"
    order = market.join(quest, people[0])
    assert order.payable_minor == price
    assert not order.is_held
    (again,) = market.order_in([market.ask(quest, people[0])])
    assert code_of(again) == "seat_done_already"
    market.pay(order)
    market.told(order)
    assert market.quest_state(quest) == "won"
    assert_whole()


def test_a_flash_sale_sells_as_many_as_announced_and_so_many_to_each(market: Market) -> None:
    campaign = market.selling("flash_sale", FLASH)
    people = market.people(4)
    quests = market.quests(campaign, people)
    first = market.join(quests[0], people[0], quantity=2)
    assert first.payable_minor == 10_000
    (over,) = market.order_in([market.ask(quests[0], people[0])])
    assert code_of(over) == "seat_cap_reached"
    market.join(quests[1], people[1], quantity=2)
    (gone,) = market.order_in([market.ask(quests[2], people[2], quantity=2)])
    assert code_of(gone) == "sale_sold_out"
    market.join(quests[2], people[2])
    with market.work() as work:
        store.cancel_order(work, first.id, "changed my mind")
    market.told(first)
    market.join(quests[3], people[3], quantity=2)
    assert_whole()


def test_pieces_of_an_order_refunded_as_a_whole_are_sold_again(market: Market) -> None:
    campaign = market.selling("flash_sale", FLASH | {"quantity": 2})
    people = market.people(3)
    quests = market.quests(campaign, people)
    first = market.join(quests[0], people[0], quantity=2)
    market.pay(first)
    market.told(first)
    (gone,) = market.order_in([market.ask(quests[1], people[1])])
    assert code_of(gone) == "sale_sold_out"
    for left in (1, 0):
        refund = market.refund(first, (first.lines[0].id, 1))
        store.send_refund(market.workspace, refund)
        deliver_sandbox_notices()
        market.told(first)
        market.told(first)
        (second,) = market.order_in([market.ask(quests[1], people[1])])
        # A part that went back frees nothing: whoever kept the rest keeps the place.
        assert code_of(second) == ("sale_sold_out" if left else None)
    # The piece is for others; whoever sent it back has used their limit.
    (again,) = market.order_in([market.ask(quests[0], people[0])])
    assert code_of(again) == "seat_cap_reached"
    market.join(quests[2], people[2])
    (gone,) = market.order_in([market.ask(quests[2], people[2])])
    assert code_of(gone) == "sale_sold_out"
    assert_whole()


def test_a_set_of_requests_never_sells_beyond_the_quota(market: Market) -> None:
    campaign = market.selling("flash_sale", FLASH)
    people = market.people(12)
    quests = market.quests(campaign, people)
    pairs = zip(quests, people, strict=True)
    answers = market.order_in([market.ask(quest, who) for quest, who in pairs])
    assert [code_of(answer) for answer in answers] == [None] * 5 + ["sale_sold_out"] * 7
    assert_whole()


def test_everything_told_three_times_in_any_order_leaves_the_same_balances(market: Market) -> None:
    team = market.selling("group_buy", TEAM)
    people = market.people(6)
    settled, failed = market.quests(team, [people[0], people[3]])
    orders = [market.join(settled, who) for who in people[:3]]
    late = market.join(failed, people[3])
    market.pay(*orders, late)
    for event in market.events():
        if event.name in campaigns.STORY_EVENTS:
            campaign_orders.take([event])
    market.wake(hours=24)
    market.refunds_done()
    story = [each for each in market.events() if each.name in campaigns.STORY_EVENTS]
    campaign_orders.take(story)
    before = balances(market)
    assert market.team_state(settled) == "settled"
    assert market.team_state(failed) == "closed"
    chance = Random(4)
    for _ in range(3):
        chance.shuffle(story)
        for event in story:
            campaign_orders.take([event])
    market.refunds_done()
    assert balances(market) == before
    assert_whole()


@pytest.mark.parametrize("at", range(6))
def test_a_crash_between_any_two_steps_is_healed_by_replay(
    market: Market, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """The transaction dies at its `at`-th statement that matters; the event is handed over again."""
    team = market.selling("group_buy", TEAM)
    people = market.people(3)
    (quest,) = market.quests(team, people[:1])
    orders = [market.join(quest, who) for who in people]
    market.pay(*orders)
    steps = ["set_states", "confirm", "send_back"]
    from banyan.campaigns import order_effects, order_stories  # noqa: PLC0415 - patched here

    calls = 0

    def dying(wanted: Any) -> Any:
        def call(*args: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at + 1:
                msg = "the power is cut"
                raise RuntimeError(msg)
            return wanted(*args, **named)

        return call

    with monkeypatch.context() as patch:
        for name in steps:
            patch.setattr(order_effects, name, dying(getattr(order_effects, name)))
        patch.setattr(order_stories, "set_states", dying(order_stories.set_states))
        try:
            market.told(*orders)
        except RuntimeError as problem:
            assert "power" in str(problem)  # noqa: PT017 - whether it dies depends on the place
            assert market.team_state(quest) == "full"
    market.told(*orders)
    market.refunds_done()
    assert market.team_state(quest) == "settled"
    assert [market.back(order) for order in orders] == [1000] * 3
    assert_whole()


def test_a_refund_provider_that_hangs_fails_and_answers_twice_pays_each_back_once(
    market: Market,
) -> None:
    team = market.selling("group_buy", TEAM)
    people = market.people(20)
    quests = market.quests(team, people)
    orders = [market.join(quest, who) for quest, who in zip(quests, people, strict=True)]
    market.pay(*orders)
    market.told(*orders)
    market.wake(hours=24)
    chance = Random(11)
    for _ in range(6):
        manner = chance.choices(
            ["failing", "hanging", "lost_answer", "slow", "fine"], [30, 15, 15, 10, 30]
        )[0]
        market.manners(refunds=manner, notices="double")
        market.due_now()
        due = [each for each in store.due_refunds() if each[0] == market.workspace]
        for each in due[:7]:
            store.send_refund(*each)
            store.send_refund(*each)
        deliver_sandbox_notices()
    stuck = stuck_refunds(market)
    listed = market.one(
        "select count(*) from refunds where state in ('failed', 'unknown') and kind = 'by_rule'"
    )
    assert len(stuck) == listed
    market.manners(refunds="fine", notices="prompt")
    for refund in stuck:
        with market.work() as work:
            store.retry_refund(work, refund)
    for _ in range(3):
        market.refunds_done()
    deliver_sandbox_notices()
    market.told(*orders)
    assert [market.back(order) for order in orders] == [9000] * 20
    assert {market.team_state(quest) for quest in quests} == {"closed"}
    assert market.clearing() == 0
    assert_whole()


def stuck_refunds(market: Market) -> list[UUID]:
    with market.work() as work:
        rows = work.driver.execute(
            "select id from refunds where state in ('failed', 'unknown') and kind = 'by_rule'"
        ).fetchall()
    return [row[0] for row in rows]


def test_a_plain_order_by_a_teams_link_is_none_of_the_teams(market: Market) -> None:
    """Who buys something else after coming by a team's link is not refunded as if they had no seat."""
    campaign = market.selling("group_buy", TEAM)
    people = market.people(2)
    (quest,) = market.quests(campaign, people[:1])
    code = market.one("select share_code from quests where id = %s", quest)
    order = market.paid(people[1], (market.tea, 1), link_code=code)
    assert market.told(order) == 0
    assert market.look(order).state == "paid"


def test_a_shops_own_discount_is_not_added_to_a_campaign_price(market: Market) -> None:
    with market.work() as work:
        work.driver.execute(
            "insert into shop_discounts (workspace_id, id, shop_id, name_zh, name_en, kind,"
            " from_minor, off_minor, off_bps, starts_at, ends_at, state, created_at)"
            " values (%s, gen_random_uuid(), %s, '满减', 'Off', 'amount_off', 0, 500, 0,"
            " now() - interval '1 day', now() + interval '9 day', 'on', now())",
            (market.workspace, market.shop),
        )
    campaign = market.selling("group_buy", TEAM)
    people = market.people(2)
    (quest,) = market.quests(campaign, people[:1])
    assert market.join(quest, people[0]).payable_minor == 9000
    plain = market.place([OrderRequest(people[1], (Item(market.tea, 1),), "collection")])
    assert not isinstance(plain[0], Refused)
    assert plain[0].payable_minor == 9500


def test_a_good_without_a_product_cannot_be_published(market: Market) -> None:
    good = {
        "key": "tea",
        "name": {"zh": "高山红茶", "en": "Mountain tea"},
        "list_price_minor": 10_000,
        "sku_id": None,
    }
    with pytest.raises(Refused) as refused:
        market.selling("group_buy", TEAM, goods=[good])
    assert refused.value.refusal.code == "definition_invalid"
    assert "goods[0].sku_id" in str(refused.value.params)


def test_what_is_not_on_the_shelf_cannot_be_announced(market: Market) -> None:
    off = market.sku(5, 10_000, state="off_sale")
    dear = TEAM | {"tiers": [{"people": 2, "price_minor": 9999}]}
    cheap = market.sku(5, 5000)
    for sku, settings, code in (
        (UUID(int=5), TEAM, "sku_not_found"),
        (off, TEAM, "not_on_sale"),
        (cheap, dear, "above_shop_price"),
    ):
        good = {
            "key": "tea",
            "name": {"zh": "高山红茶", "en": "Mountain tea"},
            "list_price_minor": 10_000,
            "sku_id": str(sku),
        }
        with pytest.raises(Refused) as refused:
            market.selling("group_buy", settings, goods=[good])
        assert f"'code': '{code}'" in str(refused.value.params["problems"])
