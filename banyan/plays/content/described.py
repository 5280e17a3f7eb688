"""The same settings told to others: problems, rules text, causal links, the most they can cost."""

from collections.abc import Mapping
from typing import Final

from banyan.plays import own
from banyan.plays.content.settings import ContentSettings
from banyan.plays.play import Mechanism, Problem
from banyan.plays.sharing import dearest_sharing
from banyan.plays.words import Words, some

__all__ = ["READ", "mechanisms", "most_cost", "offers", "problems", "rules"]

READ: Final = "read"


def problems(settings: ContentSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    words = Words("每一部分的人数要比上一部分多", "Each part needs more people than the last")
    return [
        Problem(f"parts[{index}].people", "not_ascending", words)
        for index in range(1, len(settings.parts))
        if settings.parts[index].people <= settings.parts[index - 1].people
    ]


def offers(settings: ContentSettings) -> dict[str, str]:
    """Return path → offer key for every offer named."""
    named = {"first_part": settings.first_part}
    for index, part in enumerate(settings.parts):
        named[f"parts[{index}].offer"] = part.offer
    if settings.friend_offer is not None:
        named["friend_offer"] = settings.friend_offer
    return named


def rules(settings: ContentSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    first = offers[settings.first_part]
    said = [
        Words(
            f"登录后点「立即领取」即得「{first.zh}」，每人一份，不需要邀请任何人。",
            f"Sign in and press “Get it now” for one “{first.en}”; nobody has to be invited.",
        )
    ]
    who_zh = "首次来到本店的新朋友" if settings.new_people_only else "好友"
    who_en = "people new to us" if settings.new_people_only else "friends"
    hours = settings.hours_to_finish
    for part in settings.parts:
        name = offers[part.offer]
        within_zh = f"在 {hours} 小时内" if hours is not None else ""
        within_en = f" within {some(hours, 'hour')}" if hours is not None else ""
        said.append(
            Words(
                f"经您的链接{within_zh}有 {part.people} 位{who_zh}登录注册，"
                f"您再得「{name.zh}」一份，每档一次；已解锁的内容不会收回。",
                f"When your link has brought {_people(settings, part.people)}{within_en}, you get "
                f"one “{name.en}”, once; what is open stays open.",
            )
        )
    if settings.parts:
        said.append(
            Words(
                "每人只能被一位好友带来；不能为自己计数，带您来的人不能由您再计数。",
                "A person is brought by one friend only; nobody counts for themselves, nor for "
                "somebody they were brought by.",
            )
        )
    if settings.friend_offer is not None:
        name = offers[settings.friend_offer]
        said.append(
            Words(
                f"经好友链接来的{who_zh}另得「{name.zh}」一份；之后注销退出的收回。",
                f"{who_en.capitalize()} who come by a friend's link get one “{name.en}” too; it "
                "is taken back from who leaves.",
            )
        )
    return said


def mechanisms(settings: ContentSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    links = [Mechanism("first_part", "registered", "self", "self", settings.first_part, 0, 1)]
    links += [
        Mechanism(
            f"parts[{index}].offer",
            "registered",
            "friend",
            "inviter",
            part.offer,
            1,
            1,
            part.people,
        )
        for index, part in enumerate(settings.parts)
    ]
    return [*links, *own.greeting_mechanisms(settings.friend_offer)]


def most_cost(settings: ContentSettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most `people` persons can make this cost.

    Everybody reads the first part; at most `people - 1` are brought, each by one inviter.
    """
    tiers = [(part.people, costs.get(part.offer, 0)) for part in settings.parts]
    return (
        people * costs.get(settings.first_part, 0)
        + dearest_sharing(tiers, max(0, people - 1))
        + own.greeting_cost(settings.friend_offer, costs, people)
    )


def _people(settings: ContentSettings, count: int) -> str:
    if settings.new_people_only:
        return f"{some(count, 'person', 'people')} new to us who registered"
    return f"{some(count, 'friend')} who registered"
