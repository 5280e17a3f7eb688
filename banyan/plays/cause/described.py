"""The same settings told to others: problems, rules text, causal links, the most they can cost."""

from collections.abc import Mapping
from typing import Final

from banyan.plays.cause.settings import CauseSettings
from banyan.plays.play import Mechanism, Problem
from banyan.plays.words import Words, some

__all__ = ["GAVE", "mechanisms", "most_cost", "offers", "problems", "rules"]

GAVE: Final = "gave"


def problems(settings: CauseSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    if settings.every == "once" and settings.most_per_person > 1:
        words = Words("只能参与一次时，每人最多一份", "Once a person: one unit at most")
        return [Problem("most_per_person", "out_of_reach", words)]
    return []


def offers(settings: CauseSettings) -> dict[str, str]:
    """Return path → offer key for every offer named."""
    named = {"unit_offer": settings.unit_offer}
    if settings.thanks_offer is not None:
        named["thanks_offer"] = settings.thanks_offer
    return named


def rules(settings: CauseSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    unit, most = offers[settings.unit_offer], settings.most_per_person
    often_zh = "每人一次" if settings.every == "once" else f"每天一次，每人最多 {most} 次"
    often_en = "once a person" if settings.every == "once" else f"once a day, {most} at most"
    said = [
        Words(
            f"每完成一次「{settings.label_zh}」，由主办方以您的名义捐出「{unit.zh}」一份，"
            f"{often_zh}。参与者不需付款，也不向参与者募捐。",
            f"For each “{settings.label_en}” the host gives one “{unit.en}” in your name, "
            f"{often_en}. Participants pay nothing and are asked for no donation.",
        ),
        Words(
            f"总目标 {settings.goal} 份，全体参与者共同完成；进度为实际捐出的份数，到数即止。",
            f"The goal is {some(settings.goal, 'unit')} by everybody together; what is shown is what was "
            "given, and it ends at the goal.",
        ),
    ]
    if settings.counts_friends:
        said.append(
            Words(
                "经好友链接首次来的新朋友，登录后以其本人名义再捐出一份；带来朋友的人不因此得奖。"
                "之后注销退出的，这一份不再计入。",
                "For who is new and comes by a friend's link one more is given in their own name; "
                "nobody is paid for bringing them. It counts no more when they leave.",
            )
        )
    if settings.thanks_offer is not None:
        name = offers[settings.thanks_offer]
        said.append(
            Words(
                f"首次参与得感谢礼「{name.zh}」一份，发完为止。",
                f"The first time earns one “{name.en}” as thanks, while there are any.",
            )
        )
    said.append(
        Words(
            "分享完全自愿：不分享也能参与。",
            "Sharing is up to you: taking part needs none.",
        )
    )
    return said


def mechanisms(settings: CauseSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    most = settings.most_per_person
    links = [Mechanism("unit_offer", "pledged", "self", "self", settings.unit_offer, 0, most)]
    if settings.counts_friends:
        links.append(
            Mechanism("counts_friends", "registered", "self", "friend", settings.unit_offer, 0, 1)
        )
    if settings.thanks_offer is not None:
        links.append(
            Mechanism("thanks_offer", "pledged", "self", "self", settings.thanks_offer, 0, 1)
        )
    return links


def most_cost(settings: CauseSettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most `people` persons can make this cost, the goal left aside.

    Each gives as often as they may and is thanked once; all but one come by a friend's link.
    """
    units = people * settings.most_per_person
    if settings.counts_friends:
        units += max(0, people - 1)
    thanks = costs.get(settings.thanks_offer or "", 0)
    return units * costs.get(settings.unit_offer, 0) + people * thanks
