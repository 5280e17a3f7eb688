"""The rule of posters."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import msgspec

from banyan.plays import own
from banyan.plays.effects import Count, Effect, Lose, Refuse, Reverse, Reward, WakeAt, Win
from banyan.plays.facts import CampaignEnded, Fact, Started, Supported, TimePassed, Withdrawn
from banyan.plays.play import Act, Mechanism, Problem, Standing, Tier
from banyan.plays.poster import described
from banyan.plays.poster.numbers import NUMBERS
from banyan.plays.poster.progress import PosterProgress
from banyan.plays.poster.settings import PosterSettings
from banyan.plays.words import Words

__all__ = ["Poster"]

Outcome: TypeAlias = tuple[PosterProgress, list[Effect]]


class Poster:
    """A personal picture with a code; new people who come by it earn its owner tiers."""

    key = "poster"
    name = Words("海报任务宝", "Poster")
    summary = Words(
        "一人一张带码海报，扫码来的新朋友达到人数得礼；留不满时间退出的不计。",
        "Everybody's own poster with a code; tiers by the new people who come by it and stay.",
    )
    Settings = PosterSettings
    Progress = PosterProgress
    numbers = NUMBERS

    def react(
        self, settings: PosterSettings, progress: PosterProgress, fact: Fact, now: datetime
    ) -> Outcome:
        """See `Play.react`. Who leaves before having stayed long enough counts no more."""
        progress = _settled(settings, progress, now)
        match fact:
            case Started():
                return _started(settings, progress, fact, now)
            case Supported():
                return _supported(settings, progress, fact, now)
            case Withdrawn():
                return _withdrawn(settings, progress, fact)
            case TimePassed():
                if progress.deadline is None or now < progress.deadline:
                    return progress, []
                return _closed(progress, late=True)
            case CampaignEnded():
                return _closed(progress, late=False)
            case _:
                return progress, [own.NOT_APPLICABLE]

    def problems(self, settings: PosterSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: PosterSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return described.offers(settings)

    def goods(self, settings: PosterSettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def acts(self, settings: PosterSettings) -> list[Act]:  # noqa: ARG002 - inviting is all
        """See `Play.acts`."""
        return []

    def standing(self, settings: PosterSettings, progress: PosterProgress) -> Standing:
        """See `Play.standing`."""
        return Standing(
            state=progress.state,
            have=progress.people,
            need=settings.tiers[-1].people,
            tiers=tuple(
                Tier(tier.people, tier.offer, progress.people >= tier.people)
                for tier in settings.tiers
            ),
            deadline=progress.deadline,
        )

    def rules(self, settings: PosterSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: PosterSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: PosterSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _changed(progress: PosterProgress, **changes: Any) -> PosterProgress:
    return msgspec.structs.replace(progress, **changes)


def _settled(settings: PosterSettings, progress: PosterProgress, now: datetime) -> PosterProgress:
    """Move those who have stayed long enough from `fresh` to `stayed`; the same when there is none."""
    stay = timedelta(hours=settings.stay_hours)
    fresh = tuple(one for one in progress.fresh if now < one[1] + stay)
    if len(fresh) == len(progress.fresh):
        return progress
    gone = len(progress.fresh) - len(fresh)
    return _changed(progress, fresh=fresh, stayed=progress.stayed + gone)


def _started(
    settings: PosterSettings, progress: PosterProgress, fact: Started, now: datetime
) -> Outcome:
    if progress.starter is not None:
        return progress, []
    if fact.quests_before:
        return progress, [own.CAP]
    if settings.hours_to_finish is None:
        return PosterProgress(fact.by, fact.quest), []
    deadline = now + timedelta(hours=settings.hours_to_finish)
    return PosterProgress(fact.by, fact.quest, deadline=deadline), [WakeAt(deadline)]


def _refusal(progress: PosterProgress, fact: Supported) -> Refuse | None:
    if fact.by == progress.starter:
        return own.OWN
    # A person is brought once: whoever counted them first stays the one who brought them.
    if fact.has_helped or fact.helps_given:
        return own.ALREADY
    if progress.is_over:
        return own.OVER
    if fact.is_ancestor:
        return own.CYCLE
    return None if fact.is_new_person else own.NOT_NEW


def _supported(
    settings: PosterSettings, progress: PosterProgress, fact: Supported, now: datetime
) -> Outcome:
    starter, quest, by = progress.starter, progress.quest, fact.by
    if starter is None or quest is None:
        return progress, [own.NOT_APPLICABLE]
    refusal = _refusal(progress, fact)
    is_late = progress.deadline is not None and now >= progress.deadline
    if is_late and not progress.is_over and refusal not in (own.OWN, own.ALREADY):
        closed, effects = _closed(progress, late=True)
        return closed, [*effects, own.LATE]
    if refusal is not None:
        return progress, [refusal]
    effects: list[Effect] = [Count(by)]
    if settings.friend_offer is not None:
        effects.append(Reward("friend", by, settings.friend_offer, quest))
    if settings.stay_hours:
        counted = _changed(progress, fresh=(*progress.fresh, (by, now)))
    else:
        counted = _changed(progress, stayed=progress.stayed + 1)
    for tier in settings.tiers:
        if tier.people == counted.people:
            rule = described.tier_rule(tier.people, counted.lost)
            effects.append(Reward(rule, starter, tier.offer, quest))
            counted = _changed(counted, held=(*counted.held, rule))
    if counted.state == "open" and len(counted.held) == len(settings.tiers):
        counted = _changed(counted, state="won")
        effects.append(Win())
    return counted, effects


def _withdrawn(settings: PosterSettings, progress: PosterProgress, fact: Withdrawn) -> Outcome:
    """Uncount who left too early and take back what they earned; who had stayed stays counted."""
    starter, quest, by = progress.starter, progress.quest, fact.by
    if starter is None or quest is None or by not in {who for who, _ in progress.fresh}:
        return progress, []
    effects: list[Effect] = []
    if settings.friend_offer is not None:
        effects.append(Reverse("friend", by, quest))
    fresh = tuple(one for one in progress.fresh if one[0] != by)
    gone = _changed(progress, fresh=fresh)
    beyond = [rule for rule in progress.held if described.people_of(rule) > gone.people]
    if beyond:
        effects.extend(Reverse(rule, starter, quest) for rule in beyond)
        held = tuple(rule for rule in progress.held if rule not in beyond)
        gone = _changed(gone, held=held, lost=progress.lost + 1)
    return gone, effects


def _closed(progress: PosterProgress, *, late: bool) -> Outcome:
    if progress.starter is None or progress.is_over:
        return progress, []
    if progress.state != "open":
        return _changed(progress, is_over=True), []
    if progress.people > 0:
        return _changed(progress, is_over=True, state="won"), [Win()]
    over = _changed(progress, is_over=True, state="lost")
    return over, [Lose("out_of_time" if late else "not_enough_people")]
