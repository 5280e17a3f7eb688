"""Assist, against the words of its own rules."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.plays import (
    PLAYS,
    AssistProgress,
    AssistSettings,
    CampaignEnded,
    Count,
    Lose,
    Reason,
    Refuse,
    Reverse,
    Reward,
    Supported,
    TimePassed,
    WakeAt,
    Win,
)
from tests.plays.runtime import NOON, Runtime, person

ASSIST = PLAYS["assist"]
THREE = AssistSettings(
    helpers_needed=3, offer="meal", helper_offer="ten", hours_to_finish=24, helps_per_person=2
)


def test_the_last_helper_unlocks_and_the_next_finds_it_full() -> None:
    run = Runtime(ASSIST, THREE)
    quest, effects = run.start("ana")
    assert effects == [WakeAt(NOON + timedelta(hours=24))]
    for helper in "bc":
        assert run.support(quest, helper) == [
            Count(person(helper)),
            Reward("helper", person(helper), "ten", quest),
        ]
    assert run.support(quest, "d")[2:] == [Reward("unlock", person("ana"), "meal", quest), Win()]
    assert run.support(quest, "e") == [Refuse("quest_full")]
    assert run.support(quest, "d") == [Refuse("already_helped")]


@pytest.mark.parametrize(
    ("change", "fact", "reason"),
    [
        ({}, Supported(person("ana")), "own_quest"),
        ({}, Supported(person("b"), has_helped=True), "already_helped"),
        ({}, Supported(person("b"), is_ancestor=True), "cycle"),
        ({}, Supported(person("b"), helps_given=2), "cap_reached"),
        ({"new_people_only": True}, Supported(person("b"), is_new_person=False), "not_new"),
    ],
)
def test_what_does_not_count_says_why(
    change: dict[str, bool], fact: Supported, reason: Reason
) -> None:
    chosen = msgspec.structs.replace(THREE, **change)
    progress = AssistProgress(person("ana"), person("q"))
    assert ASSIST.react(chosen, progress, fact, NOON) == (progress, [Refuse(reason)])


def test_two_cannot_help_each_other() -> None:
    run = Runtime(ASSIST, THREE)
    of_ana, _ = run.start("ana")
    of_bo, _ = run.start("bo")
    assert Count(person("bo")) in run.support(of_ana, "bo")
    assert run.support(of_bo, "ana") == [Refuse("cycle")]


def test_time_over_loses_once() -> None:
    run = Runtime(ASSIST, THREE)
    quest, _ = run.start("ana")
    run.support(quest, "b")
    progress = run.quests[quest]
    lost, effects = ASSIST.react(
        THREE, progress, Supported(person("c")), NOON + timedelta(hours=24)
    )
    assert effects == [Lose("out_of_time"), Refuse("out_of_time")]
    late = NOON + timedelta(hours=25)
    assert ASSIST.react(THREE, lost, TimePassed(), late) == (lost, [])
    assert ASSIST.react(THREE, lost, Supported(person("c")), late)[1] == [Refuse("quest_over")]
    assert ASSIST.react(THREE, progress, CampaignEnded(), NOON)[1] == [Lose("not_enough_people")]


def test_the_wake_up_call_itself_loses() -> None:
    run = Runtime(ASSIST, THREE)
    quest, _ = run.start("ana")
    run.pass_time(23.9)
    assert run.losses == []
    run.pass_time(0.1)
    assert run.losses == [quest]


def test_a_helper_who_leaves_before_the_goal_takes_their_help_along() -> None:
    run = Runtime(ASSIST, THREE)
    quest, _ = run.start("ana")
    run.support(quest, "b")
    assert run.withdraw(quest, "b") == [Reverse("helper", person("b"), quest)]
    assert run.quests[quest].helpers == 0
    for helper in "cde":
        run.support(quest, helper)
    assert run.wins == [quest]
    run.withdraw(quest, "c")
    assert ASSIST.standing(THREE, run.quests[quest]).state == "won"


def test_quests_per_person() -> None:
    twice = msgspec.structs.replace(THREE, quests_per_person=2)
    run = Runtime(ASSIST, twice)
    run.start("ana")
    run.start("ana")
    assert run.start("ana")[1] == [Refuse("cap_reached")]


@pytest.mark.parametrize("order", list(permutations("abcd")))
def test_in_every_order_exactly_one_win(order: tuple[str, ...]) -> None:
    run = Runtime(ASSIST, THREE)
    quest, _ = run.start("root")
    for helper in order + order + order:
        run.support(quest, helper)
    assert run.wins == [quest]
    assert sum(1 for rule, _, _ in run.grants if rule == "unlock") == 1
    assert len(run.counted[quest]) == 3


@settings(max_examples=120, deadline=None)
@given(
    st.integers(1, 4),
    st.booleans(),
    st.integers(1, 3),
    st.integers(1, 2),
    st.lists(
        st.tuples(
            st.sampled_from(["start", "support", "support", "withdraw", "wait"]),
            st.integers(0, 6),
            st.integers(0, 6),
        ),
        max_size=70,
    ),
)
def test_nothing_that_happens_breaks_the_promises(
    needed: int,
    new_only: bool,  # noqa: FBT001 - hypothesis gives it by position
    helps: int,
    starts: int,
    happened: list[tuple[str, int, int]],
) -> None:
    chosen = AssistSettings(
        helpers_needed=needed,
        offer="meal",
        helper_offer="ten",
        hours_to_finish=6,
        new_people_only=new_only,
        helps_per_person=helps,
        quests_per_person=starts,
    )
    run = Runtime(ASSIST, chosen)
    for kind, a, b in happened:
        quests = list(run.quests)
        if kind == "start":
            run.start(a)
        elif kind == "wait":
            run.pass_time(1)
        elif quests:
            quest = quests[a % len(quests)]
            (run.support if kind == "support" else run.withdraw)(quest, b)
    unlocked = [name for name in run.grants if name[0] == "unlock"]
    assert sorted(cause for _, _, cause in unlocked) == sorted(run.wins)
    assert not set(run.wins) & set(run.losses)
    given_by: dict[UUID, int] = {}
    for quest, people in run.ever.items():
        assert run.starter[quest] not in people
        for one in people:
            given_by[one] = given_by.get(one, 0) + 1
    assert all(times <= helps for times in given_by.values())
    for quest in run.wins:
        assert len(run.ever[quest]) >= needed
