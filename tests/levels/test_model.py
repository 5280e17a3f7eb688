"""Levels against a model written from what a merchant is promised, not from the code.

Any one rule lifts: spent net of refunds, friends brought, points earned, each so many days back; or
a campaign gives a level for some days. A level of one's own is kept for its days, then judged again,
and falls at most to what is still earned. Money that goes back takes along, at once, what only that
purchase had earned: what the rest earned, now or when the level was set, stays. Whatever is told
twice or out of order changes nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from banyan.levels import Level
from banyan.rewards import ReverseRequest
from banyan.store import OrderView
from tests.levels.club import GOLD, LADDER, SILVER, Club
from tests.stage import ASSIST
from tests.whole import assert_whole

HELPERS = 20
SETTINGS: Any = ASSIST["settings"]
PLAY = ASSIST | {"settings": SETTINGS | {"helpers_needed": HELPERS, "hours_to_finish": 24 * 29}}


@dataclass
class Deed:
    """Something somebody did or was given, when, and how much of it stands."""

    at: datetime
    amount: int
    bonus: int = 0
    paid: int = 0
    """What was paid, whatever went back of it."""


@dataclass
class Given:
    """A level a campaign gave, and until when."""

    key: str
    until: datetime


@dataclass
class Member:
    """What is promised of one person."""

    person: UUID
    quest: UUID
    spent: list[Deed] = field(default_factory=list)
    people: list[Deed] = field(default_factory=list)
    points: list[Deed] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    own: int = 0
    """How many rungs up the level of their own is; 0: none."""
    until: datetime | None = None
    level: int = 0
    gifts: set[int] = field(default_factory=set)
    sets: list[datetime] = field(default_factory=list)
    """When a level of their own was set."""

    def earns(self, now: datetime) -> int:
        def lifts(level: Level) -> bool:
            since = now - timedelta(days=level.within_days)
            sums = [
                sum(deed.amount for deed in deeds if since < deed.at <= now)
                for deeds in (self.spent, self.people, self.points)
            ]
            needs = (level.spent_minor, level.people, level.points)
            return any(n is not None and have >= n for have, n in zip(sums, needs, strict=True))

        return max((up for up, level in enumerate(LADDER, 1) if lifts(level)), default=0)

    def judged(self, now: datetime) -> None:
        earns = self.earns(now)
        kept = self.until is not None and now < self.until
        if earns > self.own or not kept:
            self.own = earns
            days = LADDER[earns - 1].keeps_days if earns else 0
            self.until = now + timedelta(days=days) if earns else None
            self.sets += [now] if earns else []
        self.stands(now)

    def sent_back(self, now: datetime) -> None:
        """Money went back: what only it had earned goes with it."""
        if self.until is None or now >= self.until or self.earns(now) >= self.own:
            return
        top = LADDER[self.own - 1]
        mine = self.until - timedelta(days=top.keeps_days)
        begin = mine - timedelta(days=top.within_days)
        paid = sum(deed.paid for deed in self.spent if begin < deed.at <= mine)
        if self.earns(mine) >= self.own or paid < (top.spent_minor or 0):
            return
        left = [(self.earns(at), at) for at in [*self.sets, now]]
        ends = [(up, at + timedelta(days=LADDER[up - 1].keeps_days)) for up, at in left if up]
        live = [each for each in ends if each[1] > now]
        self.own, self.until = max(live) if live else (0, None)
        if self.until == now + timedelta(days=LADDER[self.own - 1].keeps_days):
            self.sets.append(now)
        self.stands(now)

    def stands(self, now: datetime) -> None:
        keys = [level.key for level in LADDER]
        held = [keys.index(each.key) + 1 for each in self.given if each.until > now]
        level = max([self.own, *held])
        if level > self.level:
            self.gifts.add(level)
        self.level = level


class Life(RuleBasedStateMachine):
    """Two members of one club."""

    club: Club
    members: list[Member]

    @initialize()
    def open(self) -> None:
        self.club = Club(*LADDER, budget=10**9)
        self.club.now += timedelta(days=1)
        self.campaign = self.club.campaign(PLAY)
        persons = self.club.people(2)
        quests = self.club.quests(self.campaign, persons)
        self.members = [Member(*each) for each in zip(persons, quests, strict=True)]
        self.orders: list[tuple[Member, Deed, OrderView, int]] = []
        self.lent: list[tuple[Member, Given, ReverseRequest]] = []
        self.earned: list[tuple[Member, Deed, ReverseRequest]] = []
        self.began = self.club.now

    def told(self, member: Member | None = None) -> None:
        """Let what happened be heard, then a second pass."""
        self.club.heard()
        if member is not None:
            member.judged(self.club.now)
        self.club.now += timedelta(seconds=1)

    @rule(who=st.integers(0, 1), hundreds=st.sampled_from([30, 60, 100, 250]))
    def buy(self, who: int, hundreds: int) -> None:
        member = self.members[who]
        deed = Deed(self.club.now, hundreds * 100, paid=hundreds * 100)
        order = self.club.spend(deed.amount, member.person)
        member.spent.append(deed)
        self.orders.append((member, deed, order, hundreds))
        self.told(member)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def refund_half(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.orders) - 1))
        member, deed, order, hundreds = self.orders.pop(at)
        deed.amount -= self.club.send_back(order, (order.lines[0].id, hundreds // 2))
        member.sent_back(self.club.now)
        self.told()

    @precondition(lambda self: self.club.now < self.began + timedelta(days=28))
    @rule(who=st.integers(0, 1))
    def bring(self, who: int) -> None:
        member = self.members[who]
        if len(member.people) == HELPERS:
            return
        (friend,) = self.club.people(1)
        (answer,) = self.club.support((member.quest, friend))
        assert getattr(answer, "counted", False), answer
        member.people.append(Deed(self.club.now, 1))
        self.told(member)

    @rule(who=st.integers(0, 1), points=st.sampled_from([77, 150, 301, 900]))
    def earn(self, who: int, points: int) -> None:
        member = self.members[who]
        rate = LADDER[member.level - 1].points_bps if member.level else 10_000
        deed = Deed(self.club.now, points, points * (rate - 10_000) // 10_000)
        self.earned.append((member, deed, self.club.earn(points, member.person, days=3000)))
        member.points.append(deed)
        self.told(member)

    @precondition(lambda self: self.earned)
    @rule(data=st.data())
    def take_points_back(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.earned) - 1))
        member, deed, given = self.earned.pop(at)
        assert self.club.take_back(given) == "reversed"
        deed.amount = deed.bonus = 0
        self.told(member)

    @rule(
        who=st.integers(0, 1),
        key=st.sampled_from([SILVER.key, GOLD.key]),
        days=st.sampled_from([3, 20, 90]),
    )
    def lend(self, who: int, key: str, days: int) -> None:
        member = self.members[who]
        given = Given(key, self.club.now + timedelta(days=days))
        self.lent.append((member, given, self.club.give_level(key, days, member.person)))
        member.given.append(given)
        self.told(member)

    @precondition(lambda self: self.lent)
    @rule(data=st.data())
    def take_level_back(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.lent) - 1))
        member, given, request = self.lent.pop(at)
        assert self.club.take_back(request) == "reversed"
        given.until = self.club.now
        self.told(member)

    @rule(days=st.sampled_from([1, 7, 16, 31, 61]))
    def let_time_pass(self, days: int) -> None:
        self.club.passed(days=days)
        for member in self.members:
            member.judged(self.club.now)
        self.club.now += timedelta(seconds=1)

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        events = self.club.events()
        again: list[Any] = (
            data.draw(st.lists(st.sampled_from(events), max_size=6)) if events else []
        )
        before = [self.club.history(member.person) for member in self.members]
        self.club.follow(*again)
        assert [self.club.history(member.person) for member in self.members] == before

    @invariant()
    def as_promised(self) -> None:
        for member in getattr(self, "members", ()):
            key = LADDER[member.level - 1].key if member.level else None
            assert self.club.level(member.person) == key
            gifts = sorted(LADDER[up - 1].coupon_minor for up in member.gifts)
            mine = [c for c in self.club.coupons(member.person) if c in {1_000, 3_000}]
            assert mine == gifts
            assert self.club.points(member.person) == sum(
                deed.amount + deed.bonus for deed in member.points
            )

    def teardown(self) -> None:
        if hasattr(self, "members"):
            assert_whole()


@pytest.mark.usefixtures("database")
def test_every_life_is_as_promised() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
            derandomize=True,
            database=None,
        ),
    )
