"""Cash, what is held until it vests, gifts, levels and content: the kinds besides coupons and points."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from banyan import ledger, rewards
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Transfer
from banyan.rewards import GrantRequest, OfferSpec, ReverseRequest, VestRequest
from tests.rewards.test_grants import Fund
from tests.whole import assert_whole

CASH = OfferSpec("cash", "cash", "现金", "Cash", 1000, 1000, 30)


@pytest.fixture
def fund(database: object) -> Fund:
    made = Fund()
    made.open(CASH, total=10_000)
    return made


def cash_of(fund: Fund) -> int:
    with fund.stage.work() as work:
        own = ledger.account_id(fund.stage.workspace, f"person:{fund.person}:cash:CNY")
        return ledger.balances(work, [own]).get(own, 0)


def held(fund: Fund, nth: int, amount: int) -> GrantRequest:
    return fund.ask(nth, key="cash")._replace(amount_minor=amount, is_held=True)


def keep(fund: Fund, nth: int, keep_minor: int) -> str:
    with fund.stage.work() as work:
        request = ReverseRequest(
            fund.campaign, f"r{nth}", fund.person, fund.campaign, "refund", keep_minor
        )
        return rewards.reverse(work, [request])[0]


def test_cash_is_the_persons_own_and_the_play_says_how_much(fund: Fund) -> None:
    ask = fund.ask(key="cash")
    assert fund.grant(ask, fund.ask(1, key="cash")._replace(amount_minor=37), ask) == [
        *("granted", "granted", "repeated")
    ]
    assert cash_of(fund) == 1037
    assert fund.spent() == (1037, 8963)
    assert fund.reverse(ask) == ["reversed"]
    assert cash_of(fund) == 37
    assert fund.spent() == (37, 9963)
    assert_whole()


def test_cash_that_was_paid_out_is_owed_and_the_rest_comes_back(fund: Fund) -> None:
    ask = fund.ask(key="cash")
    fund.grant(ask)
    with fund.stage.work() as work:
        out = ledger.open_accounts(work, [AccountSpec("elsewhere", "CNY")])["elsewhere"]
        own = ledger.account_id(fund.stage.workspace, f"person:{fund.person}:cash:CNY")
        ledger.transfer(work, [Transfer(new_id(), own, out, 400, "CNY", "paid")])
    assert fund.reverse(ask) == ["owed"]
    assert cash_of(fund) == 0
    assert fund.spent() == (400, 9600)
    assert fund.reverse(ask) == ["owed"]
    assert_whole()


def test_what_is_held_takes_from_the_budget_now_and_vests_when_due(fund: Fund) -> None:
    assert fund.grant(held(fund, 0, 600)) == ["granted"]
    assert (cash_of(fund), fund.spent()) == (0, (600, 9400))
    due = fund.stage.now + timedelta(days=10)

    def vest() -> int:
        with fund.stage.work() as work:
            return rewards.vest_due(work)

    assert vest() == 0
    with fund.stage.work() as work:
        name = (fund.campaign, "r0", fund.person, fund.campaign)
        rewards.vest_at(work, [VestRequest(*name, due)])
        rewards.vest_at(work, [VestRequest(*name, due + timedelta(days=50))])
    fund.stage.now = due - timedelta(seconds=1)
    assert vest() == 0
    fund.stage.now = due
    assert (vest(), vest(), cash_of(fund)) == (1, 0, 600)
    assert fund.spent() == (600, 9400)
    assert_whole()


def test_a_commission_is_at_most_what_its_offer_says(fund: Fund) -> None:
    fund.grant(held(fund, 0, 5000))
    assert fund.spent() == (1000, 9000)


def test_a_part_goes_back_once_whether_held_or_vested(fund: Fund) -> None:
    fund.grant(held(fund, 0, 900))
    assert [keep(fund, 0, 600), keep(fund, 0, 600), keep(fund, 0, 700)] == [
        *("reversed", "repeated", "repeated")
    ]
    assert fund.spent() == (600, 9400)
    with fund.stage.work() as work:
        name = (fund.campaign, "r0", fund.person, fund.campaign)
        rewards.vest_at(work, [VestRequest(*name, fund.stage.now)])
        assert rewards.vest_due(work) == 1
    assert cash_of(fund) == 600
    assert_whole()
    assert keep(fund, 0, 200) == "reversed"
    assert (cash_of(fund), fund.spent()) == (200, (200, 9800))
    assert keep(fund, 0, 0) == "reversed"
    assert keep(fund, 0, 0) == "repeated"
    assert (cash_of(fund), fund.spent()) == (0, (0, 10_000))
    with fund.stage.work() as work:
        assert [grant.state for grant in rewards.grants_page(work, fund.campaign)] == [
            "clawed_back"
        ]
    assert_whole()


def test_what_is_cancelled_before_it_vests_never_vests(fund: Fund) -> None:
    fund.grant(held(fund, 0, 900)._replace(held_until=fund.stage.now))
    assert keep(fund, 0, 0) == "reversed"
    with fund.stage.work() as work:
        assert rewards.vest_due(work) == 0
    assert (cash_of(fund), fund.spent()) == (0, (0, 10_000))
    assert_whole()


def test_gifts_levels_and_content_are_given_like_the_rest(database: object) -> None:
    fund = Fund()
    fund.open(
        OfferSpec("mug", "gift", "马克杯", "Mug", 3000, 2000, 30, quantity=1),
        OfferSpec("silver", "level", "银卡", "Silver", 0, 0, 365, level_key="silver"),
        OfferSpec("guide", "content", "攻略", "Guide", 0, 0, 365, content={"url": "https://a.cn"}),
    )
    asked = [fund.ask(nth, key=key) for nth, key in enumerate(("mug", "silver", "guide", "mug"))]
    assert fund.grant(*asked) == ["granted", "granted", "granted", "offer_exhausted"]
    with fund.stage.work() as work:
        given = rewards.grants_page(work, fund.campaign)
    assert [(one.kind, one.code is not None) for one in given] == [
        *(("gift", True), ("level", False), ("content", False))
    ]
    assert_whole()


def test_a_gift_is_sent_or_handed_over_once(database: object) -> None:
    fund = Fund()
    fund.open(OfferSpec("mug", "gift", "马克杯", "Mug", 3000, 2000, 30))
    fund.grant(fund.ask(0, key="mug"), fund.ask(1, key="mug"))
    where = rewards.GiftAddress(name="林小满", phone="13800000000", address="上海市徐汇区 1 号")
    with fund.stage.work() as work:
        first, second = rewards.grants_page(work, fund.campaign)
        rewards.claim_gift(work, first.id, fund.person, where)
    acts: list[Callable[[Work], object]] = [
        lambda work: rewards.claim_gift(work, first.id, fund.person, where),
        lambda work: rewards.hand_over_gift(work, first.code or ""),
        lambda work: rewards.claim_gift(work, second.id, new_id(), where),
        lambda work: rewards.ship_gift(work, second.id, "顺丰", "SF1"),
    ]
    for act in acts:
        with pytest.raises(Refused) as caught, fund.stage.work() as work:
            act(work)
        assert caught.value.refusal.code in {"gift_taken", "gift_not_found"}
    with fund.stage.work() as work:
        assert rewards.hand_over_gift(work, (second.code or "").upper()) == second.id
        rewards.ship_gift(work, first.id, "顺丰", "SF1")
        shown = {one.grant_id: one for one in rewards.gifts_wanted(work)}
        assert (shown[first.id].state, shown[first.id].address) == ("shipped", where)
        assert (shown[second.id].state, shown[second.id].address) == ("collected", None)
        things = rewards.wallet(work, fund.person).things
        assert [thing.claim for thing in things] == ["collected", "shipped"]
    # What is in somebody's hands is not taken back.
    assert fund.reverse(fund.ask(0), fund.ask(1)) == ["used", "used"]
    assert_whole()
