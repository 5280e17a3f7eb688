"""The same settings told to others: problems, acts, rules text, causal links, the most they cost."""

from collections.abc import Mapping
from typing import Final

from banyan.plays import own
from banyan.plays.in_store.settings import InStoreSettings
from banyan.plays.play import Act, Mechanism, Problem
from banyan.plays.words import Words

__all__ = [
    "REDEEMED",
    "SCANNED",
    "VISITED",
    "acts",
    "mechanisms",
    "most_cost",
    "most_visits",
    "offers",
    "problems",
    "rules",
]

SCANNED: Final = "scanned"
VISITED: Final = "visited"
REDEEMED: Final = "redeemed"


def most_visits(settings: InStoreSettings) -> int:
    """Return after how many visits nothing more is earned."""
    return max((one.visits for one in settings.stamps), default=0)


def problems(settings: InStoreSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    words = Words("每一档的次数要比上一档多", "Each step needs more visits than the last")
    found = [
        Problem(f"stamps[{index}].visits", "not_ascending", words)
        for index in range(1, len(settings.stamps))
        if settings.stamps[index].visits <= settings.stamps[index - 1].visits
    ]
    if not settings.stamps and settings.scan_offer is None:
        none = Words("至少设置扫码礼或集章奖励", "Give something for scanning or for visits")
        found.append(Problem("stamps", "no_reward", none))
    return found


def offers(settings: InStoreSettings) -> dict[str, str]:
    """Return path → offer key for every offer named."""
    named = {f"stamps[{index}].offer": one.offer for index, one in enumerate(settings.stamps)}
    if settings.scan_offer is not None:
        named["scan_offer"] = settings.scan_offer
    if settings.friend_offer is not None:
        named["friend_offer"] = settings.friend_offer
    return named


def acts(settings: InStoreSettings) -> list[Act]:
    """Return what can be done: scanning, and what the staff confirm."""
    return [
        Act(SCANNED, Words("到店扫码", "Scan in the store"), "once", 1, "code"),
        Act(
            VISITED,
            Words("店员确认到店", "Visit confirmed"),
            "day",
            most_visits(settings),
            "staff",
        ),
        Act(
            REDEEMED,
            Words("店员核销", "Handed over"),
            "times",
            max(1, len(settings.stamps)),
            "staff",
        ),
    ]


def rules(settings: InStoreSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    said: list[Words] = []
    if settings.scan_offer is not None:
        name = offers[settings.scan_offer]
        said.append(
            Words(
                f"在店内扫码或输入门店码，即得「{name.zh}」一份，每人一次。",
                f"Scan or type the store's code for one “{name.en}”, once.",
            )
        )
    if settings.stamps:
        said.append(
            Words(
                "到店消费后向店员出示到店码，由店员确认；每天最多计一次，"
                "以店铺所在时区的日期为准。",
                "After your visit show your code to the staff, who confirm it; one visit a day "
                "counts, by the merchant's own calendar.",
            )
        )
    for one in settings.stamps:
        name = offers[one.offer]
        said.append(
            Words(
                f"累计确认 {one.visits} 次得「{name.zh}」一份，每人一次，由店员当面核销。",
                f"{one.visits} confirmed visits earn one “{name.en}”, once; the staff hand it "
                "over.",
            )
        )
    greeting = offers[settings.friend_offer] if settings.friend_offer is not None else None
    return [*said, *own.greeting_rules(greeting)]


def mechanisms(settings: InStoreSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    links: list[Mechanism] = []
    if settings.scan_offer is not None:
        links.append(Mechanism("scan_offer", "scanned", "self", "self", settings.scan_offer, 0, 1))
    links += [
        Mechanism(f"stamps[{index}].offer", "scanned", "self", "self", one.offer, 0, 1)
        for index, one in enumerate(settings.stamps)
    ]
    return [*links, *own.greeting_mechanisms(settings.friend_offer)]


def most_cost(settings: InStoreSettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most `people` persons can make this cost: each comes as often as it counts."""
    each = costs.get(settings.scan_offer or "", 0)
    each += sum(costs.get(one.offer, 0) for one in settings.stamps)
    return people * each + own.greeting_cost(settings.friend_offer, costs, people)
