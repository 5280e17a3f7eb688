"""The rule of check-in."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

import msgspec

from banyan.plays import own
from banyan.plays.check_in import described
from banyan.plays.check_in.numbers import NUMBERS
from banyan.plays.check_in.progress import CheckInProgress
from banyan.plays.check_in.settings import CheckInSettings, Task
from banyan.plays.effects import Effect, Reward, Win
from banyan.plays.facts import CampaignEnded, Fact, Qualified, Started, Supported, Withdrawn
from banyan.plays.play import Act, ActStanding, Mechanism, Note, Problem, Standing
from banyan.plays.words import Words, some

__all__ = ["CheckIn"]

Outcome: TypeAlias = tuple[CheckInProgress, list[Effect]]


class CheckIn:
    """Check in day by day; days in a row and small tasks earn more."""

    key = "check_in"
    name = Words("签到有礼", "Check-in")
    summary = Words(
        "每天签到得礼，连续签到有加赠，还可设置积分任务；全程不需要分享。",
        "A gift for each day's check-in, more for days in a row and small tasks; no sharing needed.",
    )
    Settings = CheckInSettings
    Progress = CheckInProgress
    numbers = NUMBERS

    def react(
        self,
        settings: CheckInSettings,
        progress: CheckInProgress,
        fact: Fact,
        now: datetime,  # noqa: ARG002 - the day comes in with the fact
    ) -> Outcome:
        """See `Play.react`. The day is the fact's amount: the merchant's own, as an ordinal."""
        match fact:
            case Started():
                return own.started(progress, fact)
            case Supported():
                return own.greeted(progress, fact, settings.friend_offer)
            case Withdrawn():
                return own.left(progress, fact, settings.friend_offer)
            case CampaignEnded():
                return own.ended(progress, has_done=bool(progress.days or progress.tasks))
            case Qualified():
                return _acted(settings, progress, fact)
            case _:
                return progress, [own.NOT_APPLICABLE]

    def problems(self, settings: CheckInSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: CheckInSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return described.offers(settings)

    def goods(self, settings: CheckInSettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def acts(self, settings: CheckInSettings) -> list[Act]:
        """See `Play.acts`."""
        return described.acts(settings)

    def standing(self, settings: CheckInSettings, progress: CheckInProgress) -> Standing:
        """See `Play.standing`."""
        is_on = progress.starter is not None and not progress.is_over
        acts = [
            ActStanding(
                described.CHECKED_IN,
                progress.days,
                settings.most_days,
                is_on and progress.days < settings.most_days,
            )
        ]
        for task in settings.tasks:
            most, done = _most(settings, task), progress.done(task.key)
            acts.append(ActStanding(described.task_step(task), done, most, is_on and done < most))
        run = progress.run
        return Standing(
            state=progress.state,
            have=progress.friends,
            need=None,
            tiers=(),
            deadline=None,
            acts=tuple(acts),
            notes=(
                Note("run", Words(f"已连续签到 {run} 天", f"{some(run, 'day')} in a row"), run),
                Note(
                    "days",
                    Words(f"累计签到 {progress.days} 天", f"{some(progress.days, 'day')} in all"),
                    progress.days,
                ),
            ),
        )

    def rules(self, settings: CheckInSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: CheckInSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: CheckInSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _most(settings: CheckInSettings, task: Task) -> int:
    return 1 if task.every == "once" else settings.most_days


def _acted(settings: CheckInSettings, progress: CheckInProgress, fact: Qualified) -> Outcome:
    if refusal := own.act_refusal(progress, fact.by):
        return progress, [refusal]
    if fact.step == described.CHECKED_IN:
        return _checked_in(settings, progress, fact)
    for task in settings.tasks:
        if fact.step == described.task_step(task):
            return _did(settings, progress, fact, task)
    return progress, [own.NOT_APPLICABLE]


def _checked_in(settings: CheckInSettings, progress: CheckInProgress, fact: Qualified) -> Outcome:
    quest, day = progress.quest, fact.amount
    if day <= progress.last or quest is None:
        return progress, [own.DONE]
    if progress.days >= settings.most_days:
        return progress, [own.CAP]
    run = progress.run + 1 if day == progress.last + 1 else 1
    effects: list[Effect] = []
    if settings.daily_offer is not None:
        effects.append(Reward("check_in", fact.by, settings.daily_offer, fact.cause))
    reached = [one for one in settings.streaks if one.days == run and run not in progress.earned]
    effects.extend(Reward(f"streak:{one.days}", fact.by, one.offer, quest) for one in reached)
    earned = (*progress.earned, *(one.days for one in reached))
    days = progress.days + 1
    state = progress.state
    if state == "open" and days == settings.most_days:
        state = "won"
        effects.append(Win())
    changed = msgspec.structs.replace(
        progress, days=days, last=day, run=run, earned=earned, state=state
    )
    return changed, effects


def _did(
    settings: CheckInSettings, progress: CheckInProgress, fact: Qualified, task: Task
) -> Outcome:
    done = progress.done(task.key)
    if done >= _most(settings, task):
        return progress, [own.DONE if task.every == "once" else own.CAP]
    tasks = {**dict(progress.tasks), task.key: done + 1}
    changed = msgspec.structs.replace(progress, tasks=tuple(sorted(tasks.items())))
    return changed, [Reward(f"task:{task.key}", fact.by, task.offer, fact.cause)]
