"""What the issue promises of every play of acts and friends, held while many people do anything in any order.

A reward is given once per rule, person and cause, to whoever began the quest or acted in it. What is
refused gives nothing and changes nothing. Nothing costs more than the worst case that is shown
before launch, and after the end nothing is given any more.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from banyan.plays import AnyPlay, Effect, Refuse, Reward
from tests.plays import (
    test_assist,
    test_cause,
    test_check_in,
    test_content,
    test_in_store,
    test_live,
    test_poster,
    test_quiz,
    test_referral,
)
from tests.plays.brute import Move, act
from tests.plays.runtime import Runtime, person

PEOPLE = ("ann", "bea", "cai", "dan", "eve")
DAYS = 5


class Promises(RuleBasedStateMachine):
    """Five people who start, help, act, leave, wait and come again."""

    play: ClassVar[AnyPlay]
    settings: ClassVar[Any]
    moves: ClassVar[Sequence[Move]]

    def __init__(self) -> None:
        super().__init__()
        self.runtime = Runtime(self.play, self.settings)
        self.begun: set[str] = set()
        self.count = 0
        self.is_over = False

    @rule(who=st.sampled_from(PEOPLE))
    def start(self, who: str) -> None:
        if who not in self.begun and not self.is_over:
            self.runtime.start(who)
            self.begun.add(who)

    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def help(self, data: st.DataObject, who: str) -> None:
        if self.begun:
            owner = data.draw(st.sampled_from(sorted(self.begun)))
            quest = self._quest(owner)
            self._look(lambda: self.runtime.support(quest, who), {owner, who})

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        if self.begun and self.moves:
            owner = data.draw(st.sampled_from(sorted(self.begun)))
            move = data.draw(st.sampled_from(self.moves))
            self.count += 1
            self._look(lambda: act(self.runtime, owner, move, self.count), {owner})

    @rule(data=st.data(), who=st.sampled_from(PEOPLE))
    def leave(self, data: st.DataObject, who: str) -> None:
        if self.begun:
            quest = self._quest(data.draw(st.sampled_from(sorted(self.begun))))
            # Whoever was not counted takes nothing along.
            was_counted = person(who) in self.runtime.counted[quest]
            before = dict(self.runtime.live())
            self.runtime.withdraw(quest, who)
            assert was_counted or self.runtime.live() == before

    @rule(hours=st.sampled_from([1, 12, 30, 24 * 8]))
    def wait(self, hours: int) -> None:
        self.runtime.pass_time(hours)

    @rule()
    def end(self) -> None:
        # Rare, so that much happens before.
        self.count += 1
        if self.count % 7 == 0:
            self.runtime.end()
            self.is_over = True

    @invariant()
    def no_more_than_was_shown(self) -> None:
        costs = {offer: 100 + nth for nth, offer in enumerate(self.offers())}
        paid = sum(costs[offer] for offer in self.runtime.live().values())
        assert paid <= self.play.most_cost(self.settings, costs, len(PEOPLE))

    def offers(self) -> list[str]:
        """Return every offer that was given, in order of its name."""
        return sorted(set(self.runtime.grants.values()))

    def _quest(self, who: str) -> Any:
        by = person(who)
        return next(quest for quest, owner in self.runtime.starter.items() if owner == by)

    def _look(self, happens: Any, concerned: set[str]) -> None:
        before = dict(self.runtime.quests), dict(self.runtime.grants)
        effects: list[Effect] = happens()
        given = [each for each in effects if isinstance(each, Reward)]
        assert {each.to for each in given} <= {person(who) for who in concerned}
        if any(isinstance(each, Refuse) for each in effects):
            assert not given
            assert self.runtime.grants == before[1]
        if self.is_over:
            assert not given


PLAYS: dict[str, tuple[AnyPlay, Any, Sequence[Move]]] = {
    "assist": (test_assist.ASSIST, test_assist.THREE, []),
    "referral": (test_referral.REFERRAL, test_referral.TIERS, []),
    "poster": (test_poster.PLAY, test_poster.SETTINGS, []),
    "content": (test_content.PLAY, test_content.SETTINGS, [test_content.READ]),
    "cause": (
        test_cause.PLAY,
        test_cause.SETTINGS,
        [Move("gave", test_cause.DAY + day) for day in range(DAYS)],
    ),
    "in_store": (
        test_in_store.PLAY,
        test_in_store.SETTINGS,
        [
            *(test_in_store.SCAN, test_in_store.WRONG, test_in_store.REDEEM),
            *(test_in_store.visit(day) for day in range(DAYS)),
        ],
    ),
    "live": (
        test_live.PLAY,
        test_live.SETTINGS,
        [
            *(test_live.ENTER, test_live.WRONG, test_live.LUCKY, test_live.UNLUCKY),
            Move("watched"),
        ],
    ),
    "check_in": (
        test_check_in.PLAY,
        test_check_in.SETTINGS,
        [
            *(Move("checked_in", test_check_in.MONDAY + day) for day in range(DAYS)),
            Move("task_menu"),
        ],
    ),
    "quiz": (
        test_quiz.PLAY,
        test_quiz.SETTINGS,
        [test_quiz.level(number, right) for number in (1, 2, 3) for right in (0, 3)],
    ),
}


def hold(key: str, play: Any) -> None:
    """Let many people do anything in campaigns of `play`."""
    _, given, moves = PLAYS[key]
    made = type("Machine", (Promises,), {"play": play, "settings": given, "moves": moves})
    often = hypothesis_settings(
        max_examples=40, stateful_step_count=30, deadline=None, derandomize=True, database=None
    )
    run_state_machine_as_test(made, settings=often)


@pytest.mark.parametrize("key", PLAYS)
def test_whatever_people_do_the_promises_hold(key: str) -> None:
    hold(key, PLAYS[key][0])


class Understated:
    """A play that shows less than it can cost."""

    def __init__(self, play: AnyPlay) -> None:
        self._play = play

    def __getattr__(self, name: str) -> Any:
        return getattr(self._play, name)

    def most_cost(self, *_: object) -> int:
        return 0


@pytest.mark.parametrize("key", PLAYS)
def test_a_worst_case_that_is_too_low_is_found(key: str) -> None:
    with pytest.raises(AssertionError):
        hold(key, Understated(PLAYS[key][0]))
