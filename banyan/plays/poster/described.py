"""The same settings told to others: problems, rules text, causal links, the most they can cost."""

from collections.abc import Mapping

from banyan.plays import own
from banyan.plays.play import Mechanism, Problem
from banyan.plays.poster.settings import PosterSettings
from banyan.plays.sharing import dearest_sharing
from banyan.plays.words import Words, some

__all__ = ["mechanisms", "most_cost", "offers", "people_of", "problems", "rules", "tier_rule"]


def tier_rule(people: int, lost: int) -> str:
    """Name the reward of the tier at `people`; one given after a loss has a name of its own."""
    return f"tier:{people}" if lost == 0 else f"tier:{people}:{lost}"


def people_of(rule: str) -> int:
    """Return the tier a rule name speaks of."""
    return int(rule.split(":")[1])


def problems(settings: PosterSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    words = Words("每一档的人数要比上一档多", "Each tier needs more people than the last")
    return [
        Problem(f"tiers[{index}].people", "not_ascending", words)
        for index in range(1, len(settings.tiers))
        if settings.tiers[index].people <= settings.tiers[index - 1].people
    ]


def offers(settings: PosterSettings) -> dict[str, str]:
    """Return path → offer key for every offer named."""
    named = {f"tiers[{index}].offer": tier.offer for index, tier in enumerate(settings.tiers)}
    if settings.friend_offer is not None:
        named["friend_offer"] = settings.friend_offer
    return named


def rules(settings: PosterSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    hours = settings.hours_to_finish
    within_zh = f"自领取海报起 {hours} 小时内，" if hours is not None else ""
    within_en = f" within {some(hours, 'hour')}" if hours is not None else ""
    said = [
        Words(
            f"{within_zh}扫您的海报首次来到本店并登录的新朋友满 {tier.people} 位，"
            f"您得「{offers[tier.offer].zh}」一份，每档一次。",
            f"When your poster has brought {some(tier.people, 'person', 'people')} new to us who "
            f"signed in{within_en}, you get one “{offers[tier.offer].en}”, once.",
        )
        for tier in settings.tiers
    ]
    if settings.stay_hours:
        said.append(
            Words(
                f"新朋友加入后 {settings.stay_hours} 小时内注销退出的，不再计数，"
                "因此得到的奖品收回；之后退出的不影响。",
                f"Who leaves within {some(settings.stay_hours, 'hour')} of joining counts no more, and "
                "what they earned is taken back; leaving later changes nothing.",
            )
        )
    if settings.friend_offer is not None:
        name = offers[settings.friend_offer]
        said.append(
            Words(
                f"扫码来的新朋友得「{name.zh}」一份。",
                f"A newcomer who came by a poster gets one “{name.en}”.",
            )
        )
    said.append(
        Words(
            "海报上只有商家名称和专属码，您愿意时可自己填一个称呼；不使用您的头像和昵称。"
            "每人只能被一位好友带来，不能扫自己的码。",
            "The poster shows the merchant and your code, and a name only if you type one; never "
            "your picture or nickname. A person is brought by one friend only, never by themselves.",
        )
    )
    return said


def mechanisms(settings: PosterSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    links = [
        Mechanism(
            f"tiers[{index}].offer",
            "registered",
            "friend",
            "inviter",
            tier.offer,
            1,
            1,
            tier.people,
        )
        for index, tier in enumerate(settings.tiers)
    ]
    return [*links, *own.greeting_mechanisms(settings.friend_offer)]


def most_cost(settings: PosterSettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most `people` persons can make this cost: `people - 1` are brought, each once."""
    tiers = [(tier.people, costs.get(tier.offer, 0)) for tier in settings.tiers]
    return dearest_sharing(tiers, max(0, people - 1)) + own.greeting_cost(
        settings.friend_offer, costs, people
    )
