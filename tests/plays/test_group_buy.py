"""Group buying, against a model written from what is promised: seats, prices, and whose money is where."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from banyan.plays import (
    PLAYS,
    CampaignEnded,
    ConfirmOrders,
    Count,
    Effect,
    Fact,
    GroupBuyProgress,
    GroupBuySettings,
    Lose,
    Ordered,
    Refunded,
    RefundOrders,
    Refuse,
    Released,
    Reserved,
    Reverse,
    Reward,
    Started,
    TeamPrice,
    TimePassed,
    WakeAt,
    Win,
    Words,
)
from tests.plays.runtime import NOON, person

PLAY = PLAYS["group_buy"]
QUEST = UUID(int=7)
TEAM = GroupBuySettings(
    good="tea",
    tiers=(TeamPrice(2, 9000), TeamPrice(3, 8000)),
    leader_offer="gift",
    most_per_order=2,
)


def order_of(name: object) -> UUID:
    return uuid5(UUID(int=3), f"order {name}")


class Team:
    """One team and everything that was told to it."""

    def __init__(self, settings: GroupBuySettings = TEAM) -> None:
        self.settings, self.now = settings, NOON
        self.progress: Any = GroupBuyProgress()
        self.effects: list[Effect] = []
        assert self.tell(Started(person("a"), QUEST)) == [
            WakeAt(NOON + timedelta(hours=settings.hours_to_fill))
        ]

    def tell(self, fact: Fact) -> list[Effect]:
        self.progress, effects = PLAY.react(self.settings, self.progress, fact, self.now)
        self.effects += effects
        return effects

    def seat(self, who: str, quantity: int = 1) -> list[Effect]:
        first = self.settings.tiers[0].price_minor * quantity
        return self.tell(Reserved(order_of(who), person(who), first, quantity))

    def pay(self, who: str, amount: int = 9000) -> list[Effect]:
        return self.tell(Ordered(order_of(who), person(who), amount))

    def join(self, *names: str) -> None:
        for who in names:
            assert self.seat(who) == []
            self.pay(who)

    def later(self, hours: float) -> list[Effect]:
        self.now += timedelta(hours=hours)
        return self.tell(TimePassed())


def test_the_last_payment_settles_at_the_price_of_all_and_returns_the_difference() -> None:
    team = Team()
    team.join("a", "b")
    team.seat("c", 2)
    assert team.progress.state == "full"
    effects = team.pay("c", 18_000)
    assert effects == [
        Count(person("c")),
        ConfirmOrders(tuple(map(order_of, "abc"))),
        RefundOrders((order_of("a"),), "difference", 1000),
        RefundOrders((order_of("b"),), "difference", 1000),
        RefundOrders((order_of("c"),), "difference", 2000),
        Reward("leader", person("a"), "gift", QUEST),
        Win(),
    ]
    assert team.progress.state == "settled"


def test_a_seat_is_taken_before_payment_and_freed_when_it_is_not_paid() -> None:
    team = Team()
    for who in "abc":
        assert team.seat(who) == []
    assert team.seat("d") == [Refuse("quest_full")]
    assert team.tell(Released(order_of("b"), person("b"))) == []
    assert team.progress.state == "forming"
    assert team.seat("d") == []


def test_the_leader_who_is_not_in_the_team_gets_nothing() -> None:
    team = Team()
    team.join("b", "c", "d")
    assert not any(isinstance(effect, Reward) for effect in team.effects)


def test_a_team_that_failed_is_closed_when_all_money_is_back() -> None:
    team = Team()
    team.join("a")
    team.seat("b")
    assert team.later(24) == [
        RefundOrders((order_of("a"),), "failed"),
        Lose("not_enough_people"),
    ]
    assert team.pay("b") == [RefundOrders((order_of("b"),), "no_seat"), Refuse("quest_over")]
    team.tell(Refunded(order_of("a"), person("a"), 9000))
    assert team.progress.state == "refunding"
    team.tell(Refunded(order_of("b"), person("b"), 9000))
    assert team.progress.state == "closed"


def test_a_leader_who_gives_everything_back_loses_the_benefit() -> None:
    team = Team()
    team.join("a", "b", "c")
    assert team.tell(Refunded(order_of("a"), person("a"), 1000)) == []
    assert team.tell(Refunded(order_of("a"), person("a"), 8000)) == [
        Reverse("leader", person("a"), QUEST)
    ]


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (Reserved(order_of("x"), person("a"), 9000), "done_already"),
        (Reserved(order_of("x"), person("x"), 27_000, 3), "cap_reached"),
    ],
)
def test_what_is_not_seated_says_why(fact: Fact, reason: Any) -> None:
    team = Team()
    team.join("a")
    assert team.tell(fact) == [Refuse(reason)]


def test_at_the_deadline_it_is_too_late() -> None:
    team = Team()
    team.join("a")
    team.now += timedelta(hours=24)
    effects = team.seat("b")
    assert effects[-1] == Refuse("out_of_time")
    assert Lose("not_enough_people") in effects


def test_a_person_starts_so_many_teams() -> None:
    _, effects = PLAY.react(TEAM, GroupBuyProgress(), Started(person("a"), QUEST, 3), NOON)
    assert effects == [Refuse("cap_reached")]


def test_settings_must_step_up_in_people_and_down_in_price() -> None:
    wrong = GroupBuySettings(good="tea", tiers=(TeamPrice(3, 8000), TeamPrice(3, 8000)))
    assert {(p.path, p.code) for p in PLAY.problems(wrong)} == {
        ("tiers[1].people", "not_ascending"),
        ("tiers[1].price_minor", "not_descending"),
    }
    assert [p.code for p in PLAY.problems(GroupBuySettings(good="tea", tiers=()))] == ["empty"]
    assert PLAY.problems(TEAM) == []


def test_the_rules_name_every_price() -> None:
    said = PLAY.rules(TEAM, {"gift": Words("礼品", "a gift")})
    text = "".join(sentence.zh for sentence in said)
    assert all(part in text for part in ("90", "80", "全额", "礼品", "真实"))


@pytest.mark.parametrize(("people", "teams"), list(product((1, 2, 3, 4), (1, 2))))
def test_the_most_it_can_cost_is_reached_and_never_passed(people: int, teams: int) -> None:
    """Everybody starts as often as they may; in each team the leader and one more suffice."""
    rules = GroupBuySettings(
        good="tea",
        tiers=(TeamPrice(2, 900), TeamPrice(3, 800)),
        leader_offer="gift",
        teams_per_person=teams,
    )
    given = 0
    for leader, _ in product(range(people), range(teams)):
        best = 0
        for members in range(min(people, 3) + 1):
            team = Team(rules)
            team.progress = PLAY.Progress()
            team.tell(Started(person(leader), QUEST))
            for nth in range(members):
                who = (leader + nth) % people
                team.tell(Reserved(order_of(who), person(who), 900))
                team.tell(Ordered(order_of(who), person(who), 900))
            team.later(24)
            best = max(best, sum(isinstance(effect, Reward) for effect in team.effects))
        given += best
    assert PLAY.most_cost(rules, {"gift": 5}, people) == 5 * given


class Model(RuleBasedStateMachine):
    """Members come, pay, leave and are refunded in any order, and everything may be told twice."""

    @initialize(
        steps=st.lists(st.integers(1, 3), min_size=1, max_size=3),
        hours=st.integers(1, 48),
        has_leader_offer=st.booleans(),
    )
    def begin(self, steps: list[int], hours: int, *, has_leader_offer: bool) -> None:
        people = [sum(steps[: n + 1]) + 1 for n in range(len(steps))]
        self.settings = GroupBuySettings(
            good="tea",
            tiers=tuple(TeamPrice(p, 1000 - 100 * n) for n, p in enumerate(people)),
            hours_to_fill=hours,
            leader_offer="gift" if has_leader_offer else None,
            most_per_order=2,
        )
        self.team = Team(self.settings)
        self.facts: list[Fact] = []
        self.made = 0
        self.quantity: dict[UUID, int] = {}
        self.buyer: dict[UUID, UUID] = {}
        self.held: set[UUID] = set()
        self.paid: dict[UUID, int] = {}
        self.asked: dict[tuple[UUID, str], int | None] = {}
        self.back: dict[UUID, int] = {}
        self.by_merchant: set[UUID] = set()
        self.confirmed: list[UUID] = []
        self.wins = self.losses = 0

    def tell(self, fact: Fact) -> list[Effect]:
        effects = self.team.tell(fact)
        self.facts.append(fact)
        for effect in effects:
            match effect:
                case RefundOrders(orders, why, amount):
                    for order in orders:
                        assert self.asked.setdefault((order, why), amount) == amount
                case ConfirmOrders(orders):
                    self.confirmed += orders
                case Win():
                    self.wins += 1
                case Lose():
                    self.losses += 1
                case _:
                    pass
        return effects

    @rule(who=st.integers(0, 7), quantity=st.integers(1, 3))
    def reserve(self, who: int, quantity: int) -> None:
        self.made += 1
        order = order_of(self.made)
        first = self.settings.tiers[0].price_minor
        state = self.team.progress.state
        seats = self.settings.tiers[-1].people
        sitting = self.held | (set(self.paid) - self.by_merchant)
        effects = self.tell(Reserved(order, person(who), first * quantity, quantity))
        if effects:
            assert isinstance(effects[-1], Refuse)
            return
        assert state == "forming"
        assert len(sitting) < seats
        assert person(who) not in {self.buyer[each] for each in sitting}
        assert quantity <= self.settings.most_per_order
        assert self.team.now < NOON + timedelta(hours=self.settings.hours_to_fill)
        self.held.add(order)
        self.quantity[order], self.buyer[order] = quantity, person(who)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(sorted(self.held)))
        amount = self.settings.tiers[0].price_minor * self.quantity[order]
        self.held.remove(order)
        self.paid[order] = amount
        self.tell(Ordered(order, self.buyer[order], amount))

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def let_go(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(sorted(self.held)))
        self.held.remove(order)
        self.tell(Released(order, self.buyer[order]))

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def give_all_back(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(sorted(self.paid)))
        rest = self.paid[order] - self.back.get(order, 0)
        if rest and self.team.progress.state in {"forming", "full"}:
            self.by_merchant.add(order)
            self.back[order] = self.paid[order]
            self.tell(Refunded(order, self.buyer[order], rest))

    @rule()
    def refunds_arrive(self) -> None:
        for (order, why), amount in sorted(self.asked.items()):
            del self.asked[order, why]
            minor = self.paid[order] - self.back.get(order, 0) if amount is None else amount
            if minor:
                self.back[order] = self.back.get(order, 0) + minor
                self.tell(Refunded(order, self.buyer[order], minor))

    @rule(hours=st.floats(0.5, 30))
    def time_passes(self, hours: float) -> None:
        self.team.now += timedelta(hours=hours)
        self.tell(TimePassed())

    @rule()
    def ends(self) -> None:
        self.tell(CampaignEnded())

    @precondition(lambda self: self.facts)
    @rule(data=st.data())
    def told_again(self, data: st.DataObject) -> None:
        fact = data.draw(st.sampled_from(self.facts))
        if isinstance(fact, Ordered) and fact.order not in self.by_merchant:
            before = self.team.progress
            effects = self.tell(fact)
            assert not any(isinstance(each, ConfirmOrders | Win) for each in effects) or (
                before != self.team.progress
            )

    @invariant()
    def never_more_members_than_seats(self) -> None:
        if hasattr(self, "team"):
            assert len(self.team.progress.seats) <= self.settings.tiers[-1].people + len(
                [s for s in self.team.progress.seats if s.is_back]
            )

    @invariant()
    def everybody_pays_the_price_of_all_or_nothing(self) -> None:
        if not hasattr(self, "team"):
            return
        assert self.wins + self.losses <= 1
        assert len(set(self.confirmed)) == len(self.confirmed)
        state = self.team.progress.state
        price = self.team.progress.price_minor
        for order, paid in self.paid.items():
            asked = [amount for (each, _), amount in self.asked.items() if each == order]
            whole = None in asked
            net = 0 if whole else paid - self.back.get(order, 0) - sum(a for a in asked if a)
            assert net >= 0
            if order in self.confirmed:
                assert state == "settled"
                assert price is not None
                assert net == price * self.quantity[order]
            elif state in {"settled", "refunding", "closed"}:
                assert net == 0
        if state == "settled":
            heads = len(self.confirmed)
            assert price == min(t.price_minor for t in self.settings.tiers if t.people <= heads)
            assert heads <= self.settings.tiers[-1].people
        if state == "closed":
            assert all(self.back.get(order, 0) == paid for order, paid in self.paid.items())


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(people=st.integers(2, 6), quantities=st.lists(st.integers(1, 2), min_size=6, max_size=6))
@settings(max_examples=60, deadline=None)
def test_money_in_is_goods_sold_plus_money_back(people: int, quantities: list[int]) -> None:
    rules = GroupBuySettings(
        good="tea",
        tiers=tuple(TeamPrice(n, 1000 - 50 * n) for n in range(2, people + 1)),
        most_per_order=2,
    )
    team = Team(rules)
    first = rules.tiers[0].price_minor
    for nth in range(people):
        team.tell(Reserved(order_of(nth), person(nth), first * quantities[nth], quantities[nth]))
    for nth in range(people):
        team.tell(Ordered(order_of(nth), person(nth), first * quantities[nth]))
    back = sum(e.amount_minor or 0 for e in team.effects if isinstance(e, RefundOrders))
    sold = (1000 - 50 * people) * sum(quantities[:people])
    assert first * sum(quantities[:people]) == sold + back
