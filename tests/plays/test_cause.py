"""Causes, against the words of the issue: a shared goal, shown honestly, never passed."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.plays import Qualified, Refuse, Reward, Words
from banyan.plays.cause import Cause, CauseSettings
from tests.plays.brute import Move, act, dearest
from tests.plays.runtime import Runtime, person

PLAY = Cause()
SETTINGS = CauseSettings(
    "book", 1000, every="day", most_per_person=3, counts_friends=True, thanks_offer="card"
)
NAMES = {key: Words(key, key) for key in ("book", "card")}
DAY = 740_000


def gave(day: int) -> Move:
    return Move("gave", DAY + day)


def began(settings: CauseSettings = SETTINGS) -> Runtime:
    runtime = Runtime(PLAY, settings)
    runtime.start("ann")
    return runtime


def given_by(effects: Sequence[object]) -> list[str]:
    return [one.offer for one in effects if isinstance(one, Reward)]


def refused(effects: Sequence[object]) -> list[str]:
    return [one.reason for one in effects if isinstance(one, Refuse)]


def test_each_act_gives_one_and_the_first_is_thanked() -> None:
    runtime = began()
    told = [given_by(act(runtime, "ann", gave(day))) for day in range(3)]
    assert told == [["book", "card"], ["book"], ["book"]]
    assert refused(act(runtime, "ann", gave(2), 1)) == ["done_already"]
    assert refused(act(runtime, "ann", gave(3))) == ["cap_reached"]
    assert len(runtime.wins) == 1


def test_a_friend_gives_in_their_own_name() -> None:
    runtime = began()
    (quest,) = runtime.quests
    assert given_by(runtime.support(quest, "bob")) == ["book"]
    assert {to for _, to, _ in runtime.grants} == {person("bob")}
    runtime.withdraw(quest, "bob")
    assert runtime.live() == {}
    assert not any(one.beneficiary == "inviter" for one in PLAY.mechanisms(SETTINGS))


def test_the_goal_is_the_quantity_and_at_the_goal_it_ends() -> None:
    assert PLAY.quantities(SETTINGS) == {"book": 1000}
    runtime = began()
    (quest,) = runtime.quests

    def told(*exhausted: str) -> Sequence[object]:
        fact = Qualified(person("ann"), "gave", person("x"), 0, DAY, exhausted)
        return PLAY.react(SETTINGS, runtime.quests[quest], fact, runtime.now)[1]

    assert refused(told("book")) == ["sold_out"]
    assert given_by(told("card")) == ["book"], "thanks that are gone do not keep anybody out"


@given(st.lists(st.tuples(st.sampled_from("gjl"), st.integers(0, 5)), max_size=25))
def test_a_collecting_box_holds_the_same(moves: list[tuple[str, int]]) -> None:
    """The model is a box: slips by day for the owner, one slip for each friend who is there."""
    runtime = began()
    (quest,) = runtime.quests
    slips: list[int] = []
    friends: set[int] = set()
    ever: set[int] = set()
    for nth, (kind, number) in enumerate(moves):
        if kind == "g":
            act(runtime, "ann", gave(number), nth)
            if len(slips) < 3 and (not slips or number > slips[-1]):
                slips.append(number)
        elif kind == "j":
            runtime.support(quest, number)
            if number not in ever:
                friends.add(number)
                ever.add(number)
        elif number in friends:
            runtime.withdraw(quest, number)
            friends.discard(number)
    expected = ["book"] * (len(slips) + len(friends)) + ["card"] * bool(slips)
    assert sorted(runtime.live().values()) == sorted(expected)


@pytest.mark.parametrize("people", [1, 2, 3])
@pytest.mark.parametrize("counts_friends", [True, False])
def test_the_most_it_can_cost_is_reached_and_never_passed(
    people: int, *, counts_friends: bool
) -> None:
    most = 2 if people < 3 else 1
    settings = CauseSettings(
        "book",
        100,
        every="day",
        most_per_person=most,
        counts_friends=counts_friends,
        thanks_offer="card",
    )
    costs = {"book": 10, "card": 1}
    moves = [gave(0), gave(1)] if people < 3 else [gave(0)]
    found = dearest(PLAY, settings, costs, people, moves)
    assert found == PLAY.most_cost(settings, costs, people)


def test_settings_are_looked_at() -> None:
    assert PLAY.problems(SETTINGS) == []
    (found,) = PLAY.problems(CauseSettings("book", 10, every="once", most_per_person=2))
    assert (found.path, found.code) == ("most_per_person", "out_of_reach")


def test_the_rules_say_the_goal_and_that_nobody_is_asked_to_pay() -> None:
    said = PLAY.rules(SETTINGS, NAMES)
    zh, en = "".join(one.zh for one in said), " ".join(one.en for one in said)
    for told in ("1000 份", "「book」", "「card」", "不需付款", "实际捐出"):
        assert told in zh
    for told in ("1000 units", "“book”", "pay nothing"):
        assert told in en
