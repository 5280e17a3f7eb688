"""The rule of content."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from banyan.plays import own
from banyan.plays.content import described
from banyan.plays.content.numbers import NUMBERS
from banyan.plays.content.progress import ContentProgress
from banyan.plays.content.settings import ContentSettings
from banyan.plays.effects import Effect, Reward, WakeAt, Win
from banyan.plays.facts import (
    CampaignEnded,
    Fact,
    Qualified,
    Started,
    Supported,
    TimePassed,
    Withdrawn,
)
from banyan.plays.play import Act, ActStanding, Mechanism, Problem, Standing, Tier
from banyan.plays.words import Words

__all__ = ["Content"]

Outcome: TypeAlias = tuple[ContentProgress, list[Effect]]


class Content:
    """Registering opens the first part for everybody; further parts open as new friends register."""

    key = "content"
    name = Words("内容裂变", "Content")
    summary = Words(
        "文章、课程或资料注册即得；带来的新朋友注册，解锁下一部分。",
        "An article, a course or a report for registering; the next part as new friends register.",
    )
    Settings = ContentSettings
    Progress = ContentProgress
    numbers = NUMBERS

    def react(
        self, settings: ContentSettings, progress: ContentProgress, fact: Fact, now: datetime
    ) -> Outcome:
        """See `Play.react`. After the deadline friends count no more; reading stays possible."""
        match fact:
            case Started():
                return _started(settings, progress, fact, now)
            case Supported():
                return _supported(settings, progress, fact, now)
            case Withdrawn():
                return own.left(progress, fact, settings.friend_offer)
            case TimePassed():
                return progress, []
            case CampaignEnded():
                return own.ended(progress, has_done=progress.has_read)
            case Qualified():
                return _read(settings, progress, fact)
            case _:
                return progress, [own.NOT_APPLICABLE]

    def problems(self, settings: ContentSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: ContentSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return described.offers(settings)

    def goods(self, settings: ContentSettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def acts(self, settings: ContentSettings) -> list[Act]:  # noqa: ARG002 - one for all settings
        """See `Play.acts`."""
        return [Act(described.READ, Words("立即领取", "Get it now"), "once", 1)]

    def standing(self, settings: ContentSettings, progress: ContentProgress) -> Standing:
        """See `Play.standing`."""
        done = int(progress.has_read)
        is_on = progress.starter is not None and not progress.is_over
        return Standing(
            state=progress.state,
            have=progress.friends,
            need=settings.parts[-1].people if settings.parts else None,
            tiers=tuple(
                Tier(part.people, part.offer, part.people in progress.opened)
                for part in settings.parts
            ),
            deadline=progress.deadline,
            acts=(ActStanding(described.READ, done, 1, is_on and not done),),
        )

    def rules(self, settings: ContentSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: ContentSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: ContentSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _started(
    settings: ContentSettings, progress: ContentProgress, fact: Started, now: datetime
) -> Outcome:
    begun, effects = own.started(progress, fact)
    if begun is progress or settings.hours_to_finish is None:
        return begun, effects
    deadline = now + timedelta(hours=settings.hours_to_finish)
    return msgspec.structs.replace(begun, deadline=deadline), [WakeAt(deadline)]


def _read(settings: ContentSettings, progress: ContentProgress, fact: Qualified) -> Outcome:
    if refusal := own.act_refusal(progress, fact.by):
        return progress, [refusal]
    if fact.step != described.READ or progress.quest is None:
        return progress, [own.NOT_APPLICABLE]
    if progress.has_read:
        return progress, [own.DONE]
    effects: list[Effect] = [Reward("read", fact.by, settings.first_part, progress.quest)]
    changed = msgspec.structs.replace(progress, has_read=True)
    if not settings.parts and progress.state == "open":
        changed = msgspec.structs.replace(changed, state="won")
        effects.append(Win())
    return changed, effects


def _supported(
    settings: ContentSettings, progress: ContentProgress, fact: Supported, now: datetime
) -> Outcome:
    new_only = settings.new_people_only
    is_late = progress.deadline is not None and now >= progress.deadline
    if is_late and fact.by != progress.starter and not fact.has_helped and not progress.is_over:
        return progress, [own.LATE]
    counted, effects = own.greeted(progress, fact, settings.friend_offer, new_people_only=new_only)
    starter, quest = progress.starter, progress.quest
    if counted is progress or starter is None or quest is None:
        return counted, effects
    for part in settings.parts:
        if part.people == counted.friends and part.people not in counted.opened:
            effects.append(Reward(f"part:{part.people}", starter, part.offer, quest))
            counted = msgspec.structs.replace(counted, opened=(*counted.opened, part.people))
    if len(counted.opened) == len(settings.parts) > 0 and counted.state == "open":
        counted = msgspec.structs.replace(counted, state="won")
        effects.append(Win())
    return counted, effects
