"""The same settings told to others: problems, acts, rules text, causal links, the most they cost."""

from collections.abc import Mapping
from typing import Final

from banyan.plays import own
from banyan.plays.play import Act, Mechanism, Problem
from banyan.plays.quiz.settings import QuizSettings
from banyan.plays.words import Words, some

__all__ = [
    "acts",
    "mechanisms",
    "most_cost",
    "number_of",
    "offers",
    "problems",
    "rules",
    "step_of",
]

_STEP: Final = "level_"


def step_of(number: int) -> str:
    """Return the step that answers level `number`, counted from 1."""
    return f"{_STEP}{number}"


def number_of(step: str) -> int:
    """Return the level a step answers; 0 for any other step."""
    number = step.removeprefix(_STEP)
    fits = step.startswith(_STEP) and number.isascii() and number.isdigit() and len(number) < 4  # noqa: PLR2004
    return int(number) if fits else 0


def problems(settings: QuizSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    found: list[Problem] = []
    for at, level in enumerate(settings.levels):
        if level.needed > len(level.questions):
            words = Words("需答对的题数超过了题目数", "More right answers than questions")
            found.append(Problem(f"levels[{at}].needed", "out_of_reach", words))
        for index, question in enumerate(level.questions):
            path = f"levels[{at}].questions[{index}]"
            if len(question.choices_zh) != len(question.choices_en):
                words = Words("中英文选项数量要一致", "As many choices in both languages")
                found.append(Problem(f"{path}.choices_en", "not_as_many", words))
            if question.right > len(question.choices_zh):
                words = Words("没有这个选项", "There is no such choice")
                found.append(Problem(f"{path}.right", "no_such_choice", words))
    if not any(level.offer for level in settings.levels):
        words = Words("至少一关要有奖品", "At least one level has to earn something")
        found.append(Problem("levels", "no_reward", words))
    return found


def offers(settings: QuizSettings) -> dict[str, str]:
    """Return path → offer key for every offer named."""
    named = {
        f"levels[{at}].offer": level.offer
        for at, level in enumerate(settings.levels)
        if level.offer is not None
    }
    if settings.friend_offer is not None:
        named["friend_offer"] = settings.friend_offer
    return named


def acts(settings: QuizSettings) -> list[Act]:
    """Return what can be done: answering each level."""
    return [
        Act(
            step_of(number),
            Words(f"第 {number} 关", f"Level {number}"),
            "times",
            settings.tries_per_level,
            "answer",
        )
        for number in range(1, len(settings.levels) + 1)
    ]


def rules(settings: QuizSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    count, tries = len(settings.levels), settings.tries_per_level
    said = [
        Words(
            f"共 {count} 关，依次闯关；每关最多可试 {tries} 次，人人相同。",
            f"{some(count, 'level')}, one after another; {some(tries, 'try', 'tries')} at each, "
            "the same for everybody.",
        )
    ]
    for number, level in enumerate(settings.levels, 1):
        all_of, needed = len(level.questions), level.needed
        gift_zh = gift_en = ""
        if level.offer is not None:
            name = offers[level.offer]
            gift_zh, gift_en = f"，得「{name.zh}」一份", f" and earns one “{name.en}”"
        said.append(
            Words(
                f"第 {number} 关 {all_of} 题，答对 {needed} 题过关{gift_zh}。",
                f"Level {number} has {some(all_of, 'question')}; whoever gives "
                f"{some(needed, 'right answer')} passes it{gift_en}.",
            )
        )
    said.append(
        Words(
            "题目有固定答案，由系统核对，不是抽奖，也不是性格或运势测试。",
            "Every question has one right answer, checked by the system: no draw, and no test of "
            "character or fortune.",
        )
    )
    greeting = offers[settings.friend_offer] if settings.friend_offer is not None else None
    return [*said, *own.greeting_rules(greeting)]


def mechanisms(settings: QuizSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    links = [
        Mechanism(f"levels[{at}].offer", "answered", "self", "self", level.offer, 0, 1)
        for at, level in enumerate(settings.levels)
        if level.offer is not None
    ]
    return [*links, *own.greeting_mechanisms(settings.friend_offer)]


def most_cost(settings: QuizSettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most `people` persons can make this cost: everybody passes every level."""
    each = sum(costs.get(level.offer or "", 0) for level in settings.levels)
    return people * each + own.greeting_cost(settings.friend_offer, costs, people)
