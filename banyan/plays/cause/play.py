"""The rule of causes."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

import msgspec

from banyan.plays import own
from banyan.plays.cause import described
from banyan.plays.cause.numbers import NUMBERS
from banyan.plays.cause.progress import CauseProgress
from banyan.plays.cause.settings import CauseSettings
from banyan.plays.effects import Effect, Refuse, Reverse, Reward, Win
from banyan.plays.facts import CampaignEnded, Fact, Qualified, Started, Supported, Withdrawn
from banyan.plays.play import Act, ActStanding, Mechanism, Note, Problem, Standing
from banyan.plays.words import Words

__all__ = ["Cause"]

Outcome: TypeAlias = tuple[CauseProgress, list[Effect]]


class Cause:
    """One goal for everybody. Each act gives one unit; the offer's quantity is the goal."""

    key = "cause"
    name = Words("公益共建", "Cause")
    summary = Words(
        "大家一起完成一个目标：每参与一次，由商家以参与者名义捐出一份；进度如实公示。",
        "One goal together: for each act the merchant gives one unit in its name; shown as it is.",
    )
    Settings = CauseSettings
    Progress = CauseProgress
    numbers = NUMBERS

    def react(
        self,
        settings: CauseSettings,
        progress: CauseProgress,
        fact: Fact,
        now: datetime,  # noqa: ARG002 - the day comes in with the fact
    ) -> Outcome:
        """See `Play.react`. When the goal is reached nothing more is given, and it says so."""
        match fact:
            case Started():
                return own.started(progress, fact)
            case Supported():
                return _joined(settings, progress, fact)
            case Withdrawn():
                return _left(settings, progress, fact)
            case CampaignEnded():
                return own.ended(progress, has_done=progress.gave > 0)
            case Qualified():
                return _gave(settings, progress, fact)
            case _:
                return progress, [own.NOT_APPLICABLE]

    def problems(self, settings: CauseSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: CauseSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return described.offers(settings)

    def goods(self, settings: CauseSettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def quantities(self, settings: CauseSettings) -> dict[str, int]:
        """See `Stocked.quantities`: as many units as the goal, so that it cannot be passed."""
        return {settings.unit_offer: settings.goal}

    def acts(self, settings: CauseSettings) -> list[Act]:
        """See `Play.acts`."""
        words = Words(settings.label_zh, settings.label_en)
        return [Act(described.GAVE, words, settings.every, settings.most_per_person)]

    def standing(self, settings: CauseSettings, progress: CauseProgress) -> Standing:
        """See `Play.standing`."""
        is_on = progress.starter is not None and not progress.is_over
        gave, most = progress.gave, settings.most_per_person
        words = Words(f"以您的名义已捐出 {gave} 份", f"{gave} given in your name")
        return Standing(
            state=progress.state,
            have=progress.friends,
            need=None,
            tiers=(),
            deadline=None,
            acts=(ActStanding(described.GAVE, gave, most, is_on and gave < most),),
            notes=(Note("gave", words, gave),),
        )

    def rules(self, settings: CauseSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: CauseSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: CauseSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _gave(settings: CauseSettings, progress: CauseProgress, fact: Qualified) -> Outcome:
    quest = progress.quest
    if (refusal := own.act_refusal(progress, fact.by)) or quest is None:
        return progress, [refusal or own.NOT_APPLICABLE]
    if fact.step != described.GAVE:
        return progress, [own.NOT_APPLICABLE]
    if fact.amount <= progress.last:
        return progress, [own.DONE]
    if progress.gave >= settings.most_per_person:
        return progress, [own.CAP]
    if settings.unit_offer in fact.exhausted:
        return progress, [Refuse("sold_out")]
    effects: list[Effect] = [Reward("unit", fact.by, settings.unit_offer, fact.cause)]
    thanks = settings.thanks_offer
    if progress.gave == 0 and thanks is not None and thanks not in fact.exhausted:
        effects.append(Reward("thanks", fact.by, thanks, quest))
    changed = msgspec.structs.replace(progress, gave=progress.gave + 1, last=fact.amount)
    if progress.state == "open" and changed.gave == settings.most_per_person:
        changed = msgspec.structs.replace(changed, state="won")
        effects.append(Win())
    return changed, effects


def _joined(settings: CauseSettings, progress: CauseProgress, fact: Supported) -> Outcome:
    joined, effects = own.greeted(progress, fact, None)
    quest = progress.quest
    if joined is not progress and settings.counts_friends and quest is not None:
        effects.append(Reward("unit:friend", fact.by, settings.unit_offer, quest))
    return joined, effects


def _left(settings: CauseSettings, progress: CauseProgress, fact: Withdrawn) -> Outcome:
    gone, effects = own.left(progress, fact, None)
    if gone is not progress and settings.counts_friends and progress.quest is not None:
        effects = [*effects, Reverse("unit:friend", fact.by, progress.quest)]
    return gone, effects
