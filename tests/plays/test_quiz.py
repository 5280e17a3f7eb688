"""Quizzes, against the words of the issue: levels with questions, answers kept on the server."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.plays import Refuse, Reward, Words
from banyan.plays.quiz import Level, Question, Quiz, QuizSettings
from tests.plays.brute import Move, act, dearest
from tests.plays.runtime import Runtime

PLAY = Quiz()


def question(right: int, name: str = "茶") -> Question:
    return Question(name, name, ("甲", "乙", "丙"), ("a", "b", "c"), right)


SETTINGS = QuizSettings(
    (
        Level((question(3), question(1)), needed=2, offer="tea"),
        Level((question(2),), needed=1),
        Level((question(1), question(2), question(3)), needed=2, offer="cake"),
    ),
    tries_per_level=2,
    friend_offer="hello",
)
NAMES = {key: Words(key, key) for key in ("tea", "cake", "hello")}


def began(settings: QuizSettings = SETTINGS) -> Runtime:
    runtime = Runtime(PLAY, settings)
    runtime.start("ann")
    return runtime


def level(number: int, right: int) -> Move:
    return Move(f"level_{number}", right)


def given_by(effects: Sequence[object]) -> list[str]:
    return [one.offer for one in effects if isinstance(one, Reward)]


def refused(effects: Sequence[object]) -> list[str]:
    return [one.reason for one in effects if isinstance(one, Refuse)]


@pytest.mark.parametrize(
    ("step", "proof", "right"),
    [
        ("level_1", "3,1", 2),
        ("level_1", " 3 , 1 ", 2),
        ("level_1", "3,2", 1),
        ("level_1", "3", 1),
        ("level_1", "3,1,3,1", 2),
        ("level_1", "", 0),
        ("level_1", "33,11", 0),
        ("level_2", "2", 1),
        ("level_4", "1", 0),
        ("level_0", "1", 0),
        ("level_-1", "1", 0),
        ("level_９", "1", 0),
        ("checked_in", "3,1", 0),
    ],
)
def test_what_an_answer_is_worth(step: str, proof: str, right: int) -> None:
    assert PLAY.worth(SETTINGS, step, proof) == right


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_phone_sends_is_weighed(step: str, proof: str) -> None:
    assert PLAY.worth(SETTINGS, step, proof) == 0 or step.startswith("level_")


def test_levels_come_one_after_another() -> None:
    runtime = began()
    assert refused(act(runtime, "ann", level(2, 1))) == ["too_early"]
    assert given_by(act(runtime, "ann", level(1, 2))) == ["tea"]
    assert refused(act(runtime, "ann", level(1, 2), 1)) == ["done_already"]
    assert given_by(act(runtime, "ann", level(2, 1), 1)) == []
    assert given_by(act(runtime, "ann", level(3, 2))) == ["cake"]
    assert runtime.wins == list(runtime.quests)


def test_a_try_with_too_few_right_answers_is_used_up() -> None:
    runtime = began()
    assert refused(act(runtime, "ann", level(1, 1))) == []
    assert given_by(act(runtime, "ann", level(1, 1), 1)) == []
    assert refused(act(runtime, "ann", level(1, 2))) == ["no_chance_left"]
    assert runtime.losses == list(runtime.quests)


def test_what_was_passed_stays_won_when_the_next_level_fails() -> None:
    runtime = began()
    act(runtime, "ann", level(1, 2))
    act(runtime, "ann", level(2, 0))
    act(runtime, "ann", level(2, 0), 1)
    assert (len(runtime.wins), len(runtime.losses)) == (1, 0)
    assert list(runtime.live().values()) == ["tea"]


def test_the_right_choices_are_not_in_the_page() -> None:
    def keys(node: Any) -> set[str]:
        if isinstance(node, dict):
            return set(node).union(*map(keys, node.values()))
        if isinstance(node, list | tuple):
            return set[str]().union(*map(keys, node))
        return set()

    told = PLAY.public_settings(SETTINGS)
    assert "right" not in keys(told)
    assert {"ask_zh", "choices_en", "needed"} <= keys(told)
    assert SETTINGS.levels[0].questions[0].right == 3


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=20))
def test_a_quizmaster_tells_the_same(moves: list[tuple[int, int]]) -> None:
    """The model is a quizmaster who asks level after level and counts tries on two fingers."""
    runtime = began()
    needs, gifts = {1: 2, 2: 1, 3: 2}, {1: ["tea"], 2: [], 3: ["cake"]}
    at, fingers = 1, 0
    owed: list[str] = []
    for nth, (number, right) in enumerate(moves):
        act(runtime, "ann", level(number, right), nth)
        if number == at and at in needs and fingers < 2:
            if right >= needs[at]:
                owed += gifts[at]
                at, fingers = at + 1, 0
            else:
                fingers += 1
    assert sorted(runtime.grants.values()) == sorted(owed)


@pytest.mark.parametrize("people", [1, 2])
def test_the_most_it_can_cost_is_reached_and_never_passed(people: int) -> None:
    settings = QuizSettings(
        (Level((question(1),), offer="tea"), Level((question(1),), offer="cake")),
        tries_per_level=2,
        friend_offer="hello",
    )
    costs = {"tea": 1, "cake": 10, "hello": 100}
    moves = [level(1, 1), level(2, 1), level(1, 0)]
    found = dearest(PLAY, settings, costs, people, moves)
    assert found == PLAY.most_cost(settings, costs, people)


def test_settings_are_looked_at() -> None:
    assert PLAY.problems(SETTINGS) == []
    wrong = QuizSettings(
        (Level((Question("问", "ask", ("甲", "乙"), ("a", "b", "c"), 3),), needed=2),)
    )
    assert [(one.path, one.code) for one in PLAY.problems(wrong)] == [
        ("levels[0].needed", "out_of_reach"),
        ("levels[0].questions[0].choices_en", "not_as_many"),
        ("levels[0].questions[0].right", "no_such_choice"),
        ("levels", "no_reward"),
    ]


def test_the_rules_name_every_offer_and_every_level() -> None:
    said = PLAY.rules(SETTINGS, NAMES)
    zh = "".join(one.zh for one in said)
    for told in ("「tea」", "「cake」", "「hello」", "第 3 关 3 题", "最多可试 2 次"):
        assert told in zh
    assert PLAY.disclosures(SETTINGS).is_quiz
