"""Referral, against the words of its own rules."""

from datetime import timedelta
from random import Random
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.plays import (
    PLAYS,
    Count,
    Decrease,
    Effect,
    Lose,
    Ordered,
    ReferralProgress,
    ReferralSettings,
    ReferralTier,
    Refuse,
    Reverse,
    Reward,
    Started,
    Supported,
    TimePassed,
    Win,
    Withdrawn,
    Withhold,
)
from tests.plays.runtime import NOON, Runtime, person

REFERRAL = PLAYS["referral"]
TIERS = ReferralSettings(
    tiers=(ReferralTier(1, "latte5"), ReferralTier(3, "sample")), friend_offer="half"
)


def rewards(effects: list[Effect], to: str) -> list[str]:
    return [one.offer for one in effects if isinstance(one, Reward) and one.to == person(to)]


def test_each_tier_and_both_sides() -> None:
    run = Runtime(REFERRAL, TIERS)
    quest, _ = run.start("ana")
    given_out = [(rewards(e, "ana"), rewards(e, f)) for f in "abcd" if (e := run.support(quest, f))]
    assert given_out == [
        (["latte5"], ["half"]),
        ([], ["half"]),
        (["sample"], ["half"]),
        ([], ["half"]),
    ]
    assert run.wins == [quest]
    assert REFERRAL.standing(TIERS, run.quests[quest]).have == 4


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (Supported(person("ana")), "own_quest"),
        (Supported(person("bo"), has_helped=True), "already_helped"),
        (Supported(person("bo"), is_new_person=False), "not_new"),
        (Supported(person("bo"), is_ancestor=True), "cycle"),
        (Supported(person("bo"), helps_given=1), "already_helped"),
    ],
)
def test_what_does_not_count_says_why_and_changes_nothing(fact: Supported, reason: str) -> None:
    run = Runtime(REFERRAL, TIERS)
    quest, _ = run.start("ana")
    before = run.quests[quest]
    assert REFERRAL.react(TIERS, before, fact, NOON) == (before, [Refuse(reason)])  # type: ignore[arg-type]


def test_a_known_person_counts_when_the_merchant_says_so() -> None:
    open_to_all = msgspec.structs.replace(TIERS, new_people_only=False)
    run = Runtime(REFERRAL, open_to_all)
    quest, _ = run.start("ana")
    run.known.add(person("old"))
    assert Count(person("old")) in run.support(quest, "old")


def test_the_cap_ends_rewards_and_not_the_count() -> None:
    capped = ReferralSettings(
        decrease=(Decrease(0, "ten"), Decrease(2, "five")), reward_cap_per_person=3
    )
    run = Runtime(REFERRAL, capped)
    quest, _ = run.start("ana")
    seen = [run.support(quest, n) for n in range(5)]
    assert [rewards(e, "ana") for e in seen] == [["ten"], ["ten"], ["five"], [], []]
    assert Withhold("each", person("ana"), "cap_reached", person(3)) in seen[3]
    assert REFERRAL.standing(capped, run.quests[quest]).have == 5


def test_the_deadline_is_half_open() -> None:
    timed = msgspec.structs.replace(TIERS, hours_to_finish=2)
    run = Runtime(REFERRAL, timed)
    quest, _ = run.start("ana")
    progress = run.quests[quest]
    just_before = NOON + timedelta(hours=2) - timedelta(microseconds=1)
    _, effects = REFERRAL.react(timed, progress, Supported(person("bo")), just_before)
    assert Count(person("bo")) in effects
    closed, effects = REFERRAL.react(
        timed, progress, Supported(person("bo")), NOON + timedelta(hours=2)
    )
    assert effects == [Lose("out_of_time"), Refuse("out_of_time")]
    assert REFERRAL.react(timed, closed, TimePassed(), NOON + timedelta(hours=3)) == (closed, [])
    late = REFERRAL.react(timed, closed, Supported(person("cy")), NOON + timedelta(hours=3))
    assert late == (closed, [Refuse("quest_over")])


def test_an_early_wake_changes_nothing() -> None:
    timed = msgspec.structs.replace(TIERS, hours_to_finish=2)
    run = Runtime(REFERRAL, timed)
    quest, _ = run.start("ana")
    assert REFERRAL.react(timed, run.quests[quest], TimePassed(), NOON) == (run.quests[quest], [])


def test_time_ends_a_quest_won_if_anybody_came() -> None:
    timed = msgspec.structs.replace(TIERS, hours_to_finish=2)
    run = Runtime(REFERRAL, timed)
    with_one, _ = run.start("ana")
    alone, _ = run.start("bo")
    run.support(with_one, "cy")
    run.pass_time(2)
    run.end()
    assert (run.wins, run.losses) == ([with_one], [alone])


def test_a_second_start_is_the_first_one_again() -> None:
    run = Runtime(REFERRAL, TIERS)
    quest, _ = run.start("ana")
    again = Started(person("ana"), quest)
    assert REFERRAL.react(TIERS, run.quests[quest], again, NOON) == (run.quests[quest], [])
    _, effects = run.start("ana")
    assert effects == [Refuse("cap_reached")]


def test_a_tier_lost_can_be_reached_again_and_no_reward_has_another_s_name() -> None:
    run = Runtime(REFERRAL, TIERS)
    quest, _ = run.start("ana")
    for friend in "abc":
        run.support(quest, friend)
    effects = run.withdraw(quest, "b")
    assert Reverse("tier:3", person("ana"), quest) in effects
    assert Reverse("friend", person("b"), quest) in effects
    assert run.withdraw(quest, "b") == []
    assert run.support(quest, "b") == [Refuse("already_helped")]
    assert rewards(run.support(quest, "d"), "ana") == ["sample"]
    assert sorted(offer for offer in run.live().values()) == [
        "half",
        "half",
        "half",
        "latte5",
        "sample",
    ]


def test_progress_is_small_and_survives_its_journey() -> None:
    run = Runtime(REFERRAL, TIERS)
    quest, _ = run.start("ana")
    for friend in range(500):
        run.support(quest, friend)
    raw = msgspec.json.encode(run.quests[quest])
    assert len(raw) < 300
    assert msgspec.json.decode(raw, type=ReferralProgress) == run.quests[quest]


def _settings(
    people: set[int],
    steps: set[int],
    friend: str | None,
    cap: int,
    new: bool,  # noqa: FBT001 - given by position
) -> ReferralSettings:
    return ReferralSettings(
        tiers=tuple(ReferralTier(n, f"t{n}") for n in sorted(people)),
        decrease=tuple(Decrease(n, f"d{n}") for n in sorted(steps)),
        friend_offer=friend,
        reward_cap_per_person=cap,
        new_people_only=new,
        hours_to_finish=5,
    )


any_settings = st.builds(
    _settings,
    st.sets(st.integers(1, 6), max_size=3),
    st.sets(st.integers(0, 5), max_size=3),
    st.sampled_from([None, "friend"]),
    st.integers(1, 6),
    st.booleans(),
)
moves = st.lists(
    st.tuples(
        st.sampled_from(["start", "support", "support", "support", "withdraw", "wait"]),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    max_size=60,
)


@settings(max_examples=120, deadline=None)
@given(any_settings, moves)
def test_nothing_that_happens_breaks_the_promises(
    chosen: ReferralSettings, happened: list[tuple[str, int, int]]
) -> None:
    run = Runtime(REFERRAL, chosen)
    for kind, a, b in happened:
        quests = list(run.quests)
        if kind == "start":
            run.start(a)
        elif kind == "wait":
            run.pass_time(1)
        elif quests:
            quest = quests[a % len(quests)]
            effects = run.support(quest, b) if kind == "support" else run.withdraw(quest, b)
            if any(isinstance(e, Refuse) for e in effects):
                assert not any(isinstance(e, Count | Reward) for e in effects)
    for quest, starter in run.starter.items():
        live = [n for n in run.live() if n[1] == starter and n[0] != "friend"]
        ever = [n for n in run.grants if n[1] == starter and n[0] != "friend"]
        assert len(ever) <= chosen.reward_cap_per_person
        assert run.quests[quest].people == len(run.counted[quest])
        tiers = [n for n in live if n[0].startswith("tier:")]
        assert len(tiers) <= len(chosen.tiers)
        assert starter not in run.ever[quest]
    brought = [p for people in run.ever.values() for p in people]
    assert len(brought) == len(set(brought)), "one referrer a person"
    assert len(run.wins) + len(run.losses) == len({*run.wins, *run.losses})


@settings(max_examples=60, deadline=None)
@given(any_settings, moves, st.integers(0, 2**32))
def test_facts_repeated_in_any_order_change_no_balance(
    chosen: ReferralSettings, happened: list[tuple[str, int, int]], seed: int
) -> None:
    """One runtime hears each support once; the other hears the counted ones again and again."""
    once, often = Runtime(REFERRAL, chosen), Runtime(REFERRAL, chosen)
    chance = Random(seed)
    counted: list[tuple[UUID, int]] = []
    for run in (once, often):
        run.start(99)
    for kind, a, b in happened:
        if kind == "start" and person(a) not in once.starter.values():
            once.start(a)
            often.start(a)
        elif kind == "support":
            quest = list(once.quests)[a % len(once.quests)]
            once.support(quest, b)
            if any(isinstance(effect, Count) for effect in often.support(quest, b)):
                counted += [(quest, b)] * 2
            chance.shuffle(counted)
            if counted and chance.random() < 0.7:
                again, who = counted.pop()
                assert often.support(again, who) == [Refuse("already_helped")]
    for again, who in counted:
        assert often.support(again, who) == [Refuse("already_helped")]
    assert once.grants == often.grants
    assert once.quests == often.quests


def test_facts_that_are_not_its_own_are_refused() -> None:
    fact = Ordered(person("o"), person("b"), 100)
    assert REFERRAL.react(TIERS, ReferralProgress(), fact, NOON)[1] == [Refuse("not_applicable")]
    assert REFERRAL.react(TIERS, ReferralProgress(), Withdrawn(person("b")), NOON)[1] == []
    assert Win() not in REFERRAL.react(TIERS, ReferralProgress(), TimePassed(), NOON)[1]
