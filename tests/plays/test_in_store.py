"""In-store campaigns, against the words of the issue: scan, verify, redeem."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.plays import Refuse, Reward, Words
from banyan.plays.in_store import InStore, InStoreSettings, Stamp
from banyan.plays.in_store.play import WRONG_CODES_MOST
from tests.plays.brute import Move, act, dearest
from tests.plays.runtime import Runtime

PLAY = InStore()
SETTINGS = InStoreSettings(
    "TABLE7", (Stamp(1, "tea"), Stamp(3, "cake")), scan_offer="sweet", friend_offer="hello"
)
NAMES = {key: Words(key, key) for key in ("tea", "cake", "sweet", "hello")}
SCAN, WRONG, REDEEM = Move("scanned", 1), Move("scanned", 0), Move("redeemed")
DAY = 740_000


def began(settings: InStoreSettings = SETTINGS) -> Runtime:
    runtime = Runtime(PLAY, settings)
    runtime.start("ann")
    return runtime


def visit(day: int) -> Move:
    return Move("visited", DAY + day)


def given_by(effects: Sequence[object]) -> list[str]:
    return [one.offer for one in effects if isinstance(one, Reward)]


def refused(effects: Sequence[object]) -> list[str]:
    return [one.reason for one in effects if isinstance(one, Refuse)]


def test_scanning_earns_once_and_guessing_ends() -> None:
    runtime = began()
    assert refused(act(runtime, "ann", WRONG)) == ["wrong_answer"]
    assert given_by(act(runtime, "ann", SCAN)) == ["sweet"]
    assert refused(act(runtime, "ann", SCAN, 1)) == ["done_already"]
    other = began()
    for nth in range(WRONG_CODES_MOST):
        act(other, "ann", WRONG, nth)
    assert refused(act(other, "ann", SCAN)) == ["no_chance_left"]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([0], [["tea"]]),
        ([0, 0], [["tea"], []]),
        ([0, 3, 9], [["tea"], [], ["cake"]]),
        ([0, 1, 2, 3], [["tea"], [], ["cake"], []]),
    ],
)
def test_visits_count_once_a_day(days: list[int], told: list[list[str]]) -> None:
    runtime = began()
    assert [given_by(act(runtime, "ann", visit(day), nth)) for nth, day in enumerate(days)] == told


def test_nothing_is_handed_over_that_was_not_earned() -> None:
    runtime = began()
    assert refused(act(runtime, "ann", REDEEM)) == ["too_early"]
    act(runtime, "ann", visit(0))
    assert refused(act(runtime, "ann", REDEEM, 1)) == []
    assert refused(act(runtime, "ann", REDEEM, 2)) == ["too_early"]
    act(runtime, "ann", visit(1))
    act(runtime, "ann", visit(2))
    assert runtime.wins == list(runtime.quests)
    assert refused(act(runtime, "ann", visit(3))) == ["cap_reached"]
    assert refused(act(runtime, "ann", REDEEM, 3)) == []
    assert refused(act(runtime, "ann", Move("danced"))) == ["not_applicable"]


@given(st.lists(st.tuples(st.sampled_from("svr"), st.integers(0, 6)), max_size=25))
def test_a_paper_card_tells_the_same(moves: list[tuple[str, int]]) -> None:
    """The model is a paper card: stamped on some days, each gift ticked off once."""
    runtime = began()
    card: list[int] = []
    gifts: list[str] = []
    ticked, has_scanned = 0, False
    for nth, (kind, day) in enumerate(moves):
        if kind == "s":
            act(runtime, "ann", SCAN, nth)
            if not has_scanned:
                gifts.append("sweet")
            has_scanned = True
        elif kind == "v":
            act(runtime, "ann", visit(day), nth)
            if len(card) < 3 and (not card or day > card[-1]):
                card.append(day)
        else:
            earned = (len(card) >= 1) + (len(card) >= 3)
            ok = refused(act(runtime, "ann", REDEEM, nth)) == []
            assert ok == (ticked < earned)
            ticked += ok
    gifts += ["tea"] * (len(card) >= 1) + ["cake"] * (len(card) >= 3)
    assert sorted(runtime.grants.values()) == sorted(gifts)


@pytest.mark.parametrize("people", [1, 2])
def test_the_most_it_can_cost_is_reached_and_never_passed(people: int) -> None:
    settings = InStoreSettings(
        "CODE", (Stamp(1, "tea"), Stamp(2, "cake")), scan_offer="sweet", friend_offer="hello"
    )
    costs = {"tea": 1, "cake": 10, "sweet": 100, "hello": 1000}
    moves = [SCAN, visit(0), visit(1), *([visit(2), REDEEM] if people == 1 else [])]
    found = dearest(PLAY, settings, costs, people, moves)
    assert found == PLAY.most_cost(settings, costs, people)


def test_acts_say_who_proves_them() -> None:
    assert [(one.step, one.every, one.proof, one.most) for one in PLAY.acts(SETTINGS)] == [
        ("scanned", "once", "code", 1),
        ("visited", "day", "staff", 3),
        ("redeemed", "times", "staff", 2),
    ]
    assert PLAY.worth(SETTINGS, "scanned", "table 7") == 1
    assert PLAY.worth(SETTINGS, "visited", "TABLE7") == 0
    assert "TABLE7" not in repr(PLAY.public_settings(SETTINGS))


def test_settings_are_looked_at() -> None:
    assert PLAY.problems(SETTINGS) == []
    (found,) = PLAY.problems(InStoreSettings("CODE", (Stamp(3, "a"), Stamp(2, "b"))))
    assert (found.path, found.code) == ("stamps[1].visits", "not_ascending")
    (none,) = PLAY.problems(InStoreSettings("CODE", ()))
    assert none.code == "no_reward"


def test_the_rules_name_every_offer() -> None:
    said = PLAY.rules(SETTINGS, NAMES)
    for key in NAMES:
        assert any(f"「{key}」" in one.zh for one in said)
        assert any(f"“{key}”" in one.en for one in said)
    assert not any("TABLE7" in one.zh for one in said)
