"""The same settings told to others: rules text, causal links, the most they can cost."""

from collections.abc import Mapping

from banyan.plays.assist.settings import AssistSettings
from banyan.plays.birthdays import birthday_rules
from banyan.plays.play import Mechanism
from banyan.plays.words import Words, some

__all__ = ["mechanisms", "most_cost", "offers", "rules"]


def offers(settings: AssistSettings) -> dict[str, str]:
    """Return path → offer key for every offer named."""
    named = {"offer": settings.offer}
    if settings.helper_offer is not None:
        named["helper_offer"] = settings.helper_offer
    return named


def rules(settings: AssistSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    prize = offers[settings.offer]
    needed, hours = settings.helpers_needed, settings.hours_to_finish
    said = [
        *birthday_rules(settings),
        Words(
            f"自发起之时起 {hours} 小时内，集齐 {needed} 位好友助力，发起人得「{prize.zh}」一份；"
            "到点未集齐则任务结束，不发此奖。",
            f"With help from {some(needed, 'friend')} within {some(hours, 'hour')} of the start, the "
            f"starter gets one “{prize.en}”; otherwise the quest ends without it.",
        ),
    ]
    if settings.helper_offer is not None:
        name = offers[settings.helper_offer]
        said.append(
            Words(
                f"每位计入的助力者得「{name.zh}」一份。",
                f"Each helper who counts gets one “{name.en}”.",
            )
        )
    if settings.new_people_only:
        said.append(
            Words(
                "只有首次来到本店的新朋友可以助力，每人只能助力一次。",
                "Only people new to us may help, and each only once.",
            )
        )
    else:
        said.append(
            Words(
                f"每人最多可为 {settings.helps_per_person} 个任务助力，同一任务只能助力一次。",
                f"A person may help up to {settings.helps_per_person} quests, each of them once.",
            )
        )
    said.append(
        Words(
            f"每人最多可发起 {settings.quests_per_person} 次；不能为自己助力，"
            "由您带来的人发起的任务，您不能反过来助力。",
            f"A person may start up to {settings.quests_per_person} quests; nobody helps "
            "themselves, nor the quest of somebody they brought.",
        )
    )
    said.append(
        Words(
            "集齐前有助力者注销退出的，其助力和奖品会被收回；已解锁的福利保留。",
            "A helper who leaves before the goal takes their help and reward with them; a benefit "
            "already unlocked stays.",
        )
    )
    return said


def mechanisms(settings: AssistSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    links = [
        Mechanism(
            "offer",
            "assisted",
            "friend",
            "inviter",
            settings.offer,
            1,
            settings.quests_per_person,
            settings.helpers_needed,
        )
    ]
    if settings.helper_offer is not None:
        helps = 1 if settings.new_people_only else settings.helps_per_person
        links.append(
            Mechanism("helper_offer", "assisted", "self", "friend", settings.helper_offer, 0, helps)
        )
    return links


def most_cost(settings: AssistSettings, costs: Mapping[str, int], people: int) -> int:
    """Return a sum that `people` persons cannot exceed.

    Nobody helps the quest of one they brought, so the persons can be put in a row in which each
    helps only those before them: the i-th (from 0) has i others to help and is helped by those
    behind. New people help once, and a full quest takes no more help.
    """
    needed, starts = settings.helpers_needed, settings.quests_per_person
    if settings.new_people_only:
        given = max(0, people - 1)
    else:
        given = sum(min(settings.helps_per_person, i * starts) for i in range(people))
    taken = starts * sum(min(needed, behind) for behind in range(people))
    helps = min(given, taken)
    # A starter with fewer than `needed` persons behind them in the row cannot win.
    wins = min(helps // needed, max(0, people - needed) * starts)
    helper = costs.get(settings.helper_offer, 0) if settings.helper_offer is not None else 0
    return helps * helper + wins * costs.get(settings.offer, 0)
