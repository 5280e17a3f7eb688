"""Grants reach `paid`: cash that payouts carried, gifts that were handed over, coupons in use."""

from uuid import UUID

import pytest

from banyan import rewards
from banyan.rewards import OfferSpec, payouts
from tests.rewards.test_coupons import Counter
from tests.rewards.test_grants import Fund
from tests.rewards.test_payouts import Cashier
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


def states(cashier: Cashier) -> list[tuple[int, str]]:
    """Return the cash of the person, oldest first, and how far each grant is."""
    with cashier.stage.work() as work:
        rows = work.driver.execute(
            "select cost_minor, state from grants where beneficiary_id = %s order by id",
            (cashier.person,),
        )
        return rows.fetchall()


def carried(cashier: Cashier, payout: UUID) -> list[int]:
    with cashier.stage.work() as work:
        rows = work.driver.execute(
            "select amount_minor from payout_grants where payout_id = %s order by grant_id",
            (payout,),
        )
        return [row[0] for row in rows]


def test_a_payout_pays_the_oldest_cash_first_and_part_of_the_next() -> None:
    cashier = Cashier()
    with cashier.stage.work() as work:
        (first,) = rewards.grants_page(work, cashier.campaign)
    assert (first.cost_minor, first.state) == (8000, "vested")
    cashier.grant(cashier.ask(1, key="cash")._replace(amount_minor=1000))
    payout = cashier.ask_for(3000)
    assert cashier.send(payout) == "succeeded"
    assert carried(cashier, payout) == [3000]
    assert states(cashier) == [(8000, "vested"), (1000, "vested")]
    with cashier.stage.work() as work:
        payouts.set_payout_terms(work, cashier_terms())
    payout = cashier.ask_for(5500)
    assert states(cashier) == [(8000, "vested"), (1000, "vested")]
    assert cashier.send(payout) == "succeeded"
    assert carried(cashier, payout) == [5000, 500]
    assert states(cashier) == [(8000, "paid"), (1000, "vested")]
    assert cashier.send(cashier.ask_for(500)) == "succeeded"
    assert states(cashier) == [(8000, "paid"), (1000, "paid")]
    with cashier.stage.work() as work:
        earned = rewards.wallet(work, cashier.person).earned
    assert [each.state for each in earned] == ["paid", "paid"]
    assert_whole()


def cashier_terms() -> payouts.PayoutTerms:
    return payouts.PayoutTerms(
        methods=["sandbox"],
        scene="1000",
        least_minor=100,
        per_person_day_minor=10**6,
        per_day_minor=10**6,
        approve_above_minor=10**6,
    )


def test_a_payout_that_fails_has_paid_nothing() -> None:
    cashier = Cashier()
    cashier.behave("failing")
    payout = cashier.ask_for(3000)
    assert cashier.send(payout) == "failed"
    assert (carried(cashier, payout), states(cashier)) == ([], [(8000, "vested")])
    assert_whole()


def test_what_is_taken_back_after_it_was_paid_stays_carried() -> None:
    cashier = Cashier()
    with cashier.stage.work() as work:
        payouts.set_payout_terms(work, cashier_terms())
    ask = cashier.ask(7, key="cash")._replace(amount_minor=1000)
    cashier.grant(ask)
    payout = cashier.ask_for(9000)
    assert cashier.send(payout) == "succeeded"
    assert states(cashier) == [(8000, "paid"), (1000, "paid")]
    assert cashier.reverse(ask) == ["owed"]
    assert_whole()
    # The next cash pays the debt first, and only what is left of it can be paid out.
    later = cashier.ask(8, key="cash")._replace(amount_minor=1500)
    cashier.grant(later)
    with cashier.stage.work() as work:
        rewards.collect(work, [cashier.person])
    assert states(cashier) == [(8000, "paid"), (1000, "clawed_back"), (1500, "vested")]
    payout = cashier.ask_for(500)
    assert cashier.send(payout) == "succeeded"
    assert carried(cashier, payout) == [500]
    assert_whole()


def test_a_gift_is_paid_when_it_is_handed_over_or_sent() -> None:
    fund = Fund()
    fund.open(OfferSpec("mug", "gift", "马克杯", "Mug", 3000, 2000, 30))
    fund.grant(fund.ask(0, key="mug"), fund.ask(1, key="mug"))
    where = rewards.GiftAddress(name="林小满", phone="13800000000", address="上海市徐汇区 1 号")
    with fund.stage.work() as work:
        sent, taken = rewards.grants_page(work, fund.campaign)
        rewards.claim_gift(work, sent.id, fund.person, where)
        assert [each.state for each in rewards.grants_page(work, fund.campaign)] == ["vested"] * 2
        for _ in range(2):
            rewards.ship_gift(work, sent.id, "顺丰", "SF1")
        rewards.hand_over_gift(work, taken.code or "")
        assert [each.state for each in rewards.grants_page(work, fund.campaign)] == ["paid"] * 2
    assert_whole()


def test_a_coupon_reads_paid_while_an_order_that_is_paid_has_it() -> None:
    counter = Counter()
    sku = counter.sku(10, 5000)
    coupon = counter.coupon(1000)
    house = counter.one("select campaign_id from grants where id = %s", coupon)

    def state() -> str:
        with counter.work() as work:
            (found,) = rewards.grants_page(work, house)
        return found.state

    order = counter.bought(sku, 1, coupon)
    assert state() == "vested"
    counter.pay(order)
    assert state() == "paid"
    counter.send_back(order, (order.lines[0].id, 1))
    counter.told(order)
    assert state() == "vested"
    assert_whole()
