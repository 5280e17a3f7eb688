"""The rule of quizzes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from banyan.plays import own
from banyan.plays.disclosures import Disclosures
from banyan.plays.effects import Effect, Lose, Reward, Win
from banyan.plays.facts import CampaignEnded, Fact, Qualified, Started, Supported, Withdrawn
from banyan.plays.play import Act, ActStanding, Mechanism, Note, Problem, Standing
from banyan.plays.quiz import described
from banyan.plays.quiz.numbers import NUMBERS
from banyan.plays.quiz.progress import QuizProgress
from banyan.plays.quiz.settings import QuizSettings
from banyan.plays.words import Words, some

__all__ = ["Quiz"]

Outcome: TypeAlias = tuple[QuizProgress, list[Effect]]


class Quiz:
    """Levels of questions, one after another; the right answers never leave the server."""

    key = "quiz"
    name = Words("闯关答题", "Quiz")
    summary = Words(
        "一关一关答题，过关得礼；答案只在服务器上核对。",
        "Level after level of questions, each with its gift; answers are checked on the server.",
    )
    Settings = QuizSettings
    Progress = QuizProgress
    numbers = NUMBERS

    def react(
        self,
        settings: QuizSettings,
        progress: QuizProgress,
        fact: Fact,
        now: datetime,  # noqa: ARG002 - no deadline of its own
    ) -> Outcome:
        """See `Play.react`. A try with too few right answers counts as a try."""
        match fact:
            case Started():
                return own.started(progress, fact)
            case Supported():
                return own.greeted(progress, fact, settings.friend_offer)
            case Withdrawn():
                return own.left(progress, fact, settings.friend_offer)
            case CampaignEnded():
                return own.ended(progress, has_done=progress.passed > 0)
            case Qualified():
                return _answered(settings, progress, fact)
            case _:
                return progress, [own.NOT_APPLICABLE]

    def problems(self, settings: QuizSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: QuizSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return described.offers(settings)

    def goods(self, settings: QuizSettings) -> dict[str, str]:  # noqa: ARG002 - sells nothing
        """See `Play.goods`."""
        return {}

    def acts(self, settings: QuizSettings) -> list[Act]:
        """See `Play.acts`."""
        return described.acts(settings)

    def worth(self, settings: QuizSettings, step: str, proof: str) -> int:
        """See `Weighing.worth`: how many answers are right, as `2,1,3` in the questions' order."""
        number = described.number_of(step)
        if not 1 <= number <= len(settings.levels):
            return 0
        given = proof.split(",")
        asked = settings.levels[number - 1].questions
        return sum(
            answer.strip() == str(question.right)
            for question, answer in zip(asked, given, strict=False)
        )

    def public_settings(self, settings: QuizSettings) -> dict[str, Any]:
        """See `Secretive.public_settings`: all but the right choices."""
        told: dict[str, Any] = msgspec.to_builtins(settings)
        for level in told["levels"]:
            for question in level["questions"]:
                del question["right"]
        return told

    def standing(self, settings: QuizSettings, progress: QuizProgress) -> Standing:
        """See `Play.standing`."""
        is_on = progress.starter is not None and not progress.is_over
        most = settings.tries_per_level
        acts: list[ActStanding] = []
        for number in range(1, len(settings.levels) + 1):
            is_next = number == progress.passed + 1
            done = progress.tries if is_next else int(number <= progress.passed)
            acts.append(
                ActStanding(
                    described.step_of(number), done, most, is_on and is_next and done < most
                )
            )
        passed = progress.passed
        notes = [
            Note("passed", Words(f"已过 {passed} 关", f"{some(passed, 'level')} passed"), passed)
        ]
        if progress.last_right is not None:
            right = progress.last_right
            words = Words(f"上次答对 {right} 题", f"{right} right at the last try")
            notes.append(Note("last_right", words, right))
        return Standing(
            state=progress.state,
            have=progress.friends,
            need=None,
            tiers=(),
            deadline=None,
            acts=tuple(acts),
            notes=tuple(notes),
        )

    def rules(self, settings: QuizSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: QuizSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def disclosures(self, settings: QuizSettings) -> Disclosures:  # noqa: ARG002 - always a quiz
        """See `Disclosing.disclosures`."""
        return Disclosures(is_quiz=True)

    def most_cost(self, settings: QuizSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _answered(settings: QuizSettings, progress: QuizProgress, fact: Qualified) -> Outcome:
    quest = progress.quest
    if (refusal := own.act_refusal(progress, fact.by)) or quest is None:
        return progress, [refusal or own.NOT_APPLICABLE]
    number = described.number_of(fact.step)
    if not 1 <= number <= len(settings.levels):
        return progress, [own.NOT_APPLICABLE]
    if number != progress.passed + 1:
        return progress, [own.DONE if number <= progress.passed else own.TOO_EARLY]
    if progress.tries >= settings.tries_per_level:
        return progress, [own.NO_CHANCE]
    level, effects = settings.levels[number - 1], list[Effect]()
    if fact.amount < level.needed:
        changed = msgspec.structs.replace(
            progress, tries=progress.tries + 1, last_right=fact.amount
        )
        if changed.tries == settings.tries_per_level and changed.state == "open":
            # What was passed stays; nothing further can be reached.
            won = changed.passed > 0
            changed = msgspec.structs.replace(changed, state="won" if won else "lost")
            effects.append(Win() if won else Lose("no_chance_left"))
        return changed, effects
    if level.offer is not None:
        effects.append(Reward(f"level:{number}", fact.by, level.offer, quest))
    changed = msgspec.structs.replace(progress, passed=number, tries=0, last_right=None)
    if number == len(settings.levels) and changed.state == "open":
        changed = msgspec.structs.replace(changed, state="won")
        effects.append(Win())
    return changed, effects
