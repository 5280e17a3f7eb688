"""The same settings told to others: problems, rules text, causal links."""

from banyan.plays.bargain.settings import BargainSettings
from banyan.plays.play import Mechanism, Problem
from banyan.plays.words import Words, money, some

__all__ = ["mechanisms", "problems", "rules"]


def problems(settings: BargainSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    if settings.start_price_minor - settings.floor_minor < settings.cuts_needed:
        return [
            Problem(
                "floor_minor",
                "too_little_to_cut",
                Words(
                    "底价要低于起始价，并且够每位好友至少砍一分",
                    "The lowest price must leave each friend at least one cent to cut",
                ),
            )
        ]
    return []


def rules(settings: BargainSettings) -> list[Words]:
    """Return the executed rule in sentences."""
    start, floor = money(settings.start_price_minor), money(settings.floor_minor)
    needed, hours = settings.cuts_needed, settings.hours_to_finish
    said = [
        Words(
            f"起始价 {start} 元，底价 {floor} 元；{needed} 位好友帮砍即到底价，每位砍掉的金额随机，"
            "全部相加恰好等于起始价与底价之差。",
            f"From {start} down to {floor}: the bottom takes {some(needed, 'friend')}. What each "
            "takes off is random, and all together come to exactly the difference.",
        ),
        Words(
            f"自发起之时起 {hours} 小时内，发起人本人随时可以按当前价买下一件，"
            "不必砍到底价；到时未下单的，本次砍价结束。",
            f"Within {some(hours, 'hour')} of the start, the starter alone may buy one piece at the "
            "price reached, at any time; without an order by then it ends.",
        ),
    ]
    if settings.new_people_only:
        said.append(
            Words(
                "只有首次来到本店的新朋友可以帮砍，每人只能帮砍一次。",
                "Only people new to us may help, and each only once.",
            )
        )
    else:
        said.append(
            Words(
                f"每人最多可为 {settings.helps_per_person} 个砍价帮忙，同一个只能帮一次。",
                f"A person may help up to {settings.helps_per_person} bargains, each of them once.",
            )
        )
    said.append(
        Words(
            f"每人最多可发起 {settings.quests_per_person} 次；不能为自己砍价，"
            "由您带来的人发起的砍价，您不能反过来帮砍。",
            f"A person may start up to {settings.quests_per_person}; nobody cuts their own price, "
            "nor that of somebody they brought.",
        )
    )
    said.append(
        Words(
            "下单后请在付款时限内付款，付款即按下单时的价格成交；超时未付的订单会取消，可在时限内重新下单。",
            "An order is sold at its price when it is paid in its time; one that is not is "
            "cancelled, and another may be placed while time is left.",
        )
    )
    said.append(
        Words(
            "成交后退款的，本次砍价不再恢复，也不退还发起次数。",
            "A bargain that was bought and refunded is not open again, and counts as one that was "
            "started.",
        )
    )
    return said


def mechanisms(settings: BargainSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    return [
        Mechanism(
            "cuts_needed",
            "assisted",
            "friend",
            "inviter",
            None,
            1,
            settings.quests_per_person,
            settings.cuts_needed,
        )
    ]
