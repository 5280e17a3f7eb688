"""The rule of assist."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import msgspec

from banyan.plays.assist import described
from banyan.plays.assist.numbers import NUMBERS
from banyan.plays.assist.progress import AssistProgress
from banyan.plays.assist.settings import AssistSettings
from banyan.plays.birthdays import birthday_refusal
from banyan.plays.effects import Count, Effect, Lose, Refuse, Reverse, Reward, WakeAt, Win
from banyan.plays.facts import CampaignEnded, Fact, Started, Supported, TimePassed, Withdrawn
from banyan.plays.play import Act, Mechanism, Problem, Standing, Tier
from banyan.plays.words import Words

__all__ = ["Assist"]

Outcome: TypeAlias = tuple[AssistProgress, list[Effect]]

OWN: Final = Refuse("own_quest")
ALREADY: Final = Refuse("already_helped")
FULL: Final = Refuse("quest_full")
OVER: Final = Refuse("quest_over")
LATE: Final = Refuse("out_of_time")
CYCLE: Final = Refuse("cycle")
NOT_NEW: Final = Refuse("not_new")
CAP: Final = Refuse("cap_reached")
NOT_APPLICABLE: Final = Refuse("not_applicable")


class Assist:
    """Friends help: when enough of them have, the starter's benefit is unlocked."""

    key = "assist"
    name = Words("好友助力", "Assist")
    summary = Words(
        "规定时间内集齐几位好友助力，即解锁一份福利；助力者也可得礼。",
        "A few friends together unlock a benefit in time; each helper may get something too.",
    )
    Settings = AssistSettings
    Progress = AssistProgress
    numbers = NUMBERS

    def react(
        self, settings: AssistSettings, progress: AssistProgress, fact: Fact, now: datetime
    ) -> Outcome:
        """See `Play.react`. The last helper wins the quest; the next one finds it full."""
        if type(fact) is Supported:
            return _supported(settings, progress, fact, now)
        match fact:
            case Started():
                return _started(settings, progress, fact, now)
            case Withdrawn():
                return _withdrawn(settings, progress, fact)
            case TimePassed():
                if progress.deadline is None or now < progress.deadline:
                    return progress, []
                return _lost(progress, Lose("out_of_time"))
            case CampaignEnded():
                return _lost(progress, Lose("not_enough_people"))
            case _:
                return progress, [NOT_APPLICABLE]

    def problems(self, settings: AssistSettings) -> list[Problem]:  # noqa: ARG002 - the types say it all
        """See `Play.problems`."""
        return []

    def offers(self, settings: AssistSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return described.offers(settings)

    def goods(self, settings: AssistSettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def acts(self, settings: AssistSettings) -> list[Act]:  # noqa: ARG002 - inviting is all
        """See `Play.acts`."""
        return []

    def standing(self, settings: AssistSettings, progress: AssistProgress) -> Standing:
        """See `Play.standing`."""
        return Standing(
            state=progress.state,
            have=progress.helpers,
            need=settings.helpers_needed,
            tiers=(Tier(settings.helpers_needed, settings.offer, progress.state == "won"),),
            deadline=progress.deadline,
        )

    def asks_birthday(self, settings: AssistSettings) -> bool:
        """See `Dated.asks_birthday`."""
        return settings.birthday_days is not None

    def rules(self, settings: AssistSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: AssistSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: AssistSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _started(
    settings: AssistSettings, progress: AssistProgress, fact: Started, now: datetime
) -> Outcome:
    if progress.starter is not None:
        return progress, []
    if fact.quests_before >= settings.quests_per_person:
        return progress, [CAP]
    refusal = birthday_refusal(settings, fact)
    if refusal is not None:
        return progress, [refusal]
    deadline = now + timedelta(hours=settings.hours_to_finish)
    return AssistProgress(fact.by, fact.quest, deadline=deadline), [WakeAt(deadline)]


def _refusal(settings: AssistSettings, progress: AssistProgress, fact: Supported) -> Refuse | None:
    if fact.by == progress.starter:
        return OWN
    if fact.has_helped:
        return ALREADY
    if progress.state != "open":
        return FULL if progress.state == "won" else OVER
    if fact.is_ancestor:
        return CYCLE
    if settings.new_people_only and not fact.is_new_person:
        return NOT_NEW
    if fact.helps_given >= settings.helps_per_person:
        return CAP
    return None


def _supported(
    settings: AssistSettings, progress: AssistProgress, fact: Supported, now: datetime
) -> Outcome:
    starter, quest, by = progress.starter, progress.quest, fact.by
    if starter is None or quest is None:
        return progress, [NOT_APPLICABLE]
    refusal = _refusal(settings, progress, fact)
    if (
        progress.deadline is not None
        and now >= progress.deadline
        and progress.state == "open"
        and refusal not in (OWN, ALREADY)
    ):
        lost, effects = _lost(progress, Lose("out_of_time"))
        return lost, [*effects, LATE]
    if refusal is not None:
        return progress, [refusal]

    helpers = progress.helpers + 1
    effects: list[Effect] = [Count(by)]
    if settings.helper_offer is not None:
        effects.append(Reward("helper", by, settings.helper_offer, quest))
    if helpers < settings.helpers_needed:
        return AssistProgress(starter, quest, helpers, "open", progress.deadline), effects
    effects.append(Reward("unlock", starter, settings.offer, quest))
    effects.append(Win())
    return AssistProgress(starter, quest, helpers, "won", progress.deadline), effects


def _withdrawn(settings: AssistSettings, progress: AssistProgress, fact: Withdrawn) -> Outcome:
    """An open quest loses the helper; a benefit already unlocked is kept, as the rules say."""
    if progress.quest is None or not fact.was_counted or progress.helpers == 0:
        return progress, []
    effects: list[Effect] = []
    if settings.helper_offer is not None:
        effects.append(Reverse("helper", fact.by, progress.quest))
    if progress.state == "open":
        progress = msgspec.structs.replace(progress, helpers=progress.helpers - 1)
    return progress, effects


def _lost(progress: AssistProgress, lose: Lose) -> Outcome:
    if progress.starter is None or progress.state != "open":
        return progress, []
    return msgspec.structs.replace(progress, state="lost"), [lose]
