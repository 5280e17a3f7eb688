"""Content, against the words of the issue: unlocked by registering; the next part by new people."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.plays import Refuse, Reward, Words
from banyan.plays.content import Content, ContentSettings, Part
from banyan.plays.sharing import EXACT_UP_TO, dearest_sharing
from tests.plays.brute import Move, act, dearest
from tests.plays.runtime import Runtime, person

PLAY = Content()
READ = Move("read")
SETTINGS = ContentSettings("one", (Part(1, "two"), Part(3, "three")), friend_offer="hello")
NAMES = {key: Words(key, key) for key in ("one", "two", "three", "hello")}


def began(settings: ContentSettings = SETTINGS) -> Runtime:
    runtime = Runtime(PLAY, settings)
    runtime.start("ann")
    return runtime


def given_by(effects: Sequence[object]) -> list[str]:
    return [one.offer for one in effects if isinstance(one, Reward)]


def refused(effects: Sequence[object]) -> list[str]:
    return [one.reason for one in effects if isinstance(one, Refuse)]


def test_registering_is_enough_for_the_first_part() -> None:
    runtime = began()
    assert given_by(act(runtime, "ann", READ)) == ["one"]
    assert refused(act(runtime, "ann", READ, 1)) == ["done_already"]
    assert refused(act(runtime, "ann", Move("write"))) == ["not_applicable"]


def test_parts_open_as_new_friends_register() -> None:
    runtime = began()
    (quest,) = runtime.quests
    told = [given_by(runtime.support(quest, name)) for name in ("bob", "cay", "dan", "eve")]
    assert told == [["hello", "two"], ["hello"], ["hello", "three"], ["hello"]]
    assert runtime.wins == [quest]
    standing = PLAY.standing(SETTINGS, runtime.quests[quest])
    assert (standing.have, standing.need) == (4, 3)
    assert [tier.reached for tier in standing.tiers] == [True, True]


@pytest.mark.parametrize(
    ("who", "reason"), [("ann", "own_quest"), ("old", "not_new"), ("bob", "already_helped")]
)
def test_who_does_not_count(who: str, reason: str) -> None:
    runtime = began()
    (quest,) = runtime.quests
    runtime.known.add(person("old"))
    runtime.support(quest, "bob")
    assert refused(runtime.support(quest, who)) == [reason]


def test_friends_are_too_late_after_the_deadline_but_reading_is_not() -> None:
    runtime = began(ContentSettings("one", (Part(1, "two"),), hours_to_finish=2))
    (quest,) = runtime.quests
    runtime.pass_time(2)
    assert refused(runtime.support(quest, "bob")) == ["out_of_time"]
    assert given_by(act(runtime, "ann", READ)) == ["one"]


def test_a_friend_who_leaves_takes_their_gift_along_and_opened_parts_stay() -> None:
    runtime = began()
    (quest,) = runtime.quests
    runtime.support(quest, "bob")
    runtime.withdraw(quest, "bob")
    assert list(runtime.live().values()) == ["two"]
    runtime.support(quest, "cay")
    assert sorted(runtime.live().values()) == ["hello", "two"], "a part opens once"


def test_a_campaign_of_one_part_is_won_by_reading() -> None:
    runtime = began(ContentSettings("one"))
    act(runtime, "ann", READ)
    assert len(runtime.wins) == 1
    runtime.end()
    assert (len(runtime.wins), len(runtime.losses)) == (1, 0)


@given(st.lists(st.tuples(st.sampled_from("jlr"), st.integers(0, 5)), max_size=30))
def test_what_is_open_is_what_the_most_friends_at_once_opened(moves: list[tuple[str, int]]) -> None:
    """The model: a set of friends, the most there were at once, and whether it was read."""
    runtime = began()
    (quest,) = runtime.quests
    friends: set[int] = set()
    ever: set[int] = set()
    most, has_read = 0, False
    for nth, (kind, who) in enumerate(moves):
        if kind == "r":
            act(runtime, "ann", READ, nth)
            has_read = True
        elif kind == "j":
            runtime.support(quest, who)
            if who not in ever:
                friends.add(who)
                ever.add(who)
        elif who in friends:
            runtime.withdraw(quest, who)
            friends.discard(who)
        most = max(most, len(friends))
    expected = ["hello"] * len(friends) + ["two"] * (most >= 1) + ["three"] * (most >= 3)
    expected += ["one"] * has_read
    assert sorted(runtime.live().values()) == sorted(expected)


@pytest.mark.parametrize("people", [1, 2, 3])
@pytest.mark.parametrize("parts", [(), (Part(1, "two"),), (Part(1, "two"), Part(2, "three"))])
def test_the_most_it_can_cost_is_reached_and_never_passed(
    people: int, parts: tuple[Part, ...]
) -> None:
    settings = ContentSettings("one", parts, friend_offer="hello")
    costs = {"one": 1, "two": 10, "three": 1000, "hello": 7}
    # Reading is the same for everybody and touches nothing else: it need not be interleaved.
    found = dearest(PLAY, settings, costs, people, [READ] if people < 3 else [])
    read = people * costs["one"] if people == 3 else 0
    assert found + read == PLAY.most_cost(settings, costs, people)


@given(
    st.dictionaries(st.integers(1, 6), st.integers(0, 50), max_size=3).map(dict.items),
    st.integers(0, 9),
)
def test_the_dearest_sharing_out_is_found(tiers: list[tuple[int, int]], brought: int) -> None:
    def worth(people: int) -> int:
        return sum(cost for need, cost in tiers if need <= people)

    def best(left: int, most: int) -> int:
        return max(
            (worth(part) + best(left - part, part) for part in range(1, min(left, most) + 1)),
            default=0,
        )

    assert dearest_sharing(list(tiers), brought) == best(brought, brought)


def test_many_people_are_bounded_from_above() -> None:
    tiers = [(3, 10), (7, 40)]
    exact, bound = dearest_sharing(tiers, EXACT_UP_TO), dearest_sharing(tiers, EXACT_UP_TO + 1)
    assert exact <= bound <= exact * 1.01


def test_settings_are_looked_at() -> None:
    assert PLAY.problems(SETTINGS) == []
    (found,) = PLAY.problems(ContentSettings("one", (Part(2, "two"), Part(2, "three"))))
    assert (found.path, found.code) == ("parts[1].people", "not_ascending")


def test_the_rules_name_every_offer_and_ask_for_nobody_first() -> None:
    said = PLAY.rules(SETTINGS, NAMES)
    for key in NAMES:
        assert any(f"「{key}」" in words.zh for words in said)
        assert any(f"“{key}”" in words.en for words in said)
    first = PLAY.mechanisms(SETTINGS)[0]
    assert (first.actor, first.beneficiary, first.depth) == ("self", "self", 0)
    inviters = [one for one in PLAY.mechanisms(SETTINGS) if one.beneficiary == "inviter"]
    assert [(one.event, one.people, one.depth) for one in inviters] == [
        ("registered", 1, 1),
        ("registered", 3, 1),
    ]
