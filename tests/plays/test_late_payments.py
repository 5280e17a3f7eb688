"""Payments that come too late for a team, against a model of what the published rules promise.

Who agreed is put into a team that has a seat: their own if it has one, else the one that needs the
fewest people. Everybody else, and whoever finds no seat, gets everything back.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from banyan.plays import (
    ConfirmOrders,
    Effect,
    GroupBuyProgress,
    GroupBuySettings,
    Lose,
    MoveOrder,
    Ordered,
    Refunded,
    RefundOrders,
    Refuse,
    Released,
    Reserved,
    TeamPrice,
    Words,
)
from tests.plays.runtime import NOON, person
from tests.plays.test_group_buy import PLAY, TEAM, Team, order_of

FIRST, FULL, HOURS = 1000, 3, 24
RULES = GroupBuySettings(
    good="tea", tiers=(TeamPrice(2, FIRST), TeamPrice(FULL, 800)), hours_to_fill=HOURS
)


def paid_late(team: Team, who: str, *, may_move: bool) -> list[Effect]:
    return team.tell(Ordered(order_of(who), person(who), 9000, may_move=may_move))


def test_who_agreed_is_to_be_moved_and_keeps_their_seat_until_they_are() -> None:
    team = Team()
    team.join("a")
    team.seat("b")
    team.later(HOURS)
    before = team.progress
    assert paid_late(team, "b", may_move=True) == [MoveOrder(order_of("b")), Refuse("quest_over")]
    assert team.progress == before
    assert team.tell(Released(order_of("b"), person("b"))) == []
    assert [seat.by for seat in team.progress.seats] == [person("a")]


def test_told_again_not_to_be_moved_it_goes_back_like_any_other() -> None:
    team = Team()
    team.join("a")
    team.seat("b")
    team.later(HOURS)
    paid_late(team, "b", may_move=True)
    assert paid_late(team, "b", may_move=False) == [
        RefundOrders((order_of("b"),), "no_seat"),
        Refuse("quest_over"),
    ]
    assert team.progress.state == "refunding"


def test_a_seat_that_was_given_up_is_asked_for_again_even_in_a_team_that_forms() -> None:
    team = Team()
    team.join("a")
    assert paid_late(team, "b", may_move=True) == [MoveOrder(order_of("b")), Refuse("quest_over")]


def test_a_failed_team_is_closed_once_who_was_late_has_left_it() -> None:
    team = Team()
    team.join("a")
    team.seat("b")
    team.later(HOURS)
    paid_late(team, "b", may_move=True)
    team.tell(Refunded(order_of("a"), person("a"), 9000))
    team.tell(Released(order_of("b"), person("b")))
    assert team.progress.state == "closed"


def test_the_rules_say_who_is_moved_and_who_is_not() -> None:
    said = PLAY.rules(TEAM, {"gift": Words("礼品", "a gift")})
    zh, en = ("".join(getattr(one, way) for one in said) for way in ("zh", "en"))
    assert all(
        words in zh for words in ("勾选同意", "同一商品", "同一价格", "不会多付", "原路退回")
    )
    assert all(words in en for words in ("if you agreed", "same price", "never pay more"))


class Place:
    """An order as the model knows it, by what people are told and not by what the play remembers."""

    def __init__(self, at: int, by: UUID, *, agreed: bool) -> None:
        self.at, self.by, self.agreed = at, by, agreed
        self.state = "held"
        """held, let_go, paid (money is in the team `at`) or back (all of it was sent back)."""
        self.has_moved = False
        self.back = 0


class Teams(RuleBasedStateMachine):
    """Several teams of one campaign; people reserve, lose their seat, and pay when they like."""

    @initialize(hours=st.lists(st.integers(0, 10), min_size=2, max_size=4))
    def begin(self, hours: list[int]) -> None:
        self.now: datetime = NOON
        self.teams: list[Team] = []
        self.due: list[datetime] = []
        self.over: set[int] = set()
        for nth, late in enumerate(sorted(hours)):
            self.now = NOON + timedelta(hours=late)
            team = Team.__new__(Team)
            team.settings, team.now, team.effects = RULES, self.now, []
            team.progress = GroupBuyProgress(
                person(f"leader {nth}"),
                UUID(int=nth + 1),
                deadline=self.now + timedelta(hours=HOURS),
            )
            self.teams.append(team)
            self.due.append(self.now + timedelta(hours=HOURS))
        self.orders: dict[UUID, Place] = {}
        self.made = 0
        for at in range(len(self.teams)):
            self.some_run_out_while_others_pay(at, late=0, in_time=1)

    def tell(self, at: int, fact: Ordered | Reserved | Released | Refunded) -> list[Effect]:
        self.teams[at].now = self.now
        effects = self.teams[at].tell(fact)
        self.heed(at, effects)
        return effects

    def heed(self, at: int, effects: list[Effect]) -> None:
        """Keep what the play says of money, and that a team is over."""
        for effect in effects:
            match effect:
                case RefundOrders(orders, why, amount):
                    for order in orders:
                        self.give_back(self.orders[order], amount, why)
                case ConfirmOrders(orders):
                    self.over.add(at)
                    assert {self.orders[each].at for each in orders} == {at}
                    assert all(self.orders[each].state == "paid" for each in orders)
                case Lose():
                    self.over.add(at)
                case _:
                    pass

    def give_back(self, place: Place, amount: int | None, why: str) -> None:
        assert place.state in {"paid", "coming"}
        if amount is None:
            assert why in {"failed", "no_seat"}
            place.state, place.back = "back", FIRST
        else:
            place.back += amount

    def sitting(self, at: int) -> list[Place]:
        return [p for p in self.orders.values() if p.at == at and p.state in {"held", "paid"}]

    def is_forming(self, at: int) -> bool:
        return at not in self.over and self.now < self.due[at]

    def expected(self, order: UUID) -> int | None:
        """Return the team that the rules put a late order into; None: the money goes back."""
        place = self.orders[order]
        busy = {
            other.by
            for each, other in self.orders.items()
            if each != order and other.state in {"held", "paid"} and other.at not in self.over
        }
        if not place.agreed or place.has_moved or place.by in busy:
            return None
        paid = [sum(p.state == "paid" for p in self.sitting(at)) for at in range(len(self.teams))]
        free = [
            at
            for at in range(len(self.teams))
            if self.is_forming(at)
            and len([p for p in self.sitting(at) if p is not place]) < FULL
            and (paid[at] or at == place.at)
        ]
        return min(
            free, key=lambda at: (at != place.at, FULL - paid[at], self.due[at], at), default=None
        )

    @rule(at=st.integers(0, 3), who=st.integers(0, 6), agreed=st.booleans())
    def reserve(self, at: int, who: int, *, agreed: bool) -> None:
        by = person(who)
        at %= len(self.teams)
        undecided = [p for p in self.orders.values() if p.by == by and p.at not in self.over]
        if any(p.state in {"held", "paid"} for p in undecided):
            return
        self.made += 1
        order = uuid5(UUID(int=9), str(self.made))
        has_seat = self.is_forming(at) and len(self.sitting(at)) < FULL
        effects = self.tell(at, Reserved(order, by, FIRST))
        assert (not any(isinstance(each, Refuse) for each in effects)) == has_seat
        if has_seat:
            self.orders[order] = Place(at, by, agreed=agreed)

    @rule(at=st.integers(0, 3), late=st.integers(0, 2), in_time=st.integers(0, 3))
    def some_run_out_while_others_pay(self, at: int, late: int, in_time: int) -> None:
        """What a stampede does: seats change hands, and the money of those who had them is coming."""
        for nth in range(late + in_time):
            self.made += 1
            before = set(self.orders)
            self.reserve(at, 100 + self.made, agreed=nth % 2 == 0)
            for order in set(self.orders) - before:
                if nth < late:
                    self.lose_seat(order)
                else:
                    self.paid(order)

    def some(self, data: st.DataObject, *states: str) -> UUID:
        return data.draw(st.sampled_from([o for o, p in self.orders.items() if p.state in states]))

    @precondition(lambda self: any(p.state == "held" for p in self.orders.values()))
    @rule(data=st.data())
    def let_go(self, data: st.DataObject) -> None:
        self.lose_seat(self.some(data, "held"))

    def lose_seat(self, order: UUID) -> None:
        place = self.orders[order]
        place.state = "let_go"
        self.tell(place.at, Released(order, place.by))

    @precondition(lambda self: any(p.state in {"held", "let_go"} for p in self.orders.values()))
    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        self.paid(self.some(data, "held", "let_go"))

    def paid(self, order: UUID) -> None:
        place, at = self.orders[order], self.orders[order].at
        is_late = place.state == "let_go" or not self.is_forming(at)
        target = self.expected(order) if is_late else None
        place.state = "coming" if is_late else "paid"
        fact = Ordered(order, place.by, FIRST, may_move=place.agreed and not place.has_moved)
        effects = self.tell(at, fact)
        asked = MoveOrder(order) in effects
        assert asked == (is_late and fact.may_move)
        if asked and target is None:
            self.tell(at, replace(fact, may_move=False))
        elif asked and target is not None:
            self.move(order, fact, target)
        if is_late and target is None:
            assert (place.state, place.back) == ("back", FIRST)

    def move(self, order: UUID, fact: Ordered, target: int) -> None:
        """Do what the runtime does: a seat there, none here, then the payment."""
        place, source = self.orders[order], self.orders[order].at
        assert self.tell(target, Reserved(order, place.by, FIRST)) == []
        place.at, place.state, place.has_moved = target, "paid", True
        if target != source:
            self.tell(source, Released(order, place.by))
        self.tell(target, replace(fact, may_move=False))

    @rule(hours=st.floats(0.5, 20))
    def time_passes(self, hours: float) -> None:
        self.now += timedelta(hours=hours)
        for at, team in enumerate(self.teams):
            if self.now >= self.due[at]:
                team.now = self.now
                self.heed(at, team.later(0))
                self.over.add(at)

    @invariant()
    def never_more_members_than_seats(self) -> None:
        for at, team in enumerate(vars(self).get("teams", ())):
            assert len(self.sitting(at)) <= FULL or at in self.over
            assert len([seat for seat in team.progress.seats if not seat.is_back]) <= FULL

    @invariant()
    def all_money_is_in_one_team_or_back_once(self) -> None:
        for order, place in vars(self).get("orders", {}).items():
            at = [
                nth
                for nth, team in enumerate(self.teams)
                if any(seat.order == order and seat.is_paid for seat in team.progress.seats)
            ]
            if place.state == "paid":
                assert at == [place.at]
            assert len(at) <= 1
            assert place.back <= FIRST
            assert place.state != "back" or place.back == FIRST
            assert place.state != "coming"

    @invariant()
    def who_is_in_a_team_that_formed_pays_its_price_and_never_more(self) -> None:
        for place in vars(self).get("orders", {}).values():
            team = self.teams[place.at]
            if place.state == "paid" and team.progress.state == "settled":
                assert FIRST - place.back == team.progress.price_minor
            if place.state == "paid" and place.at in self.over:
                assert team.progress.state == "settled"


TestTeams = Teams.TestCase
TestTeams.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
