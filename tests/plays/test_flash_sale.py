"""A flash sale's part of one person: never more pieces than they may have."""

from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from banyan.plays import (
    PLAYS,
    CampaignEnded,
    Effect,
    Fact,
    FlashSaleProgress,
    FlashSaleSettings,
    Lose,
    Ordered,
    Refunded,
    RefundOrders,
    Refuse,
    Released,
    Reserved,
    Started,
    Win,
)
from tests.plays.runtime import NOON, person

PLAY = PLAYS["flash_sale"]
QUEST = UUID(int=9)
TWO = FlashSaleSettings(good="tea", price_minor=5000, quantity=10, per_person=2)


def order_of(name: object) -> UUID:
    return uuid5(UUID(int=5), f"order {name}")


class Part:
    """One buyer's part of a sale."""

    def __init__(self, settings: FlashSaleSettings = TWO) -> None:
        self.settings = settings
        self.progress: Any = FlashSaleProgress()
        assert self.tell(Started(person("a"), QUEST)) == []

    def tell(self, fact: Fact) -> list[Effect]:
        self.progress, effects = PLAY.react(self.settings, self.progress, fact, NOON)
        return effects


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (Reserved(order_of(1), person("b"), 5000), "starter_only"),
        (Reserved(order_of(1), person("a"), 15_000, 3), "cap_reached"),
    ],
)
def test_what_is_not_sold_says_why(fact: Fact, reason: Any) -> None:
    assert Part().tell(fact) == [Refuse(reason)]


def test_a_person_has_one_part_of_a_sale() -> None:
    _, effects = PLAY.react(TWO, FlashSaleProgress(), Started(person("a"), QUEST, 1), NOON)
    assert effects == [Refuse("cap_reached")]


def test_nobody_may_buy_more_than_there_is() -> None:
    wrong = FlashSaleSettings(good="tea", price_minor=1, quantity=1, per_person=2)
    assert [each.path for each in PLAY.problems(wrong)] == ["per_person"]


def test_what_was_refunded_as_a_whole_still_counts_against_its_buyers_limit() -> None:
    part = Part()
    part.tell(Reserved(order_of(1), person("a"), 5000))
    part.tell(Ordered(order_of(1), person("a"), 5000, 0))
    part.tell(Refunded(order_of(1), person("a"), 2000))
    assert PLAY.standing(TWO, part.progress).have == 1
    for _ in range(2):
        assert part.tell(Refunded(order_of(1), person("a"), 3000, whole=True)) == []
    assert PLAY.standing(TWO, part.progress).have == 0
    # Told once more of what it knows, it sends nothing back a second time.
    assert part.tell(Ordered(order_of(1), person("a"), 5000, 0)) == []
    assert part.tell(Reserved(order_of(2), person("a"), 10_000, 2)) == [Refuse("cap_reached")]
    # What is not paid in time is another matter: it leaves the limit as it was.
    for nth in (3, 4):
        assert part.tell(Reserved(order_of(nth), person("a"), 5000)) == []
        assert part.tell(Released(order_of(nth), person("a"))) == []
    assert part.tell(Reserved(order_of(5), person("a"), 5000)) == []
    assert part.tell(Reserved(order_of(6), person("a"), 5000)) == [Refuse("cap_reached")]


def test_the_rules_say_what_comes_back() -> None:
    said = PLAY.rules(TWO, {})
    assert any("限购件数不恢复" in one.zh and "limit stays used" in one.en for one in said)


def test_the_end_decides_by_what_was_paid() -> None:
    part = Part()
    part.tell(Reserved(order_of(1), person("a"), 5000))
    assert part.tell(CampaignEnded()) == [Lose("out_of_time")]
    # Ordered before the end, paid after it: sold.
    assert Win() in part.tell(Ordered(order_of(1), person("a"), 5000))


class Model(RuleBasedStateMachine):
    """Orders in any order, told twice, paid or not."""

    @initialize(most=st.integers(1, 4))
    def begin(self, most: int) -> None:
        self.part = Part(
            FlashSaleSettings(good="tea", price_minor=100, quantity=10, per_person=most)
        )
        self.held: dict[UUID, int] = {}
        self.paid: dict[UUID, int] = {}
        self.back: dict[UUID, int] = {}
        self.made = 0
        self.ended = False

    @rule(quantity=st.integers(1, 3))
    def order(self, quantity: int) -> None:
        self.made += 1
        asked, most = order_of(self.made), self.part.settings.per_person
        taken = sum(sum(each.values()) for each in (self.held, self.paid, self.back))
        effects = self.part.tell(Reserved(asked, person("a"), 100 * quantity, quantity))
        may = taken + quantity <= most and not self.ended
        assert (effects == []) is may
        if may:
            self.held[asked] = quantity

    @precondition(lambda self: self.held)
    @rule(data=st.data(), times=st.integers(1, 3))
    def pay(self, data: st.DataObject, times: int) -> None:
        order = data.draw(st.sampled_from(sorted(self.held)))
        self.paid[order] = self.held.pop(order)
        for _ in range(times):
            effects = self.part.tell(Ordered(order, person("a"), 100))
            assert not any(isinstance(each, RefundOrders) for each in effects)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def let_go(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(sorted(self.held)))
        del self.held[order]
        self.part.tell(Released(order, person("a")))

    @precondition(lambda self: self.paid)
    @rule(data=st.data(), times=st.integers(1, 2))
    def send_back(self, data: st.DataObject, times: int) -> None:
        order = data.draw(st.sampled_from(sorted(self.paid)))
        self.back[order] = self.paid.pop(order)
        for _ in range(times):
            self.part.tell(Refunded(order, person("a"), 100, whole=True))

    @rule()
    def end(self) -> None:
        self.part.tell(CampaignEnded())
        self.ended = True

    @invariant()
    def what_is_bought_is_what_was_paid(self) -> None:
        if hasattr(self, "part"):
            standing = PLAY.standing(self.part.settings, self.part.progress)
            assert standing.have == sum(self.paid.values()) <= self.part.settings.per_person


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
