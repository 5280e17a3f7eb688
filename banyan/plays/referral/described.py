"""The same settings told to others: problems, rules text, causal links, the most they can cost."""

from collections.abc import Mapping
from typing import Final

from banyan.plays.birthdays import birthday_rules
from banyan.plays.play import Mechanism, Problem
from banyan.plays.referral.settings import ReferralSettings
from banyan.plays.words import Words, money, some

__all__ = [
    "mechanisms",
    "most_cost",
    "offer_for_each",
    "offers",
    "people_of",
    "problems",
    "rules",
    "tier_rule",
]

# Above this many people the exact search gives way to a bound by the best rate per person.
EXACT_UP_TO = 400

EVENTS: Final = {"registered": "registered", "ordered": "order_settled", "stayed_n_days": "stayed"}
"""What is verified before the inviter is rewarded, by when a friend counts."""


def tier_rule(people: int, lost_tiers: int) -> str:
    """Name the reward of the tier at `people`; a tier reached again has a name of its own."""
    return f"tier:{people}" if lost_tiers == 0 else f"tier:{people}:{lost_tiers}"


def people_of(rule: str) -> int:
    """Return the tier a rule name speaks of."""
    return int(rule.split(":")[1])


def offer_for_each(settings: ReferralSettings, people: int) -> str | None:
    """Return the offer earned by the `people`-th person alone; None when there is none."""
    offer: str | None = None
    for step in settings.decrease:
        if step.after_people >= people:
            break
        offer = step.offer
    return offer


def offers(settings: ReferralSettings) -> dict[str, str]:
    """Return path → offer key for every offer named."""
    named = {f"tiers[{index}].offer": tier.offer for index, tier in enumerate(settings.tiers)}
    named |= {
        f"decrease[{index}].offer": step.offer for index, step in enumerate(settings.decrease)
    }
    if settings.friend_offer is not None:
        named["friend_offer"] = settings.friend_offer
    return named


def problems(settings: ReferralSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    tiers = [tier.people for tier in settings.tiers]
    steps = [step.after_people for step in settings.decrease]
    found = [
        Problem(
            f"tiers[{index}].people",
            "not_ascending",
            Words("每一档的人数要比上一档多", "Each tier needs more people than the last"),
        )
        for index in _not_ascending(tiers)
    ]
    found += [
        Problem(
            f"decrease[{index}].after_people",
            "not_ascending",
            Words("每一段的人数要比上一段多", "Each step must start later than the last"),
        )
        for index in _not_ascending(steps)
    ]
    if settings.counts_when == "stayed_n_days" and settings.wait_days == 0:
        found.append(
            Problem(
                "wait_days",
                "out_of_range",
                Words("留存至少 1 天", "To stay takes a day at least"),
            )
        )
    if not offers(settings):
        found.append(
            Problem("tiers", "no_reward", Words("至少设置一份奖品", "Name at least one reward"))
        )
    return found


def _not_ascending(numbers: list[int]) -> list[int]:
    return [index for index in range(1, len(numbers)) if numbers[index] <= numbers[index - 1]]


def rules(settings: ReferralSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    said = birthday_rules(settings)
    if settings.new_people_only:
        said.append(
            Words(
                "只计算首次通过您的链接来到本店的新朋友；每位新朋友只计一次，自己不能邀请自己。",
                "Only people new to us who come by your link count, each once; you cannot invite "
                "yourself.",
            )
        )
    else:
        said.append(
            Words(
                "通过您的链接参加的朋友都计入，每人只计一次，自己不能邀请自己。",
                "Every friend who joins by your link counts, each once; you cannot invite yourself.",
            )
        )
    said += _quality(settings)
    for tier in settings.tiers:
        name = offers[tier.offer]
        said.append(
            Words(
                f"邀请满 {tier.people} 人，邀请人得「{name.zh}」一份。",
                f"Bring {tier.people} and you get one “{name.en}”.",
            )
        )
    for step in settings.decrease:
        name = offers[step.offer]
        if step.after_people:
            said.append(
                Words(
                    f"超过 {step.after_people} 人后，每多邀请一人，邀请人得「{name.zh}」一份。",
                    f"After {step.after_people}, each further person brings you one “{name.en}”.",
                )
            )
        else:
            said.append(
                Words(
                    f"每邀请一人，邀请人得「{name.zh}」一份。",
                    f"Each person you bring earns you one “{name.en}”.",
                )
            )
    if settings.friend_offer is not None:
        name = offers[settings.friend_offer]
        said.append(
            Words(
                f"通过邀请链接参加并计入的朋友得「{name.zh}」一份。",
                f"Each friend who joins by an invitation and counts gets one “{name.en}”.",
            )
        )
    if settings.tiers or settings.decrease:
        said.append(
            Words(
                f"每位邀请人最多得奖 {settings.reward_cap_per_person} 次；达到后仍计人数，不再发奖。",
                f"Each inviter gets at most {settings.reward_cap_per_person} rewards; people past "
                "that still count, without a reward.",
            )
        )
    if settings.hours_to_finish is not None:
        said.append(
            Words(
                f"自您开始起 {settings.hours_to_finish} 小时内有效，到点后来的朋友不再计入。",
                f"You have {some(settings.hours_to_finish, 'hour')} from your start; friends who come "
                "later do not count.",
            )
        )
    said.append(_undoing(settings))
    return said


def _quality(settings: ReferralSettings) -> list[Words]:
    """Say what a friend has to do before they count."""
    if settings.counts_when == "registered":
        return []
    days = settings.waits.days
    if settings.counts_when == "stayed_n_days":
        what = Words(
            f"朋友参加后满 {days} 天没有退出，才计入邀请人数；",
            f"A friend counts {some(days, 'day')} after joining, if they have not left; ",
        )
    else:
        least = settings.least_order_minor or 1
        floor = Words(
            f"商品实付满 {money(least)} 元的" if least > 1 else "",
            f" of at least {money(least)} for goods" if least > 1 else "",
        )
        until = (
            Words(
                f"签收满 {days} 天没有退款",
                f", {some(days, 'day')} after its delivery, if not refunded",
            )
            if days
            else Words("付款成功", " is paid")
        )
        what = Words(
            f"朋友参加后在本店的首笔{floor.zh}订单{until.zh}，才计入邀请人数；",
            f"A friend counts when their first order with us{floor.en}{until.en}; ",
        )
    return [
        Words(
            what.zh + "好友奖品在其参加时发放。活动结束时还没有满足条件的朋友不再计入。",
            what.en + "the friend's own offer comes on joining. Who has not got so far when the "
            "campaign ends does not count.",
        )
    ]


def _undoing(settings: ReferralSettings) -> Words:
    """Say what is taken back, and for how long."""
    if settings.counts_when == "registered":
        return Words(
            "被邀请的朋友若随后注销退出，其人数和由此得到的奖品会被收回。",
            "If a friend leaves again, their count and what it earned are taken back.",
        )
    days = settings.undoes.days
    if settings.counts_when == "stayed_n_days":
        if not days:
            return Words("计入之后不再撤回。", "Who counts, counts for good.")
        return Words(
            f"计入后 {days} 天内退出的，其人数和由此得到的奖品会被收回。",
            f"If a friend leaves within {some(days, 'day')} of counting, their count and what it earned "
            "are taken back.",
        )
    if not days:
        return Words(
            "计入之后不再撤回；计入之前退款的，朋友再次下单可重新计算。",
            "Who counts, counts for good; after a refund before that, another order may count.",
        )
    return Words(
        f"计入后 {days} 天内退款或退出的，其人数和由此得到的奖品会被收回；退款后再次下单可重新计算。",
        f"If the order is refunded or the friend leaves within {some(days, 'day')} of counting, their "
        "count and what it earned are taken back; another order may count anew.",
    )


def mechanisms(settings: ReferralSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    cap, event = settings.reward_cap_per_person, EVENTS[settings.counts_when]
    links = [
        Mechanism(f"tiers[{index}]", event, "friend", "inviter", tier.offer, 1, 1, tier.people)
        for index, tier in enumerate(settings.tiers)
    ]
    links += [
        Mechanism(f"decrease[{index}]", event, "friend", "inviter", step.offer, 1, cap)
        for index, step in enumerate(settings.decrease)
    ]
    if settings.friend_offer is not None:
        links.append(
            Mechanism("friend_offer", "registered", "self", "friend", settings.friend_offer, 0, 1)
        )
    return links


def most_cost(settings: ReferralSettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most `people` persons can make this cost.

    Each person is brought at most once and not in a circle, so `people` persons bring each other at
    most `people - 1` times; any way of sharing these out among inviters can be reached. The search
    finds the dearest way.
    """
    brought = max(0, people - 1)
    friend = costs.get(settings.friend_offer, 0) if settings.friend_offer is not None else 0
    if brought > EXACT_UP_TO:
        return brought * friend + _by_best_rate(settings, costs, brought)
    worth = _worth(settings, costs, brought)
    best = [0] * (brought + 1)
    for total in range(1, brought + 1):
        best[total] = max(worth[part] + best[total - part] for part in range(1, total + 1))
    return brought * friend + best[brought]


def _worth(settings: ReferralSettings, costs: Mapping[str, int], most: int) -> list[int]:
    """Return, for 0..most people, what one inviter's rewards cost with that many people."""
    tiers = {tier.people: tier.offer for tier in settings.tiers}
    worth, given = [0], 0
    for people in range(1, most + 1):
        cost = 0
        for offer in (tiers.get(people), offer_for_each(settings, people)):
            if offer is not None and given < settings.reward_cap_per_person:
                given += 1
                cost += costs.get(offer, 0)
        worth.append(worth[-1] + cost)
    return worth


def _by_best_rate(settings: ReferralSettings, costs: Mapping[str, int], brought: int) -> int:
    """Bound the dearest sharing out by the dearest rate per person brought.

    After the last step every person is worth the same until the cap, so the rate is highest at one
    of the steps or where the cap is reached.
    """
    steps = [tier.people for tier in settings.tiers]
    steps += [step.after_people + 1 for step in settings.decrease]
    last = max(steps, default=1)
    # One reward a person at least once the last step is passed, if there are any at all.
    worth = _worth(settings, costs, min(brought, last + settings.reward_cap_per_person))
    return max(-(-worth[n] * brought // n) for n in range(1, len(worth)))
