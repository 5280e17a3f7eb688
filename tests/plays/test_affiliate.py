"""Affiliate against a model written from the words: a share of net goods, later, and back in part."""

from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

import msgspec
import pytest
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from banyan.plays import (
    PLAYS,
    Affiliate,
    AffiliateProgress,
    AffiliateSettings,
    CampaignEnded,
    Commission,
    Effect,
    Fact,
    Ordered,
    Qualified,
    Refunded,
    Refuse,
    Reverse,
    Started,
    Supported,
    Vest,
)
from banyan.plays.affiliate import SecondLevel
from tests.plays.runtime import NOON, ROOT, person

PLAY = Affiliate()
ONE = AffiliateSettings("cash", 1500, 7, 3, 3)
TWO = msgspec.structs.replace(ONE, second_level=(SecondLevel(500, "法审-2026-11"),))
OWNER, BUYER, QUEST = person("owner"), person("buyer"), uuid5(ROOT, "quest")


def order(name: object) -> UUID:
    return uuid5(ROOT, f"order {name}")


class Link:
    """One person's quest, with what its effects came to."""

    def __init__(self, settings: AffiliateSettings = ONE) -> None:
        self.settings = settings
        self.progress = AffiliateProgress()
        self.now = NOON
        self.owed: dict[UUID, int] = {}
        self.vests: dict[UUID, Any] = {}
        self.tell(Started(OWNER, QUEST))

    def tell(self, fact: Fact) -> list[Effect]:
        again = PLAY.react(self.settings, self.progress, fact, self.now)
        self.progress, effects = PLAY.react(self.settings, self.progress, fact, self.now)
        assert (self.progress, effects) == again
        for effect in effects:
            match effect:
                case Commission(_, to, "cash", amount, cause, None):
                    assert to == OWNER
                    assert cause not in self.owed
                    self.owed[cause] = amount
                case Reverse(_, _, cause, keep):
                    self.owed[cause] = min(self.owed.get(cause, 0), keep)
                case Vest(_, _, cause, at):
                    assert cause not in self.vests
                    self.vests[cause] = at
                case _:
                    pass
        return effects


def refused(effects: list[Effect]) -> str | None:
    return next((effect.reason for effect in effects if isinstance(effect, Refuse)), None)


def test_a_sale_earns_its_share_and_vests_after_delivery_return_and_buffer() -> None:
    link = Link()
    link.tell(Ordered(order(1), BUYER, 9_990))
    assert link.owed == {order(1): 1498}
    link.now += timedelta(days=2)
    link.tell(Qualified(BUYER, "delivered", order(1)))
    assert link.vests == {order(1): link.now + timedelta(days=10)}


def test_a_part_refunded_takes_its_part_back() -> None:
    link = Link()
    link.tell(Ordered(order(1), BUYER, 10_000))
    link.tell(Refunded(order(1), BUYER, 3_333))
    assert link.owed == {order(1): 1000}
    link.tell(Refunded(order(1), BUYER, 6_667))
    assert link.owed == {order(1): 0}


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (Ordered(order(1), OWNER, 100), "own_quest"),
        (Ordered(order(1), BUYER, 100, depth=0), "own_quest"),
        (Ordered(order(1), BUYER, 100, depth=2), "not_applicable"),
        (Ordered(order(1), BUYER, 100, depth=3), "not_applicable"),
        (Refunded(order(1), BUYER, 100), "not_applicable"),
        (Qualified(BUYER, "delivered", order(1)), "not_applicable"),
        (Supported(OWNER), "own_quest"),
    ],
)
def test_what_earns_nothing_says_why(fact: Fact, reason: str) -> None:
    link = Link()
    before = link.progress
    assert refused(link.tell(fact)) == reason
    assert link.progress == before


def test_the_second_level_is_the_last() -> None:
    link = Link(TWO)
    link.tell(Ordered(order(1), BUYER, 10_000, depth=2))
    assert link.owed == {order(1): 500}
    assert refused(link.tell(Ordered(order(2), BUYER, 10_000, depth=3))) == "not_applicable"


def test_two_levels_need_an_approval_and_three_cannot_be_said() -> None:
    base: dict[str, Any] = {"offer": "cash", "rate_bps": 1000}
    with pytest.raises(msgspec.ValidationError, match="approval_id"):
        msgspec.convert(base | {"second_level": [{"rate_bps": 100}]}, AffiliateSettings)
    level = {"rate_bps": 100, "approval_id": "法审-2026-11"}
    with pytest.raises(msgspec.ValidationError, match="length <= 1"):
        msgspec.convert(base | {"second_level": [level, level]}, AffiliateSettings)
    with pytest.raises(msgspec.ValidationError, match="third_level"):
        msgspec.convert(base | {"third_level": {"rate_bps": 100}}, AffiliateSettings)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(base | {"rate_bps": 3001}, AffiliateSettings)
    both = msgspec.structs.replace(TWO, rate_bps=2501)
    assert [problem.code for problem in PLAY.problems(both)] == ["above_most"]
    assert PLAY.problems(TWO) == []
    assert PLAY.disclosures(TWO).commissions[0].levels == 2
    assert max(link.depth for link in PLAY.mechanisms(ONE)) == 1


def test_the_campaigns_end_keeps_what_was_sold() -> None:
    link = Link()
    link.tell(Ordered(order(1), BUYER, 1000))
    link.tell(CampaignEnded())
    assert refused(link.tell(Ordered(order(2), BUYER, 1000))) == "quest_over"
    link.tell(Qualified(BUYER, "delivered", order(1)))
    assert (link.owed, list(link.vests)) == ({order(1): 150}, [order(1)])


@pytest.mark.parametrize("people", [1, 2, 3])
@pytest.mark.parametrize("cap", [1, 2])
@pytest.mark.parametrize("settings", [ONE, TWO])
def test_the_most_it_can_cost_is_reached_and_never_passed(
    people: int, cap: int, settings: AffiliateSettings
) -> None:
    limited = msgspec.structs.replace(settings, orders_per_person=cap)
    cost = 0
    # Everybody buys by everybody's link, more than counts, for so much that the offer's worth binds.
    for seller in range(people):
        link = Link(limited)
        buyers = [person(each) for each in range(people) if each != seller]
        for nth in range(cap + 2):
            for buyer in buyers:
                link.tell(Ordered(order((seller, nth, buyer)), buyer, 10**9))
        cost += sum(min(owed, 700) for owed in link.owed.values())
    assert cost == PLAY.most_cost(limited, {"cash": 700}, people)


def test_it_is_among_the_plays() -> None:
    assert isinstance(PLAYS["affiliate"], Affiliate)


class Selling(RuleBasedStateMachine):
    """Sales, deliveries and refunds in any order, each told up to twice."""

    def __init__(self) -> None:
        super().__init__()
        self.link = Link(TWO)
        self.paid: dict[UUID, tuple[int, int]] = {}
        self.back: dict[UUID, int] = {}
        self.delivered: dict[UUID, Any] = {}

    @rule(amount=st.integers(0, 10**7), depth=st.integers(0, 3), times=st.integers(1, 2))
    def buy(self, amount: int, depth: int, times: int) -> None:
        made = order(len(self.paid) + 1000 * depth)
        known = made in self.paid
        for _ in range(times):
            self.link.tell(Ordered(made, BUYER, amount, depth))
        if not known and depth in (1, 2) and len(self.paid) < TWO.orders_per_person:
            self.paid[made] = (amount, depth)
            self.back[made] = 0

    @precondition(lambda self: self.paid)
    @rule(data=st.data(), share=st.integers(1, 100))
    def refund(self, data: Any, share: int) -> None:
        made = data.draw(st.sampled_from(sorted(self.paid)))
        amount = (self.paid[made][0] - self.back[made]) * share // 100
        self.back[made] += amount
        self.link.tell(Refunded(made, BUYER, amount))

    @precondition(lambda self: self.paid)
    @rule(data=st.data(), days=st.integers(0, 5))
    def deliver(self, data: Any, days: int) -> None:
        made = data.draw(st.sampled_from(sorted(self.paid)))
        self.link.now += timedelta(days=days)
        self.link.tell(Qualified(BUYER, "delivered", made))
        self.delivered.setdefault(made, self.link.now + timedelta(days=10))

    @invariant()
    def what_is_owed_is_the_share_of_what_was_kept(self) -> None:
        for made, (amount, depth) in self.paid.items():
            rate = Fraction({1: 15, 2: 5}[depth], 100)
            assert self.link.owed.get(made, 0) == int((amount - self.back[made]) * rate)
        assert set(self.link.owed) <= set(self.paid)
        assert self.link.vests == self.delivered


TestSelling = Selling.TestCase
TestSelling.settings = how(max_examples=40, stateful_step_count=20, deadline=None)
