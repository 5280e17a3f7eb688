"""The rule of referral."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from banyan.plays.birthdays import birthday_refusal
from banyan.plays.effects import Count, Effect, Lose, Refuse, Reverse, Reward, WakeAt, Win
from banyan.plays.facts import (
    CampaignEnded,
    Fact,
    Ordered,
    Qualified,
    Refunded,
    Started,
    Supported,
    TimePassed,
    Withdrawn,
)
from banyan.plays.play import Act, Mechanism, Problem, Standing, Tier
from banyan.plays.referral import described, quality, waits
from banyan.plays.referral.counting import Outcome, counted, uncounted
from banyan.plays.referral.numbers import NUMBERS
from banyan.plays.referral.progress import ReferralFriend, ReferralProgress
from banyan.plays.referral.settings import ReferralSettings
from banyan.plays.words import Words

__all__ = ["Referral"]

OWN: Final = Refuse("own_quest")
ALREADY: Final = Refuse("already_helped")
OVER: Final = Refuse("quest_over")
LATE: Final = Refuse("out_of_time")
CYCLE: Final = Refuse("cycle")
NOT_NEW: Final = Refuse("not_new")
CAP: Final = Refuse("cap_reached")
NOT_APPLICABLE: Final = Refuse("not_applicable")


class Referral:
    """Invite new people: tiers, a decreasing reward for each, a benefit for the friend."""

    key = "referral"
    name = Words("邀请有礼", "Referral")
    summary = Words(
        "老朋友带来新朋友，双方得礼；阶梯奖励、上限和递减都可设置。",
        "Friends bring new friends and both are thanked; tiers, a cap and a decreasing reward.",
    )
    Settings = ReferralSettings
    Progress = ReferralProgress
    numbers = NUMBERS

    def react(
        self, settings: ReferralSettings, progress: ReferralProgress, fact: Fact, now: datetime
    ) -> Outcome:
        """See `Play.react`. A quest stays open after its top tier: the friends still count."""
        if type(fact) is Supported:
            return _supported(settings, progress, fact, now)
        match fact:
            case Started():
                return _started(settings, progress, fact, now)
            case Withdrawn():
                return _withdrawn(settings, progress, fact, now)
            case Ordered():
                return quality.ordered(settings, progress, fact, now)
            case Qualified():
                return quality.delivered(settings, progress, fact, now)
            case Refunded():
                return quality.refunded(settings, progress, fact, now)
            case TimePassed():
                return _time_passed(settings, progress, now)
            case CampaignEnded():
                return _ended(settings, progress, now)
            case _:
                return progress, [NOT_APPLICABLE]

    def problems(self, settings: ReferralSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: ReferralSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return described.offers(settings)

    def goods(self, settings: ReferralSettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def acts(self, settings: ReferralSettings) -> list[Act]:  # noqa: ARG002 - inviting is all
        """See `Play.acts`."""
        return []

    def standing(self, settings: ReferralSettings, progress: ReferralProgress) -> Standing:
        """See `Play.standing`."""
        return Standing(
            state=progress.state,
            have=progress.people,
            need=settings.tiers[-1].people if settings.tiers else None,
            tiers=tuple(
                Tier(tier.people, tier.offer, progress.people >= tier.people)
                for tier in settings.tiers
            ),
            deadline=progress.deadline,
            notes=waits.notes(settings, progress),
        )

    def asks_birthday(self, settings: ReferralSettings) -> bool:
        """See `Dated.asks_birthday`."""
        return settings.birthday_days is not None

    def follows_orders(self, settings: ReferralSettings) -> bool:
        """See `Attentive.follows_orders`: where a friend counts by an order."""
        return settings.counts_when == "ordered"

    def waits(self, settings: ReferralSettings, progress: ReferralProgress) -> dict[UUID, Words]:
        """See `Attentive.waits`."""
        return waits.by_friend(settings, progress)

    def rules(self, settings: ReferralSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: ReferralSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: ReferralSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _started(
    settings: ReferralSettings, progress: ReferralProgress, fact: Started, now: datetime
) -> Outcome:
    if progress.starter is not None:
        return progress, []
    if fact.quests_before:
        return progress, [CAP]
    refusal = birthday_refusal(settings, fact)
    if refusal is not None:
        return progress, [refusal]
    if settings.hours_to_finish is None:
        return ReferralProgress(fact.by, fact.quest), []
    deadline = now + timedelta(hours=settings.hours_to_finish)
    return ReferralProgress(fact.by, fact.quest, deadline=deadline), [WakeAt(deadline)]


def _refusal(
    settings: ReferralSettings, progress: ReferralProgress, fact: Supported
) -> Refuse | None:
    if fact.by == progress.starter:
        return OWN
    if fact.has_helped:
        return ALREADY
    if progress.is_over:
        return OVER
    if fact.is_ancestor:
        return CYCLE
    # A person is brought once: whoever counted them first stays the one who brought them.
    if fact.helps_given:
        return ALREADY
    if settings.new_people_only and not fact.is_new_person:
        return NOT_NEW
    return None


def _supported(
    settings: ReferralSettings, progress: ReferralProgress, fact: Supported, now: datetime
) -> Outcome:
    starter, quest, by = progress.starter, progress.quest, fact.by
    if starter is None or quest is None:
        return progress, [NOT_APPLICABLE]
    refusal = _refusal(settings, progress, fact)
    if (
        progress.deadline is not None
        and now >= progress.deadline
        and not progress.is_over
        and refusal not in (OWN, ALREADY)
    ):
        if quality.waiting(progress):
            return progress, [LATE]
        closed, effects = _closed(progress, "out_of_time")
        return closed, [*effects, LATE]
    if refusal is not None:
        return progress, [refusal]

    effects: list[Effect] = [Count(by)]
    if settings.friend_offer is not None:
        effects.append(Reward("friend", by, settings.friend_offer, quest))
    if settings.counts_when == "registered":
        changed, earned = counted(settings, progress, starter, quest, by)
    else:
        changed, earned = quality.came(settings, progress, ReferralFriend(by), now)
    return changed, [*effects, *earned]


def _withdrawn(
    settings: ReferralSettings, progress: ReferralProgress, fact: Withdrawn, now: datetime
) -> Outcome:
    if settings.counts_when != "registered":
        return quality.left(settings, progress, fact, now)
    starter, quest = progress.starter, progress.quest
    if starter is None or quest is None or not fact.was_counted or progress.people == 0:
        return progress, []
    effects: list[Effect] = []
    if settings.friend_offer is not None:
        effects.append(Reverse("friend", fact.by, quest))
    changed, taken = uncounted(settings, progress, starter, quest, fact.by)
    return changed, [*effects, *taken]


def _time_passed(settings: ReferralSettings, progress: ReferralProgress, now: datetime) -> Outcome:
    """Count who is due; past the deadline, end it once nobody is waiting any more."""
    after, effects = quality.matured(settings, progress, now)
    if after.deadline is None or now < after.deadline or quality.waiting(after):
        return after, effects
    closed, ended = _closed(after, "out_of_time")
    return closed, [*effects, *ended]


def _ended(settings: ReferralSettings, progress: ReferralProgress, now: datetime) -> Outcome:
    """Decide it now: who is still waiting does not count any more."""
    after, effects = quality.matured(settings, progress, now)
    if quality.waiting(after):
        kept = tuple(friend for friend in after.friends if friend.is_counted)
        after = msgspec.structs.replace(after, friends=kept)
    closed, ended = _closed(after, "not_enough_people")
    return closed, [*effects, *ended]


def _closed(progress: ReferralProgress, reason: str) -> Outcome:
    if progress.starter is None or progress.is_over:
        return progress, []
    if progress.state == "won":
        return msgspec.structs.replace(progress, is_over=True), []
    if progress.people > 0:
        return msgspec.structs.replace(progress, is_over=True, state="won"), [Win()]
    over = msgspec.structs.replace(progress, is_over=True, state="lost")
    return over, [Lose("out_of_time" if reason == "out_of_time" else "not_enough_people")]
