"""Bargaining, against its own rules: exact sums, a floor, and one buyer."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from banyan.plays import (
    LUCK_BELOW,
    PLAYS,
    BargainProgress,
    BargainSettings,
    CampaignEnded,
    Count,
    Effect,
    Fact,
    Lose,
    Ordered,
    RefundOrders,
    Refuse,
    Released,
    Reserved,
    SetPrice,
    Started,
    Supported,
    TimePassed,
    WakeAt,
    Win,
)
from banyan.plays.bargain import cut_of
from tests.plays.runtime import NOON, person

PLAY = PLAYS["bargain"]
QUEST = UUID(int=8)
THREE = BargainSettings(good="tea", start_price_minor=10_000, floor_minor=4000, cuts_needed=3)


def order_of(name: object) -> UUID:
    return uuid5(UUID(int=4), f"order {name}")


class Haggle:
    """One bargain and everything that was told to it."""

    def __init__(self, settings: BargainSettings = THREE) -> None:
        self.settings, self.now = settings, NOON
        self.progress: Any = BargainProgress()
        assert self.tell(Started(person("a"), QUEST)) == [
            WakeAt(NOON + timedelta(hours=settings.hours_to_finish))
        ]

    def tell(self, fact: Fact) -> list[Effect]:
        self.progress, effects = PLAY.react(self.settings, self.progress, fact, self.now)
        return effects

    @property
    def price(self) -> int | None:
        return PLAY.standing(self.settings, self.progress).price_minor


@given(room=st.integers(1, 10**9), luck=st.integers(0, LUCK_BELOW - 1), left=st.integers(1, 100))
def test_a_cut_leaves_something_for_each_of_the_others(room: int, luck: int, left: int) -> None:
    room += left
    cut = cut_of(room, left, luck)
    assert 1 <= cut <= room - (left - 1)
    assert cut == room or cut <= 2 * room // left + 1


@pytest.mark.parametrize("seed", range(20))
def test_every_bargain_ends_exactly_at_the_floor_and_replays(seed: int) -> None:
    chance = Random(seed)
    friends = chance.randrange(1, 30)
    floor = chance.randrange(1, 19_000)
    rules = BargainSettings(
        good="tea", start_price_minor=19_900, floor_minor=floor, cuts_needed=friends
    )
    facts = [Supported(person(n), luck=chance.randrange(LUCK_BELOW)) for n in range(friends)]
    ends: list[tuple[int, ...]] = []
    for _ in range(2):
        haggle = Haggle(rules)
        before = 19_900
        for fact in facts:
            effects = haggle.tell(fact)
            price = haggle.price or 0
            assert effects == [Count(fact.by), SetPrice(price)]
            assert floor <= price < before
            before = price
        ends.append(haggle.progress.cuts)
        assert haggle.price == floor
        assert sum(haggle.progress.cuts) == 19_900 - floor
        assert haggle.tell(Supported(person("late"))) == [Refuse("quest_full")]
    assert ends[0] == ends[1]


def test_the_starter_alone_buys_at_the_price_reached_and_once() -> None:
    haggle = Haggle()
    haggle.tell(Supported(person("b"), luck=5))
    assert haggle.tell(Reserved(order_of(1), person("b"), 1)) == [Refuse("starter_only")]
    assert haggle.tell(Reserved(order_of(1), person("a"), 2, 2)) == [Refuse("cap_reached")]
    assert haggle.tell(Reserved(order_of(1), person("a"), haggle.price or 0)) == []
    assert haggle.price is None
    assert haggle.tell(Reserved(order_of(2), person("a"), 1)) == [Refuse("done_already")]
    assert haggle.tell(Ordered(order_of(1), person("a"), 1)) == [Win()]
    assert haggle.tell(Ordered(order_of(1), person("a"), 1)) == []
    assert haggle.tell(Supported(person("c"))) == [Refuse("quest_over")]


def test_an_order_given_up_lets_the_bargain_go_on() -> None:
    haggle = Haggle()
    haggle.tell(Reserved(order_of(1), person("a"), 10_000))
    haggle.tell(Supported(person("b"), luck=LUCK_BELOW - 1))
    haggle.tell(Released(order_of(1), person("a")))
    assert haggle.price is not None
    assert haggle.price < 10_000


def test_what_was_ordered_in_time_is_sold_when_it_is_paid_a_little_later() -> None:
    haggle = Haggle()
    haggle.tell(Reserved(order_of(1), person("a"), 10_000))
    haggle.now += timedelta(hours=24)
    assert haggle.tell(TimePassed()) == [Lose("out_of_time")]
    assert haggle.tell(Ordered(order_of(1), person("a"), 10_000)) == [Win()]


def test_at_the_deadline_nobody_cuts_or_buys() -> None:
    haggle = Haggle()
    haggle.now += timedelta(hours=24)
    assert haggle.tell(Supported(person("b"))) == [Lose("out_of_time"), Refuse("out_of_time")]
    assert haggle.tell(Reserved(order_of(1), person("a"), 1)) == [Refuse("quest_over")]


def test_a_payment_that_was_never_reserved_goes_back() -> None:
    effects = Haggle().tell(Ordered(order_of("x"), person("a"), 1))
    assert effects[0] == RefundOrders((order_of("x"),), "no_seat")


@pytest.mark.parametrize(
    ("changes", "fact", "reason"),
    [
        ({}, Supported(person("a")), "own_quest"),
        ({}, Supported(person("b"), has_helped=True), "already_helped"),
        ({}, Supported(person("b"), is_ancestor=True), "cycle"),
        ({}, Supported(person("b"), helps_given=3), "cap_reached"),
        ({"new_people_only": True}, Supported(person("b"), is_new_person=False), "not_new"),
    ],
)
def test_what_does_not_count_says_why(changes: dict[str, Any], fact: Fact, reason: Any) -> None:
    haggle = Haggle(
        BargainSettings(
            good="tea", start_price_minor=10_000, floor_minor=4000, cuts_needed=3, **changes
        )
    )
    assert haggle.tell(fact) == [Refuse(reason)]


def test_a_floor_must_leave_each_friend_a_cent() -> None:
    wrong = BargainSettings(good="tea", start_price_minor=100, floor_minor=98, cuts_needed=3)
    assert [each.path for each in PLAY.problems(wrong)] == ["floor_minor"]
    assert PLAY.problems(THREE) == []


class Model(RuleBasedStateMachine):
    """Friends, orders, payments and the clock in any order."""

    @initialize(cuts=st.integers(1, 6), floor=st.integers(1, 900))
    def begin(self, cuts: int, floor: int) -> None:
        self.haggle = Haggle(
            BargainSettings(
                good="tea",
                start_price_minor=1000,
                floor_minor=floor,
                cuts_needed=cuts,
                helps_per_person=1,
            )
        )
        self.counted = self.made = self.sold = 0
        self.held: UUID | None = None

    @rule(who=st.integers(0, 9), luck=st.integers(0, LUCK_BELOW - 1))
    def cut(self, who: int, luck: int) -> None:
        effects = self.haggle.tell(Supported(person(f"friend {who}"), luck=luck))
        self.counted += any(isinstance(effect, Count) for effect in effects)

    @rule()
    def order(self) -> None:
        self.made += 1
        asked, price = order_of(self.made), self.haggle.price
        if not self.haggle.tell(Reserved(asked, person("a"), price or 0)):
            assert price is not None
            self.held = asked

    @rule()
    def pay(self) -> None:
        if self.held is not None:
            effects = self.haggle.tell(Ordered(self.held, person("a"), 1))
            self.sold += Win() in effects
            assert not any(isinstance(each, RefundOrders) for each in effects)

    @rule()
    def let_go(self) -> None:
        if self.held is not None and not self.sold:
            self.haggle.tell(Released(self.held, person("a")))
            self.held = None

    @rule(hours=st.integers(1, 20))
    def wait(self, hours: int) -> None:
        self.haggle.now += timedelta(hours=hours)
        self.haggle.tell(TimePassed())

    @rule()
    def end(self) -> None:
        self.haggle.tell(CampaignEnded())

    @invariant()
    def the_sum_is_exact_and_one_is_sold(self) -> None:
        if not hasattr(self, "haggle"):
            return
        cuts, rules = self.haggle.progress.cuts, self.haggle.settings
        assert len(cuts) == self.counted <= rules.cuts_needed
        assert 1000 - sum(cuts) >= rules.floor_minor
        assert (1000 - sum(cuts) == rules.floor_minor) == (len(cuts) == rules.cuts_needed)
        assert self.sold <= 1


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
