"""Check-in, against the words of the issue: day by day, days in a row, points tasks, no share."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.plays import Refuse, Reward, Words
from banyan.plays.check_in import CheckIn, CheckInSettings, Streak, Task
from tests.plays.brute import Move, act, dearest
from tests.plays.runtime import Runtime, person

MONDAY = date(2026, 11, 23).toordinal()
PLAY = CheckIn()
SETTINGS = CheckInSettings(
    daily_offer="bean",
    streaks=(Streak(2, "cup"), Streak(3, "bag")),
    tasks=(Task("menu", "看菜单", "Read", "bean"), Task("vote", "投票", "Vote", "bean", "day")),
    most_days=4,
    friend_offer="hello",
)
NAMES = {key: Words(key, key) for key in ("bean", "cup", "bag", "hello")}


def began(settings: CheckInSettings = SETTINGS) -> Runtime:
    runtime = Runtime(PLAY, settings)
    runtime.start("ann")
    return runtime


def given_by(effects: Sequence[object]) -> list[str]:
    return [one.offer for one in effects if isinstance(one, Reward)]


def refused(effects: Sequence[object]) -> list[str]:
    return [one.reason for one in effects if isinstance(one, Refuse)]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([0], [["bean"]]),
        ([0, 1], [["bean"], ["bean", "cup"]]),
        ([0, 2, 3], [["bean"], ["bean"], ["bean", "cup"]]),
        ([0, 1, 3, 4], [["bean"], ["bean", "cup"], ["bean"], ["bean"]]),
        ([0, 1, 2, 3], [["bean"], ["bean", "cup"], ["bean", "bag"], ["bean"]]),
        ([0, 0, 1], [["bean"], [], ["bean", "cup"]]),
        ([1, 0], [["bean"], []]),
        ([0, 1, 2, 3, 4], [["bean"], ["bean", "cup"], ["bean", "bag"], ["bean"], []]),
    ],
    ids=[
        "one",
        "two in a row",
        "a gap",
        "each row once",
        "four",
        "twice a day",
        "back",
        "too many",
    ],
)
def test_days(days: list[int], told: list[list[str]]) -> None:
    runtime = began()
    said = [
        given_by(act(runtime, "ann", Move("checked_in", MONDAY + day), nth))
        for nth, day in enumerate(days)
    ]
    assert said == told


def test_a_second_check_in_of_a_day_and_one_too_many_say_why() -> None:
    runtime = began()
    act(runtime, "ann", Move("checked_in", MONDAY))
    assert refused(act(runtime, "ann", Move("checked_in", MONDAY), 1)) == ["done_already"]
    for day in range(1, 4):
        act(runtime, "ann", Move("checked_in", MONDAY + day))
    assert runtime.wins == list(runtime.quests)
    assert refused(act(runtime, "ann", Move("checked_in", MONDAY + 4))) == ["cap_reached"]


def test_tasks_count_once_or_as_often_as_days_do() -> None:
    runtime = began()
    assert given_by(act(runtime, "ann", Move("task_menu"))) == ["bean"]
    assert refused(act(runtime, "ann", Move("task_menu"), 1)) == ["done_already"]
    told = [given_by(act(runtime, "ann", Move("task_vote"), nth)) for nth in range(5)]
    assert told == [*[["bean"]] * 4, []]
    assert refused(act(runtime, "ann", Move("task_other"))) == ["not_applicable"]


def test_a_friend_is_greeted_and_nobody_is_paid_for_it() -> None:
    runtime = began()
    (quest,) = runtime.quests
    assert given_by(runtime.support(quest, "bob")) == ["hello"]
    assert {to for _, to, _ in runtime.grants} == {person("bob")}
    runtime.withdraw(quest, "bob")
    assert runtime.live() == {}


def test_the_end_is_won_by_whoever_came_and_lost_by_nobody_else() -> None:
    idle, busy = began(), began()
    act(busy, "ann", Move("checked_in", MONDAY))
    idle.end()
    busy.end()
    assert (len(idle.losses), len(idle.wins)) == (1, 0)
    assert (len(busy.losses), len(busy.wins)) == (0, 1)
    assert refused(act(busy, "ann", Move("checked_in", MONDAY + 1))) == ["quest_over"]


def test_only_ones_own_quest() -> None:
    runtime = began()
    runtime.starter[next(iter(runtime.quests))] = person("eve")
    assert refused(act(runtime, "eve", Move("checked_in", MONDAY))) == ["starter_only"]


@given(st.lists(st.integers(0, 12), max_size=25), st.integers(1, 8))
def test_days_in_a_row_are_what_a_calendar_says(days: list[int], most: int) -> None:
    """The model is a calendar: a set of days, and the longest row that ends on each of them."""
    settings = CheckInSettings(
        daily_offer="bean", streaks=(Streak(2, "cup"), Streak(4, "bag")), most_days=most
    )
    runtime = began(settings)
    calendar: list[date] = []
    expected: list[str] = []
    for nth, day in enumerate(days):
        act(runtime, "ann", Move("checked_in", MONDAY + day), nth)
        today = date.fromordinal(MONDAY + day)
        if (calendar and today <= calendar[-1]) or len(calendar) == most:
            continue
        calendar.append(today)
        expected.append("bean")
        row = 1
        while today - timedelta(days=row) in calendar:
            row += 1
        for length, offer in ((2, "cup"), (4, "bag")):
            if row == length and offer not in expected:
                expected.append(offer)
    assert sorted(runtime.grants.values()) == sorted(expected)


@pytest.mark.parametrize("people", [1, 2])
@pytest.mark.parametrize("most", [1, 2])
def test_the_most_it_can_cost_is_reached_and_never_passed(people: int, most: int) -> None:
    settings = CheckInSettings(
        daily_offer="bean",
        streaks=(Streak(2, "cup"),),
        tasks=(Task("vote", "投票", "Vote", "pen", "day"),) if people == 1 else (),
        most_days=most,
        friend_offer="hello",
    )
    costs = {"bean": 1, "cup": 10, "pen": 100, "hello": 1000}
    moves = [Move("checked_in", MONDAY + day) for day in range(3)]
    moves += [Move("task_vote", day) for day in range(3)] if people == 1 else []
    found = dearest(PLAY, settings, costs, people, moves)
    assert found == PLAY.most_cost(settings, costs, people)


def test_settings_are_looked_at() -> None:
    def codes(settings: CheckInSettings) -> list[tuple[str, str]]:
        return [(one.path, one.code) for one in PLAY.problems(settings)]

    assert codes(SETTINGS) == []
    assert codes(CheckInSettings()) == [("daily_offer", "no_reward")]
    twice = Task("a", "一", "A", "bean"), Task("a", "二", "B", "bean")
    wrong = CheckInSettings(streaks=(Streak(9, "x"), Streak(3, "x")), tasks=twice, most_days=5)
    assert codes(wrong) == [
        ("streaks[0].days", "out_of_reach"),
        ("streaks[1].days", "not_ascending"),
        ("tasks[1].key", "taken_twice"),
    ]


def test_the_rules_name_every_offer_and_never_ask_for_a_share() -> None:
    zh = "".join(words.zh for words in PLAY.rules(SETTINGS, NAMES))
    en = " ".join(words.en for words in PLAY.rules(SETTINGS, NAMES))
    for key in NAMES:
        assert f"「{key}」" in zh
        assert f"“{key}”" in en
    assert {link.actor for link in PLAY.mechanisms(SETTINGS)} == {"self"}
    assert {link.event for link in PLAY.mechanisms(SETTINGS)} == {
        "checked_in",
        "submitted",
        "registered",
    }
