"""Red packets: the split to the minor unit, and what a share link counts."""

from collections.abc import Iterator
from itertools import product
from statistics import mean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from banyan.plays import (
    PLAYS,
    CampaignEnded,
    Count,
    Effect,
    Fact,
    Lose,
    Qualified,
    Reason,
    RedPacketProgress,
    RedPacketSettings,
    Refuse,
    Started,
    Supported,
    Win,
)
from banyan.plays.red_packet import split
from tests.plays.runtime import NOON, person

PLAY = PLAYS["red_packet"]
SOME = RedPacketSettings("cash", total_minor=10_000, shares=50)


@st.composite
def packets(draw: st.DrawFn) -> tuple[int, int, int, int]:
    shares = draw(st.integers(1, 60))
    least = draw(st.integers(1, 300))
    most = draw(st.integers(least, 5_000))
    return draw(st.integers(shares * least, shares * most)), shares, least, most


@given(packets(), st.sampled_from(["equal", "lucky"]), st.binary(min_size=1, max_size=64))
@settings(max_examples=300)
def test_every_split_is_exact_and_within_its_bounds(
    packet: tuple[int, int, int, int], how: str, seed: bytes
) -> None:
    total, shares, least, most = packet
    amounts = split(total, shares, least, most, how, seed)  # pyright: ignore[reportArgumentType]
    assert len(amounts) == shares
    assert sum(amounts) == total
    assert least <= min(amounts)
    assert max(amounts) <= most
    assert amounts == split(total, shares, least, most, how, seed)  # pyright: ignore[reportArgumentType]
    if how == "equal":
        assert max(amounts) - min(amounts) <= 1


@pytest.mark.parametrize(("total", "shares"), [(99, 1), (201, 1), (100, 2), (401, 2), (5, 0)])
def test_a_split_that_cannot_be_is_no_split(total: int, shares: int) -> None:
    with pytest.raises(ValueError, match="shares of 100 to 200"):
        split(total, shares, 100, 200, "lucky", b"seed")


def test_coming_early_or_late_is_no_advantage() -> None:
    """Over many packets the mean of every place is the mean of the packet."""
    rounds = 4_000
    sums = [0] * 10
    for nth in range(rounds):
        amounts = split(10_000, 10, 100, 20_000, "lucky", nth.to_bytes(4))
        sums = [had + got for had, got in zip(sums, amounts, strict=True)]
    means = [total / rounds for total in sums]
    assert mean(means) == pytest.approx(1_000)
    # One share deviates by about 900, the mean of 4,000 by about 14: five of those.
    assert all(abs(each - 1_000) < 75 for each in means), means


def test_lucky_shares_differ_and_another_seed_gives_others() -> None:
    one, other = (split(10_000, 50, 100, 20_000, "lucky", seed) for seed in (b"one", b"other"))
    assert len(set(one)) > 20
    assert one != other


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"total_minor": 4_999}, "total_minor", "too_small"),
        ({"total_minor": 1_000_001, "shares": 50}, "shares", "too_few"),
        ({"most_minor": 99}, "most_minor", "below_least"),
    ],
)
def test_what_cannot_be_split_is_told(change: dict[str, int], path: str, code: str) -> None:
    values: dict[str, Any] = {"total_minor": 10_000, "shares": 50} | change
    found = PLAY.problems(RedPacketSettings("cash", **values))
    assert (path, code) in [(one.path, one.code) for one in found]
    assert PLAY.problems(SOME) == []


def every_split(total: int, shares: int, least: int, most: int) -> Iterator[tuple[int, ...]]:
    for amounts in product(range(least, most + 1), repeat=shares):
        if sum(amounts) == total:
            yield amounts


@pytest.mark.parametrize("how", ["equal", "lucky"])
@pytest.mark.parametrize(("total", "shares", "least", "most"), [(10, 3, 2, 5), (9, 4, 1, 4)])
def test_the_most_that_people_can_take_is_found_by_trying_every_split(
    how: str, total: int, shares: int, least: int, most: int
) -> None:
    chosen = RedPacketSettings("cash", total, shares, how, least, most)  # pyright: ignore[reportArgumentType]
    splits = [
        amounts
        for amounts in every_split(total, shares, least, most)
        if how == "lucky" or max(amounts) - min(amounts) <= 1
    ]
    for people in range(shares + 3):
        found = max(sum(sorted(amounts, reverse=True)[:people]) for amounts in splits)
        assert PLAY.most_cost(chosen, {}, people) == found
        assert PLAY.most_cost(chosen, {"cash": 1}, people) == min(people, shares)


def told(*facts: Fact) -> tuple[RedPacketProgress, list[Effect]]:
    progress, effects = RedPacketProgress(), list[Effect]()
    for fact in facts:
        progress, effects = PLAY.react(SOME, progress, fact, NOON)
    return progress, effects


ANA, QUEST = person("ana"), person("quest")
START = Started(ANA, QUEST)


def grabbed(who: str, amount: int) -> Qualified:
    return Qualified(person(who), "grabbed", person(f"grab {who}"), amount=amount)


def test_a_link_counts_the_friends_who_took_a_share() -> None:
    progress, effects = told(START, grabbed("bo", 150))
    assert effects == [Count(person("bo")), Win()]
    progress, effects = told(START, grabbed("bo", 150), grabbed("cy", 310))
    assert effects == [Count(person("cy"))]
    assert (progress.friends, progress.taken_minor, progress.state) == (2, 460, "won")
    assert "4.60" in PLAY.standing(SOME, progress).notes[0].words.zh


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ([grabbed("bo", 1)], "not_applicable"),
        ([START, grabbed("ana", 1)], "own_quest"),
        ([START, CampaignEnded(), grabbed("bo", 1)], "quest_over"),
        ([START, Supported(person("bo"))], "not_applicable"),
        ([Started(ANA, QUEST, quests_before=1)], "cap_reached"),
    ],
)
def test_what_does_not_count_says_why(facts: list[Fact], reason: Reason) -> None:
    assert told(*facts)[1] == [Refuse(reason)]


def test_the_end_decides_once() -> None:
    assert told(START, CampaignEnded())[1] == [Lose("not_enough_people")]
    assert told(START, CampaignEnded(), CampaignEnded())[1] == []
    assert told(START, grabbed("bo", 1), CampaignEnded())[1] == []


def test_passing_it_on_brings_nothing() -> None:
    """Whoever shares gets nothing for it: no reward is ever asked for (WX-06, LAW-01)."""
    for facts in ([START], [START, grabbed("bo", 9)], [START, grabbed("bo", 9), CampaignEnded()]):
        assert {type(effect) for effect in told(*facts)[1]} <= {Count, Win, Lose}
    assert [(one.actor, one.beneficiary, one.depth) for one in PLAY.mechanisms(SOME)] == [
        ("self", "self", 0)
    ]


class Links(RuleBasedStateMachine):
    """Any order of facts against a list of the friends who came before the end."""

    @initialize()
    def begin(self) -> None:
        self.progress, self.friends, self.over, self.wins, self.losses = (
            *(RedPacketProgress(), list[int](), False),
            *(0, 0),
        )
        self._tell(START)

    def _tell(self, fact: Fact) -> list[Effect]:
        self.progress, effects = PLAY.react(SOME, self.progress, fact, NOON)
        self.wins += sum(isinstance(one, Win) for one in effects)
        self.losses += sum(isinstance(one, Lose) for one in effects)
        return effects

    @rule(who=st.sampled_from(["ana", "bo", "cy"]), amount=st.integers(1, 500))
    def grab(self, who: str, amount: int) -> None:
        counts = Count(person(who)) in self._tell(grabbed(who, amount))
        assert counts == (who != "ana" and not self.over)
        if counts:
            self.friends.append(amount)

    @rule()
    def end(self) -> None:
        self._tell(CampaignEnded())
        self.over = True

    @rule()
    def help(self) -> None:
        assert self._tell(Supported(person("bo"))) == [Refuse("not_applicable")]

    @invariant()
    def agrees(self) -> None:
        standing = PLAY.standing(SOME, self.progress)
        assert (standing.have, self.progress.taken_minor) == (len(self.friends), sum(self.friends))
        assert self.wins == bool(self.friends)
        assert self.losses == (self.over and not self.friends)


TestLinks = Links.TestCase
