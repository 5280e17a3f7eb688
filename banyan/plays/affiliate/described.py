"""The same settings told to others: problems, rules text, causal links, the most they can cost."""

from collections.abc import Mapping

from banyan.plays.affiliate.goods_words import goods_problems, goods_rules, percent
from banyan.plays.affiliate.settings import MOST_BPS, AffiliateSettings
from banyan.plays.play import Mechanism, Problem
from banyan.plays.words import Words, some

__all__ = ["mechanisms", "most_cost", "problems", "rules"]


def problems(settings: AffiliateSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    second = settings.second.rate_bps if settings.second else 0
    above = Words(
        f"两级佣金合计不能超过 {MOST_BPS // 100}%",
        f"Both levels together cannot be more than {MOST_BPS // 100} %",
    )
    found = [
        Problem(f"rates[{nth}].rate_bps", "above_most", above)
        for nth, rate in enumerate(settings.rates)
        if rate.rate_bps + second > MOST_BPS
    ]
    if settings.rate_bps + second > MOST_BPS:
        found.append(Problem("second_level[0].rate_bps", "above_most", above))
    return found + goods_problems(settings)


def rules(settings: AffiliateSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    name, days = offers[settings.offer], settings.return_days + settings.buffer_days
    return [
        Words(
            "好友通过您的链接下单并付款，您可得佣金：计佣商品实付金额的 "
            f"{percent(settings.rate_bps)}%，不含运费和优惠；每单最多为「{name.zh}」一份的金额。"
            "自己下单不计佣。",
            "When a friend orders and pays by your link you earn "
            f"{percent(settings.rate_bps)} % of what was paid for the goods that earn, without "
            f"freight and discounts, at most one “{name.en}” for an order. Your own orders earn "
            "nothing.",
        ),
        *goods_rules(settings),
        Words(
            "订单里的每种商品分别计佣，不足 1 分的部分舍去；比例以下单时为准。"
            "一单超过上限的，上限按各商品应得佣金的比例分摊；限量时每种商品各计一份。",
            "Each of the goods in an order earns by itself, rounded down to the cent, at the share "
            "of the moment it is ordered. Above the most for an order, that most is shared among "
            "them by what each would earn. Where rewards are counted, each of the goods counts one.",
        ),
        Words(
            f"订单签收满 {days} 天（退货期 {settings.return_days} 天加缓冲 "
            f"{settings.buffer_days} 天）后佣金可提现。",
            f"Commission can be paid out {some(days, 'day')} after delivery: {some(settings.return_days, 'day')} "
            f"to return and {settings.buffer_days} more.",
        ),
        Words(
            "商品退款的，该商品的佣金按退款后的实付金额重算，多出的扣回；全部退款则全部扣回，"
            "同一订单的其他商品不受影响。",
            "When some of an order is refunded, the commission on those goods is reckoned on what is "
            "left of their payment and the rest goes back; the order's other goods keep theirs.",
        ),
        Words(
            f"每人最多 {settings.orders_per_person} 单计佣，之后的订单有效但不再计佣。",
            f"At most {settings.orders_per_person} orders earn each person commission; later ones "
            "stand without it.",
        ),
        _levels(settings),
    ]


def _levels(settings: AffiliateSettings) -> Words:
    second = settings.second
    if second is None:
        return Words(
            "仅一级计佣：只有直接通过您链接的订单计佣，不设下级，不收入门费。",
            "One level only: orders by your own link earn you commission, nobody else's; "
            "joining costs nothing.",
        )
    rate = percent(second.rate_bps)
    return Words(
        f"您邀请的推广人带来的订单，计佣商品您另得 {rate}%；仅此两级，不再向上计算。"
        f"（审批编号 {second.approval_id}）",
        f"Of the goods that earn in orders by the link of somebody you brought you earn {rate} % "
        f"too; there is no third level. (Approval {second.approval_id})",
    )


def mechanisms(settings: AffiliateSettings) -> list[Mechanism]:
    """Return every causal link from an event to a benefit."""
    most = settings.orders_per_person
    links = [Mechanism("rate_bps", "ordered", "friend", "inviter", settings.offer, 1, most)]
    if settings.second is not None:
        links.append(
            Mechanism("second_level", "ordered", "friend", "inviter", settings.offer, 2, most)
        )
    return links


def most_cost(settings: AffiliateSettings, costs: Mapping[str, int], people: int) -> int:
    """Return the most `people` persons can make this cost.

    Whoever sells needs somebody else who buys; each earns at most once for each of the orders that
    count, and at most one offer for an order, however many lines of it earn and at which shares.
    """
    sellers = people if people > 1 else 0
    return sellers * settings.orders_per_person * costs.get(settings.offer, 0)
