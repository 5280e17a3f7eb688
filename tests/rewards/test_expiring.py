"""What nobody used in time: its money is free again, and a refund does not bring it back to life."""

from datetime import timedelta

import pytest

from banyan import rewards, store
from banyan.rewards import GrantRequest, OfferSpec
from banyan.store.sweeps import deliver_sandbox_notices
from tests.rewards.test_coupons import Counter, code
from tests.rewards.test_grants import LATTE, Fund
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


def expire(fund: Fund) -> int:
    with fund.stage.work() as work:
        return rewards.expire_unused(work)


def test_the_budget_of_what_expired_unused_is_free_once() -> None:
    fund = Fund()
    fund.open(LATTE._replace(quantity=3, per_person=2), total=1000)
    assert fund.grant(fund.ask(0), fund.ask(1)) == ["granted", "granted"]
    assert fund.spent() == (1000, 0)
    assert expire(fund) == 0
    fund.stage.now += timedelta(days=30)
    assert (expire(fund), expire(fund)) == (2, 0)
    assert fund.spent() == (0, 1000)
    with fund.stage.work() as work:
        assert [each.state for each in rewards.grants_page(work, fund.campaign)] == ["expired"] * 2
        # As many were announced as before: what was given was given.
        assert rewards.offers_left(work, fund.campaign) == {"latte": 1}
        assert [each.state for each in rewards.wallet(work, fund.person).coupons] == ["expired"] * 2
    assert fund.grant(fund.ask(2)) == ["person_cap_reached"]
    assert_whole()
    assert fund.reverse(fund.ask(0)) == ["reversed"]
    assert fund.spent() == (0, 1000)
    assert_whole()


def test_what_is_free_of_a_returned_budget_goes_where_the_rest_went() -> None:
    fund = Fund()
    fund.open(total=1000)
    fund.grant(fund.ask(0))
    with fund.stage.work() as work:
        assert rewards.return_budget(work, fund.campaign) == 500
    fund.stage.now += timedelta(days=30)
    assert expire(fund) == 1
    assert fund.spent() == (0, 0)
    assert_whole()


def test_cash_points_and_what_is_claimed_or_in_an_order_do_not_expire() -> None:
    fund = Fund()
    fund.open(
        OfferSpec("cash", "cash", "现金", "Cash", 300, 300, 30),
        OfferSpec("points", "points", "积分", "Points", 0, 10, 30, points=5),
        OfferSpec("mug", "gift", "马克杯", "Mug", 3000, 2000, 30),
    )
    fund.grant(*(fund.ask(nth, key=key) for nth, key in enumerate(("cash", "points", "mug"))))
    fund.grant(fund.ask(9, key="mug"))
    where = rewards.GiftAddress(name="林小满", phone="13800000000", address="上海市徐汇区 1 号")
    with fund.stage.work() as work:
        *_, claimed = rewards.grants_page(work, fund.campaign)
        rewards.claim_gift(work, claimed.id, fund.person, where)
    fund.stage.now += timedelta(days=31)
    assert expire(fund) == 1
    with fund.stage.work() as work:
        states = [(g.kind, g.state) for g in rewards.grants_page(work, fund.campaign)]
    assert states == [
        *(("cash", "vested"), ("points", "vested"), ("gift", "expired"), ("gift", "vested"))
    ]
    assert_whole()


def test_a_coupon_in_an_order_expires_when_the_order_lets_it_go() -> None:
    counter = Counter()
    sku, coupon = counter.sku(10, 2000), counter.coupon(500, days=1)
    order = counter.bought(sku, 1, coupon)
    counter.now += timedelta(days=2)
    with counter.work() as work:
        assert rewards.expire_unused(work) == 0
    counter.close(order)
    with counter.work() as work:
        assert rewards.expire_unused(work) == 1
    assert counter.states() == [("expired", 500)]
    assert_whole()


@pytest.mark.parametrize("pieces", [1, 2])
def test_a_refund_does_not_bring_back_what_expired_meanwhile(pieces: int) -> None:
    counter = Counter()
    sku, coupon = counter.sku(10, 2000), counter.coupon(500, days=1)
    order = counter.bought(sku, 2, coupon)
    counter.pay(order)
    counter.now += timedelta(days=2)
    refund = counter.refund(order, (order.lines[0].id, pieces))
    counter.due_now()
    store.send_refund(counter.workspace, refund)
    deliver_sandbox_notices()
    assert counter.refund_state(refund) == "done"
    assert [counter.told(order) for _ in range(3)] == [1, 0, 0]
    (mine,) = counter.mine()
    assert (mine.state, mine.has_lapsed) == ("redeemed", True)
    assert code(counter.buy(sku, 1, coupon)) == "coupon_in_use"
    with counter.work() as work:
        assert [one.has_lapsed for one in rewards.wallet(work, counter.buyer).coupons] == [True]
        assert rewards.expire_unused(work) == 0
    assert_whole()


@pytest.mark.parametrize("pieces", [1, 3])
def test_whole_and_part_come_back_alike_while_the_coupon_lasts(pieces: int) -> None:
    counter = Counter()
    sku, coupon = counter.sku(10, 2000), counter.coupon(600, days=2)
    order = counter.bought(sku, 3, coupon)
    counter.pay(order)
    counter.send_back(order, (order.lines[0].id, pieces))
    # A part is a coupon of that part; the whole is the coupon itself. Either can be used again.
    assert ("unused", 200 * pieces) in counter.states()
    if pieces == 3:
        return
    counter.now += timedelta(days=3)
    refund = counter.refund(order, (order.lines[0].id, 2))
    counter.due_now()
    store.send_refund(counter.workspace, refund)
    deliver_sandbox_notices()
    assert [counter.told(order) for _ in range(3)] == [1, 0, 0]
    # What came back in time stays; what comes after the end does not, as with a whole refund.
    assert counter.states() == [("redeemed", 600), ("unused", 200)]
    (used,) = [each for each in counter.mine() if each.state == "redeemed"]
    assert used.has_lapsed
    assert_whole()


def test_a_channel_is_free_again_of_what_expired() -> None:
    fund = Fund()
    fund.open(total=1000)
    with fund.stage.work() as work:
        rewards.cap_channels(work, fund.campaign, {"wecom": 500})
    ask: GrantRequest = fund.ask(0)._replace(channel="wecom")
    assert fund.grant(ask, fund.ask(1)._replace(channel="wecom")) == [
        *("granted", "channel_budget_spent")
    ]
    fund.stage.now += timedelta(days=30)
    assert expire(fund) == 1
    assert fund.grant(fund.ask(2)._replace(channel="wecom")) == ["granted"]
    assert_whole()
