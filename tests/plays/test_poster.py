"""Posters, against the words of the issue: tiers by new people; who leaves within 24 h is uncounted."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.plays import Refuse, Reverse, Reward, Words
from banyan.plays.poster import Poster, PosterSettings, PosterTier
from tests.plays.brute import dearest
from tests.plays.runtime import NOON, Runtime, person

PLAY = Poster()
SETTINGS = PosterSettings((PosterTier(1, "tea"), PosterTier(3, "cake")), friend_offer="hello")
NAMES = {key: Words(key, key) for key in ("tea", "cake", "hello")}


def began(settings: PosterSettings = SETTINGS) -> Runtime:
    runtime = Runtime(PLAY, settings)
    runtime.start("ann")
    return runtime


def given_by(effects: Sequence[object]) -> list[str]:
    return [one.offer for one in effects if isinstance(one, Reward)]


def refused(effects: Sequence[object]) -> list[str]:
    return [one.reason for one in effects if isinstance(one, Refuse)]


def test_tiers_are_earned_by_new_people() -> None:
    runtime = began()
    (quest,) = runtime.quests
    told = [given_by(runtime.support(quest, name)) for name in ("bob", "cay", "dan", "eve")]
    assert told == [["hello", "tea"], ["hello"], ["hello", "cake"], ["hello"]]
    assert runtime.wins == [quest]


@pytest.mark.parametrize(
    ("hours", "kept"),
    [(0, []), (23.99, []), (24, ["hello", "tea"]), (100, ["hello", "tea"])],
)
def test_who_leaves_within_the_hours_is_uncounted(hours: float, kept: list[str]) -> None:
    runtime = began()
    (quest,) = runtime.quests
    runtime.support(quest, "bob")
    runtime.pass_time(hours)
    runtime.withdraw(quest, "bob")
    assert sorted(runtime.live().values()) == kept
    assert PLAY.standing(SETTINGS, runtime.quests[quest]).have == (1 if kept else 0)


def test_a_tier_lost_and_reached_again_is_given_again() -> None:
    runtime = began()
    (quest,) = runtime.quests
    runtime.support(quest, "bob")
    effects = runtime.withdraw(quest, "bob")
    assert [one.rule for one in effects if isinstance(one, Reverse)] == ["friend", "tier:1"]
    assert given_by(runtime.support(quest, "cay")) == ["hello", "tea"]
    assert sorted(runtime.live().values()) == ["hello", "tea"]


@pytest.mark.parametrize(
    ("who", "reason"), [("ann", "own_quest"), ("old", "not_new"), ("bob", "already_helped")]
)
def test_who_does_not_count(who: str, reason: str) -> None:
    runtime = began()
    (quest,) = runtime.quests
    runtime.known.add(person("old"))
    runtime.support(quest, "bob")
    assert refused(runtime.support(quest, who)) == [reason]


def test_the_time_ends() -> None:
    runtime = began(PosterSettings((PosterTier(2, "tea"),), hours_to_finish=5))
    (quest,) = runtime.quests
    runtime.support(quest, "bob")
    assert runtime.wake == {quest: NOON + timedelta(hours=5)}
    runtime.pass_time(5)
    assert runtime.wins == [quest], "somebody came"
    assert refused(runtime.support(quest, "cay")) == ["quest_over"]
    empty = began(PosterSettings((PosterTier(2, "tea"),), hours_to_finish=5))
    empty.pass_time(5)
    assert len(empty.losses) == 1


@given(
    st.lists(st.tuples(st.sampled_from(["join", "leave", "wait"]), st.integers(0, 6)), max_size=40)
)
def test_a_guest_book_tells_the_same(moves: list[tuple[str, int]]) -> None:
    """The model is a guest book: name and hour; a name is struck out by who leaves within a day."""
    runtime = began()
    (quest,) = runtime.quests
    book: dict[int, int] = {}
    ever: set[int] = set()
    hour = 0
    for kind, number in moves:
        if kind == "wait":
            runtime.pass_time(number * 4)
            hour += number * 4
        elif kind == "join":
            runtime.support(quest, number)
            if number not in ever:
                book[number] = hour
                ever.add(number)
        else:
            runtime.withdraw(quest, number)
            if number in book and hour - book[number] < 24:
                del book[number]
        expected = ["hello"] * len(book)
        expected += ["tea"] * (len(book) >= 1) + ["cake"] * (len(book) >= 3)
        assert sorted(runtime.live().values()) == sorted(expected)
        assert PLAY.standing(SETTINGS, runtime.quests[quest]).have == len(book)


@pytest.mark.parametrize("people", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "tiers", [(PosterTier(1, "tea"),), (PosterTier(1, "tea"), PosterTier(2, "cake"))]
)
def test_the_most_it_can_cost_is_reached_and_never_passed(
    people: int, tiers: tuple[PosterTier, ...]
) -> None:
    settings = PosterSettings(tiers, friend_offer="hello" if people < 4 else None)
    costs = {"tea": 10, "cake": 25, "hello": 1}
    assert dearest(PLAY, settings, costs, people) == PLAY.most_cost(settings, costs, people)


def test_settings_are_looked_at() -> None:
    assert PLAY.problems(SETTINGS) == []
    (found,) = PLAY.problems(PosterSettings((PosterTier(2, "a"), PosterTier(2, "b"))))
    assert (found.path, found.code) == ("tiers[1].people", "not_ascending")


def test_the_rules_name_every_offer_and_the_hours() -> None:
    said = PLAY.rules(SETTINGS, NAMES)
    zh, en = "".join(one.zh for one in said), " ".join(one.en for one in said)
    for told in ("「tea」", "「cake」", "「hello」", "24 小时", "不使用您的头像和昵称"):
        assert told in zh
    assert "24 hours" in en
