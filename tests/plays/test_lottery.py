"""Lottery: chances by own acts only, odds as published, and draws that follow from the seed."""

import hmac
import importlib.util
import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from banyan.plays import (
    LUCK_BELOW,
    PLAYS,
    CampaignEnded,
    Effect,
    Fact,
    Lose,
    LotteryPrize,
    LotteryProgress,
    LotterySettings,
    Qualified,
    Reason,
    Refuse,
    Reward,
    Started,
    Supported,
    Win,
    Withhold,
)
from banyan.plays.lottery import prize_at, ticket_of
from banyan.plays.lottery.fairness import fairness
from tests.plays.runtime import NOON, person

PLAY = PLAYS["lottery"]
PRIZES = (LotteryPrize("phone", 1), LotteryPrize("tea", 50_000), LotteryPrize("coupon", 200_000))
THREE = LotterySettings(PRIZES, draws_per_person=3, wins_per_person=2)
ANA, QUEST = person("ana"), person("quest")
START = Started(ANA, QUEST)


def luck(number: int) -> int:
    """Return a luck that draws `number`."""
    return -(-number * LUCK_BELOW // 1_000_000)


def drew(nth: int, number: int, exhausted: tuple[str, ...] = (), by: UUID = ANA) -> Qualified:
    return Qualified(by, "drew", person(f"draw {nth}"), luck(number), exhausted=exhausted)


def told(*facts: Fact, settings: LotterySettings = THREE) -> tuple[LotteryProgress, list[Effect]]:
    progress, effects = LotteryProgress(), list[Effect]()
    for fact in facts:
        progress, effects = PLAY.react(settings, progress, fact, NOON)
    return progress, effects


@pytest.mark.parametrize(
    ("number", "prize"),
    [(0, 0), (1, 1), (50_000, 1), (50_001, 2), (250_000, 2), (250_001, None), (999_999, None)],
)
def test_ranges_stand_one_after_the_other_and_are_half_open(number: int, prize: int | None) -> None:
    assert ticket_of(luck(number)) == number
    assert prize_at(PRIZES, number) == prize


@given(st.integers(0, LUCK_BELOW - 1))
def test_every_luck_draws_a_number_in_range(value: int) -> None:
    assert 0 <= ticket_of(value) < 1_000_000


def test_a_hit_is_given_a_miss_is_kept_and_the_second_win_is_the_last() -> None:
    assert told(START, drew(1, 0))[1] == [Reward("prize:1", ANA, "phone", person("draw 1")), Win()]
    progress, effects = told(START, drew(1, 0), drew(2, 999_999))
    assert (progress.outcomes, effects) == (("phone", ""), [])
    progress, effects = told(START, drew(1, 0), drew(2, 7), drew(3, 7))
    assert progress.outcomes == ("phone", "tea")
    assert effects == [Refuse("cap_reached")]


def test_a_prize_that_is_all_given_is_no_prize_and_says_so() -> None:
    progress, effects = told(START, drew(1, 7, ("tea",)))
    assert effects == [Withhold("prize:2", ANA, "sold_out", person("draw 1"))]
    assert (progress.outcomes, progress.sold_out, progress.wins) == (("",), 1, 0)
    assert [note.code for note in PLAY.standing(THREE, progress).notes] == ["outcome", "sold_out"]
    # The others keep their odds.
    assert told(START, drew(1, 60_000, ("tea",)))[1][0] == Reward(
        "prize:3", ANA, "coupon", person("draw 1")
    )


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ([drew(1, 0)], "not_applicable"),
        ([START, drew(1, 0, by=person("bo"))], "starter_only"),
        ([START, *(drew(nth, 999_999) for nth in range(4))], "no_chance_left"),
        ([START, CampaignEnded(), drew(1, 0)], "quest_over"),
        ([START, Supported(person("bo"))], "not_applicable"),
        ([Started(ANA, QUEST, quests_before=1)], "cap_reached"),
    ],
)
def test_what_does_not_count_says_why(facts: list[Fact], reason: Reason) -> None:
    assert told(*facts)[1] == [Refuse(reason)]


def test_friends_add_no_chance() -> None:
    """Whatever friends do, there are as many draws as before (WX-06)."""
    friends: list[Fact] = [Supported(person(f"friend {nth}")) for nth in range(50)]
    progress, _ = told(START, *friends)
    assert progress == told(START)[0]
    (act,) = PLAY.acts(THREE)
    assert (act.step, act.every, act.most, act.proof) == ("drew", "times", 3, "none")
    assert {(one.actor, one.beneficiary, one.depth) for one in PLAY.mechanisms(THREE)} == {
        ("self", "self", 0)
    }


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (LotterySettings(()), "empty"),
        (
            LotterySettings((LotteryPrize("a", 600_000), LotteryPrize("b", 400_001))),
            "above_certain",
        ),
        (LotterySettings((LotteryPrize("a", 1), LotteryPrize("a", 1))), "repeated"),
        (LotterySettings(PRIZES, wins_per_person=2), "above_draws"),
    ],
)
def test_what_cannot_be_drawn_is_told(settings: LotterySettings, code: str) -> None:
    assert code in [problem.code for problem in PLAY.problems(settings)]


def test_the_rules_publish_odds_and_how_to_check_them() -> None:
    names = {prize.offer: PLAY.name for prize in PRIZES}
    said = "".join(words.zh for words in PLAY.rules(THREE, names))
    for needed in ("0.0001%", "5%", "20%", "74.9999%", "百万分之 50000", "SHA-256", "HMAC-SHA256"):
        assert needed in said


@pytest.mark.parametrize("people", [0, 1, 2, 3])
@pytest.mark.parametrize(("draws", "wins"), [(1, 1), (2, 1), (2, 2)])
def test_the_most_it_can_cost_is_found_by_trying_every_draw(
    people: int, draws: int, wins: int
) -> None:
    settings = LotterySettings(PRIZES, draws_per_person=draws, wins_per_person=wins)
    costs = {"phone": 700, "tea": 30, "coupon": 5}
    seen: set[LotteryProgress] = {told(START)[0]}
    for nth in range(draws + 1):
        seen |= {
            PLAY.react(settings, progress, drew(nth, number), NOON)[0]
            for progress in seen
            for number in (0, 1, 50_001, 999_999)
        }
    dearest = max(sum(costs.get(won, 0) for won in progress.outcomes) for progress in seen)
    assert PLAY.most_cost(settings, costs, people) == people * dearest


class Draws(RuleBasedStateMachine):
    """Any order of facts against the words: so many draws, so many wins, nothing after the end."""

    @initialize(draws=st.integers(1, 4), data=st.data())
    def begin(self, draws: int, data: st.DataObject) -> None:
        wins = data.draw(st.integers(1, draws))
        self.settings = LotterySettings(PRIZES, draws_per_person=draws, wins_per_person=wins)
        self.progress, self.drawn, self.won, self.over = LotteryProgress(), 0, 0, False
        self._tell(START)

    def _tell(self, fact: Fact) -> list[Effect]:
        self.progress, effects = PLAY.react(self.settings, self.progress, fact, NOON)
        return effects

    @rule(number=st.sampled_from([0, 7, 60_000, 999_999]), gone=st.booleans())
    def draw(self, number: int, gone: bool) -> None:  # noqa: FBT001
        may = (
            not self.over
            and self.drawn < self.settings.draws_per_person
            and self.won < self.settings.wins_per_person
        )
        exhausted = ("phone", "tea", "coupon") if gone else ()
        effects = self._tell(drew(self.drawn, number, exhausted))
        if not may:
            assert isinstance(effects[0], Refuse)
            return
        self.drawn += 1
        rewards = [one for one in effects if isinstance(one, Reward)]
        assert len(rewards) == (number < 250_001 and not gone)
        assert (Win() in effects) == (bool(rewards) and self.won == 0)
        self.won += len(rewards)

    @rule()
    def end(self) -> None:
        lost = Lose("no_chance_left") in self._tell(CampaignEnded())
        assert lost == (not self.over and self.won == 0)
        self.over = True

    @invariant()
    def agrees(self) -> None:
        assert (len(self.progress.outcomes), self.progress.wins) == (self.drawn, self.won)


TestDraws = Draws.TestCase


def test_a_million_draws_fall_as_published() -> None:
    """χ² over 10^6 draws of one seed; and it tells a lottery whose odds are not those published."""
    seed, campaign = b"\x07" * 32, UUID(int=11).bytes
    prizes = (LotteryPrize("a", 1_000), LotteryPrize("b", 50_000), LotteryPrize("c", 200_000))
    counts: dict[str, int] = dict.fromkeys(("a", "b", "c", ""), 0)
    digest = hmac.digest
    for nth in range(1, 1_000_001):
        value = int.from_bytes(digest(seed, campaign + nth.to_bytes(8), "sha256")[:4])
        place = prize_at(prizes, ticket_of(value))
        counts["" if place is None else prizes[place].offer] += 1
    found = fairness(prizes, counts)
    assert found.freedom == 3
    assert found.is_telling
    assert found.agrees, found
    # The published table says 16.27 for three degrees; the approximation errs to the safe side.
    assert found.bound == pytest.approx(16.27, abs=0.3)
    false = (LotteryPrize("a", 1_000), LotteryPrize("b", 51_500), LotteryPrize("c", 200_000))
    assert not fairness(false, counts).agrees


# --- the published program ---

PROGRAM = Path(__file__).parents[2] / "banyan" / "campaigns" / "verify_draws.py"


def record(draws: int = 400, quantity: int = 10) -> dict[str, Any]:
    """Return what a settled campaign publishes, made without the program."""
    seed, campaign = b"\x2a" * 32, UUID(int=5)
    prizes = (LotteryPrize("tea", 100_000), LotteryPrize("coupon", 200_000))
    left, told = {"tea": quantity, "coupon": 10_000}, list[dict[str, Any]]()
    for nth in range(1, draws + 1):
        value = hmac.digest(seed, campaign.bytes + nth.to_bytes(8), "sha256")
        place = prize_at(prizes, ticket_of(int.from_bytes(value[:4])))
        prize = "" if place is None else prizes[place].offer
        won = bool(prize) and left[prize] > 0
        if won:
            left[prize] -= 1
        told.append({"n": nth, "prize": prize, "won": won})
    return {
        "campaign_id": str(campaign),
        "commitment": sha256(seed).hexdigest(),
        "seed": seed.hex(),
        "prizes": [
            {
                "offer": prize.offer,
                "odds_ppm": prize.odds_ppm,
                "quantity": quantity,
                "quantity_at_end": quantity,
            }
            for prize, quantity in zip(prizes, (quantity, 10_000), strict=True)
        ],
        "draws": told,
    }


def run_program(found: dict[str, Any], folder: Path) -> tuple[int, str]:
    """Run the program as anybody would, without a single package of ours."""
    path = folder / "draws.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(PROGRAM), str(path)], capture_output=True, check=False
    )
    return done.returncode, done.stdout.decode()


def test_the_program_finds_an_honest_lottery_honest(tmp_path: Path) -> None:
    code, said = run_program(record(), tmp_path)
    assert code == 0, said
    assert "400 draws" in said


@pytest.mark.parametrize(
    "cheat", ["seed", "prize", "number", "too_early", "odds", "commitment", "left_out"]
)
def test_the_program_finds_every_cheat(tmp_path: Path, cheat: str) -> None:
    found = record()
    draws: list[dict[str, Any]] = found["draws"]
    missed = next(draw for draw in draws if not draw["prize"])
    won = next(draw for draw in draws if draw["won"])
    match cheat:
        case "seed":
            found["seed"] = "00" * 32
        case "prize":
            missed |= {"prize": "tea", "won": True}
        case "number":
            missed["n"] += 1
        case "too_early":
            won["won"] = False
        case "odds":
            found["prizes"][0]["odds_ppm"] = 50_000
        case "commitment":
            found["commitment"] = "0" * 64
        case _:
            draws.remove(missed)
    code, said = run_program(found, tmp_path)
    # A program that breaks exits with 1 as well: it must say what is wrong.
    assert (code, said[:1]) == (1, "✗"), said


def test_the_program_needs_nothing_but_python() -> None:
    spec = importlib.util.spec_from_file_location("verify", PROGRAM)
    assert spec is not None
    imports = {
        line.split()[1].partition(".")[0]
        for line in PROGRAM.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imports <= sys.stdlib_module_names | {"__future__"}
