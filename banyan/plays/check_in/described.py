"""The same settings told to others: problems, acts, rules text, causal links, the most they cost."""

from collections.abc import Mapping
from typing import Final

from banyan.plays import own
from banyan.plays.check_in.settings import CheckInSettings, Task
from banyan.plays.play import Act, Mechanism, Problem
from banyan.plays.words import Words, some

__all__ = [
    "CHECKED_IN",
    "acts",
    "mechanisms",
    "most_cost",
    "offers",
    "problems",
    "rules",
    "task_step",
]

CHECKED_IN: Final = "checked_in"


def task_step(task: Task) -> str:
    """Return the step that does `task`."""
    return f"task_{task.key}"


def problems(settings: CheckInSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    found: list[Problem] = []
    if settings.daily_offer is None and not settings.streaks and not settings.tasks:
        words = Words("至少设置一种奖品", "Give something for at least one of these")
        found.append(Problem("daily_offer", "no_reward", words))
    for index, streak in enumerate(settings.streaks):
        if index and streak.days <= settings.streaks[index - 1].days:
            words = Words("天数须逐档增加", "Each step needs more days than the one before")
            found.append(Problem(f"streaks[{index}].days", "not_ascending", words))
        if streak.days > settings.most_days:
            words = Words("超过了每人最多计的天数", "More days than count for one person")
            found.append(Problem(f"streaks[{index}].days", "out_of_reach", words))
    keys = [task.key for task in settings.tasks]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            words = Words("任务代号重复", "Two tasks have this key")
            found.append(Problem(f"tasks[{index}].key", "taken_twice", words))
    return found


def offers(settings: CheckInSettings) -> dict[str, str]:
    """Return path → offer key for every offer named."""
    named: dict[str, str] = {}
    if settings.daily_offer is not None:
        named["daily_offer"] = settings.daily_offer
    for index, streak in enumerate(settings.streaks):
        named[f"streaks[{index}].offer"] = streak.offer
    for index, task in enumerate(settings.tasks):
        named[f"tasks[{index}].offer"] = task.offer
    if settings.friend_offer is not None:
        named["friend_offer"] = settings.friend_offer
    return named


def acts(settings: CheckInSettings) -> list[Act]:
    """Return what can be done: checking in, and the tasks."""
    words = Words("今日签到", "Check in today")
    return [
        Act(CHECKED_IN, words, "day", settings.most_days),
        *(
            Act(
                task_step(task),
                Words(task.label_zh, task.label_en),
                task.every,
                1 if task.every == "once" else settings.most_days,
            )
            for task in settings.tasks
        ),
    ]


def rules(settings: CheckInSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    most = settings.most_days
    said = [
        Words(
            f"每天可签到一次，以店铺所在时区的日期为准，每人最多计 {most} 天。",
            f"One check-in a day, by the merchant's own calendar; {some(most, 'day')} at most count.",
        )
    ]
    if settings.daily_offer is not None:
        name = offers[settings.daily_offer]
        said.append(
            Words(
                f"每次签到得「{name.zh}」一份。",
                f"Each check-in earns one “{name.en}”.",
            )
        )
    for streak in settings.streaks:
        name = offers[streak.offer]
        said.append(
            Words(
                f"连续签到 {streak.days} 天得「{name.zh}」一份，每人一次；中断一天即从头数。",
                f"{some(streak.days, 'day')} in a row earn one “{name.en}”, once; a missed day starts "
                "the count again.",
            )
        )
    for task in settings.tasks:
        name = offers[task.offer]
        how_zh = "只能完成一次" if task.every == "once" else f"每天一次，最多 {most} 次"
        how_en = "once" if task.every == "once" else f"once a day, {some(most, 'time')} at most"
        said.append(
            Words(
                f"任务「{task.label_zh}」：完成得「{name.zh}」一份，{how_zh}。",
                f"Task “{task.label_en}” earns one “{name.en}”, {how_en}.",
            )
        )
    greeting = offers[settings.friend_offer] if settings.friend_offer is not None else None
    return [*said, *own.greeting_rules(greeting)]


def mechanisms(settings: CheckInSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    links: list[Mechanism] = []
    most = settings.most_days
    if settings.daily_offer is not None:
        links.append(
            Mechanism("daily_offer", "checked_in", "self", "self", settings.daily_offer, 0, most)
        )
    for index, streak in enumerate(settings.streaks):
        path = f"streaks[{index}].offer"
        links.append(Mechanism(path, "checked_in", "self", "self", streak.offer, 0, 1))
    for index, task in enumerate(settings.tasks):
        path, times = f"tasks[{index}].offer", 1 if task.every == "once" else most
        links.append(Mechanism(path, "submitted", "self", "self", task.offer, 0, times))
    return [*links, *own.greeting_mechanisms(settings.friend_offer)]


def most_cost(settings: CheckInSettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most `people` persons can make this cost: each does everything, each day."""
    most = settings.most_days
    each = most * costs.get(settings.daily_offer or "", 0)
    each += sum(costs.get(one.offer, 0) for one in settings.streaks if one.days <= most)
    for task in settings.tasks:
        each += costs.get(task.offer, 0) * (1 if task.every == "once" else most)
    return people * each + own.greeting_cost(settings.friend_offer, costs, people)
