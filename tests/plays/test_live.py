"""Live rooms, against the words of the issue: a room's coupon, and watch-and-draw."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.plays import LUCK_BELOW, Qualified, Refuse, Reward, Words
from banyan.plays.live import Live, LivePrize, LiveSettings
from banyan.plays.live.play import WRONG_CODES_MOST, prize_of
from tests.plays.brute import Move, act, dearest
from tests.plays.runtime import Runtime, person

PLAY = Live()
SETTINGS = LiveSettings(
    "春风十里",
    "coupon",
    (LivePrize("phone", 500), LivePrize("mug", 2_500)),
    draws_per_person=2,
    watch_minutes=30,
    friend_offer="hello",
)
NAMES = {key: Words(key, key) for key in ("coupon", "phone", "mug", "hello")}
ENTER, WRONG = Move("entered", 1), Move("entered", 0)
LUCKY, HALF, UNLUCKY = (
    Move("drew", 0, 0),
    Move("drew", 0, LUCK_BELOW // 5),
    Move("drew", 0, LUCK_BELOW - 1),
)


def began(settings: LiveSettings = SETTINGS) -> Runtime:
    runtime = Runtime(PLAY, settings)
    runtime.start("ann")
    return runtime


def given_by(effects: Sequence[object]) -> list[str]:
    return [one.offer for one in effects if isinstance(one, Reward)]


def refused(effects: Sequence[object]) -> list[str]:
    return [one.reason for one in effects if isinstance(one, Refuse)]


def test_the_rooms_code_earns_the_coupon_once() -> None:
    runtime = began()
    assert given_by(act(runtime, "ann", ENTER)) == ["coupon"]
    assert refused(act(runtime, "ann", ENTER, 1)) == ["done_already"]


@pytest.mark.parametrize(
    ("typed", "worth"),
    [("春风十里", 1), (" 春风 十里 ", 1), ("春风百里", 0), ("", 0)],
)
def test_what_a_code_is_worth(typed: str, worth: int) -> None:
    assert PLAY.worth(SETTINGS, "entered", typed) == worth
    assert PLAY.worth(SETTINGS, "drew", typed) == 0


def test_letters_of_a_code_may_be_wide_or_small() -> None:
    assert PLAY.worth(LiveSettings("ROOM88"), "entered", "ｒｏｏｍ８８") == 1


def test_guessing_ends() -> None:
    runtime = began()
    told = [refused(act(runtime, "ann", WRONG, nth)) for nth in range(WRONG_CODES_MOST + 1)]
    assert told == [*[["wrong_answer"]] * WRONG_CODES_MOST, ["no_chance_left"]]
    assert refused(act(runtime, "ann", ENTER)) == ["no_chance_left"]
    assert not PLAY.standing(SETTINGS, next(iter(runtime.quests.values()))).acts[0].is_open


def test_who_watched_long_enough_draws_as_often_as_everybody() -> None:
    runtime = began()
    assert refused(act(runtime, "ann", LUCKY)) == ["too_early"]
    act(runtime, "ann", ENTER)
    runtime.pass_time(0.49)
    assert refused(act(runtime, "ann", LUCKY)) == ["too_early"]
    runtime.pass_time(0.01)
    assert given_by(act(runtime, "ann", LUCKY)) == ["phone"]
    assert given_by(act(runtime, "ann", UNLUCKY)) == []
    assert refused(act(runtime, "ann", LUCKY, 1)) == ["no_chance_left"]
    assert len(runtime.wins) == 1


def test_a_prize_that_is_gone_is_no_prize() -> None:
    runtime = began()
    act(runtime, "ann", ENTER)
    runtime.pass_time(1)
    (quest,) = runtime.quests
    fact = Qualified(person("ann"), "drew", person("x"), 0, 0, ("phone",))
    progress, effects = PLAY.react(SETTINGS, runtime.quests[quest], fact, runtime.now)
    assert effects == []
    assert progress.won == ("",)


def test_the_published_odds_are_the_executed_ones() -> None:
    steps = 20_000
    drawn = Counter(
        prize_of(SETTINGS, (2 * nth + 1) * LUCK_BELOW // (2 * steps)) for nth in range(steps)
    )
    assert drawn == {"phone": steps * 5 // 100, "mug": steps * 25 // 100, "": steps * 70 // 100}


def test_bringing_friends_adds_no_chance() -> None:
    runtime = began()
    (quest,) = runtime.quests
    act(runtime, "ann", ENTER)
    for name in range(5):
        assert given_by(runtime.support(quest, name)) == ["hello"]
    (_, drew) = PLAY.standing(SETTINGS, runtime.quests[quest]).acts
    assert drew.most == 2
    (draw,) = PLAY.disclosures(SETTINGS).draws
    assert (draw.chances_per_person, draw.chances_from) == (2, ())


@given(
    st.lists(
        st.tuples(st.sampled_from(["enter", "wrong", "draw", "wait"]), st.integers(0, 2**32 - 1)),
        max_size=25,
    )
)
def test_what_is_won_is_what_a_clerk_would_have_given(moves: list[tuple[str, int]]) -> None:
    """The model is a clerk with a list: when each came in, how often they drew, what is owed."""
    runtime = began()
    came: int | None = None
    minutes, wrong, draws = 0, 0, 0
    owed: list[str] = []
    for nth, (kind, luck) in enumerate(moves):
        if kind == "wait":
            runtime.pass_time(0.25)
            minutes += 15
        elif kind == "draw":
            act(runtime, "ann", Move("drew", 0, luck), nth)
            if came is not None and minutes - came >= 30 and draws < 2:
                draws += 1
                percent = luck * 100 / 2**32
                owed += ["phone"] * (percent < 5) + ["mug"] * (5 <= percent < 30)
        else:
            act(runtime, "ann", Move("entered", int(kind == "enter")), nth)
            if came is None and wrong < WRONG_CODES_MOST:
                if kind == "enter":
                    came = minutes
                    owed.append("coupon")
                else:
                    wrong += 1
    assert sorted(runtime.grants.values()) == sorted(owed)


@pytest.mark.parametrize("people", [1, 2])
@pytest.mark.parametrize("prizes", [(), (LivePrize("mug", 100), LivePrize("phone", 5))])
def test_the_most_it_can_cost_is_reached_and_never_passed(
    people: int, prizes: tuple[LivePrize, ...]
) -> None:
    draws = 2 if people == 1 else 1
    settings = LiveSettings(
        "code", "coupon", prizes, draws_per_person=draws, watch_minutes=0, friend_offer="hello"
    )
    costs = {"coupon": 1, "mug": 10, "phone": 100, "hello": 1000}
    moves = [ENTER, *(Move("drew", 0, luck) for luck in (0, LUCK_BELOW * 102 // 10_000))]
    found = dearest(PLAY, settings, costs, people, moves, times=draws)
    assert found == PLAY.most_cost(settings, costs, people)


def test_the_code_is_not_in_the_page() -> None:
    assert "春风" not in repr(PLAY.public_settings(SETTINGS))
    assert PLAY.public_settings(SETTINGS)["watch_minutes"] == 30


def test_settings_are_looked_at() -> None:
    assert PLAY.problems(SETTINGS) == []
    (none,) = PLAY.problems(LiveSettings("code"))
    assert none.code == "no_reward"
    (too_many,) = PLAY.problems(
        LiveSettings("code", prizes=(LivePrize("a", 9_000), LivePrize("b", 1_001)))
    )
    assert too_many.code == "odds_above_all"


def test_the_rules_publish_odds_and_chances() -> None:
    said = PLAY.rules(SETTINGS, NAMES)
    zh, en = "".join(one.zh for one in said), " ".join(one.en for one in said)
    for told in ("5%", "25%", "30 分钟", "2 次", "「phone」", "「hello」"):
        assert told in zh
    for told in ("5%", "25%", "30 minutes", "“mug”"):
        assert told in en
    assert "春风" not in zh
