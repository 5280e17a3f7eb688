"""The rule of lotteries: a draw is the starter's own act, and its luck comes in with the fact."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeAlias

import msgspec

from banyan.plays.disclosures import Disclosures
from banyan.plays.drawing import DrawPrize, Draws, prize_at, ticket_of
from banyan.plays.effects import Effect, Lose, Refuse, Reward, Win, Withhold
from banyan.plays.facts import CampaignEnded, Fact, Qualified, Started
from banyan.plays.lottery import described
from banyan.plays.lottery.numbers import NUMBERS
from banyan.plays.lottery.progress import LotteryProgress
from banyan.plays.lottery.settings import LotterySettings
from banyan.plays.play import Act, ActStanding, Mechanism, Note, Problem, Standing
from banyan.plays.words import Words

__all__ = ["DREW", "Lottery"]

Outcome: TypeAlias = tuple[LotteryProgress, list[Effect]]

DREW: Final = "drew"
"""The step of a draw."""

change = msgspec.structs.replace


class Lottery:
    """Draw for prizes with published odds; sharing never adds a chance."""

    key = "lottery"
    name = Words("抽奖", "Lottery")
    summary = Words(
        "概率和数量公示，种子先承诺后公开，人人可复核；机会不来自分享。",
        "Published odds and quantities, a seed committed first and shown afterwards; chances never "
        "come from sharing.",
    )
    Settings = LotterySettings
    Progress = LotteryProgress
    numbers = NUMBERS

    def react(
        self,
        settings: LotterySettings,
        progress: LotteryProgress,
        fact: Fact,
        now: datetime,  # noqa: ARG002 - whether it is the day's first draw is the runtime's to know
    ) -> Outcome:
        """See `Play.react`. A prize of which none is left comes as `exhausted` and wins nothing."""
        match fact:
            case Started():
                if progress.starter is not None:
                    return progress, []
                if fact.quests_before:
                    return progress, [Refuse("cap_reached")]
                return LotteryProgress(fact.by, fact.quest), []
            case Qualified() if fact.step == DREW:
                return _drew(settings, progress, fact)
            case CampaignEnded():
                return _closed(progress)
            case _:
                return progress, [Refuse("not_applicable")]

    def problems(self, settings: LotterySettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: LotterySettings) -> dict[str, str]:
        """See `Play.offers`."""
        return described.offers(settings)

    def goods(self, settings: LotterySettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def acts(self, settings: LotterySettings) -> list[Act]:
        """See `Play.acts`."""
        return [Act(DREW, Words("抽奖", "Draw"), settings.every, settings.draws_per_person)]

    def standing(self, settings: LotterySettings, progress: LotteryProgress) -> Standing:
        """See `Play.standing`."""
        drawn = len(progress.outcomes)
        is_open = _closes(settings, progress) is None
        notes = [Note("outcome", Words(outcome, outcome), nth) for nth, outcome in _told(progress)]
        if progress.sold_out:
            times = progress.sold_out
            words = Words(
                f"其中 {times} 次抽到的奖品已发完，按规则为未中奖",
                f"{times} of them came upon a prize that was all given: no prize, as the rules say",
            )
            notes.append(Note("sold_out", words, times))
        return Standing(
            state=progress.state,
            have=0,
            need=None,
            tiers=(),
            deadline=None,
            acts=(ActStanding(DREW, drawn, settings.draws_per_person, is_open),),
            notes=tuple(notes),
        )

    def rules(self, settings: LotterySettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def disclosures(self, settings: LotterySettings) -> Disclosures:
        """See `Disclosing.disclosures`."""
        return described.disclosures(settings)

    def draws(self, settings: LotterySettings) -> Draws:
        """See `Drawing.draws`."""
        prizes = tuple(DrawPrize(prize.offer, prize.odds_ppm) for prize in settings.prizes)
        return Draws(DREW, prizes)

    def mechanisms(self, settings: LotterySettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: LotterySettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _told(progress: LotteryProgress) -> list[tuple[int, str]]:
    """Return number and outcome of each draw; the outcome is an offer's key, or nothing."""
    return list(enumerate(progress.outcomes, 1))


def _closes(settings: LotterySettings, progress: LotteryProgress) -> Refuse | None:
    """Return why there is no draw now, None when there is."""
    if progress.is_over:
        return Refuse("quest_over")
    if len(progress.outcomes) >= settings.draws_per_person:
        return Refuse("no_chance_left")
    if progress.wins >= settings.wins_per_person:
        return Refuse("cap_reached")
    return None


def _drew(settings: LotterySettings, progress: LotteryProgress, fact: Qualified) -> Outcome:
    starter = progress.starter
    if starter is None:
        return progress, [Refuse("not_applicable")]
    if fact.by != starter:
        return progress, [Refuse("starter_only")]
    if refused := _closes(settings, progress):
        return progress, [refused]
    place = prize_at(settings.prizes, ticket_of(fact.luck))
    if place is None:
        return _after(progress, ""), []
    prize, rule = settings.prizes[place], f"prize:{place + 1}"
    if prize.offer in fact.exhausted:
        missed = change(progress, sold_out=progress.sold_out + 1)
        return _after(missed, ""), [Withhold(rule, starter, "sold_out", fact.cause)]
    effects: list[Effect] = [Reward(rule, starter, prize.offer, fact.cause)]
    if progress.state == "open":
        effects.append(Win())
    return _after(progress, prize.offer), effects


def _after(progress: LotteryProgress, outcome: str) -> LotteryProgress:
    """Return the progress with one draw more; without a prize it stays open to the end."""
    outcomes = (*progress.outcomes, outcome)
    return change(progress, outcomes=outcomes, state="won" if outcome else progress.state)


def _closed(progress: LotteryProgress) -> Outcome:
    if progress.starter is None or progress.is_over:
        return progress, []
    if progress.state == "won":
        return change(progress, is_over=True), []
    return change(progress, is_over=True, state="lost"), [Lose("no_chance_left")]
