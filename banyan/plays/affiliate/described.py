"""The same settings told to others: problems, rules text, causal links, the most they can cost."""

from collections.abc import Mapping

from banyan.plays.affiliate.settings import MOST_BPS, AffiliateSettings
from banyan.plays.play import Mechanism, Problem
from banyan.plays.words import Words, some

__all__ = ["mechanisms", "most_cost", "problems", "rules"]


def problems(settings: AffiliateSettings) -> list[Problem]:
    """Return what is wrong with settings whose types are right."""
    second = settings.second
    if second is not None and settings.rate_bps + second.rate_bps > MOST_BPS:
        return [
            Problem(
                "second_level[0].rate_bps",
                "above_most",
                Words(
                    f"两级佣金合计不能超过 {MOST_BPS // 100}%",
                    f"Both levels together cannot be more than {MOST_BPS // 100} %",
                ),
            )
        ]
    return []


def rules(settings: AffiliateSettings, offers: Mapping[str, Words]) -> list[Words]:
    """Return the executed rule in sentences."""
    name, days = offers[settings.offer], settings.return_days + settings.buffer_days
    said = [
        Words(
            f"好友通过您的链接下单并付款，您可得佣金：商品实付金额的 {_percent(settings.rate_bps)}%，"
            f"不含运费和优惠；每单最多为「{name.zh}」一份的金额。自己下单不计佣。",
            "When a friend orders and pays by your link you earn "
            f"{_percent(settings.rate_bps)} % of what was paid for the goods, without freight and "
            f"discounts, at most one “{name.en}” for an order. Your own orders earn nothing.",
        ),
        Words(
            f"订单签收满 {days} 天（退货期 {settings.return_days} 天加缓冲 "
            f"{settings.buffer_days} 天）后佣金可提现。",
            f"Commission can be paid out {some(days, 'day')} after delivery: {some(settings.return_days, 'day')} "
            f"to return and {settings.buffer_days} more.",
        ),
        Words(
            "订单退款的，按退款比例扣回佣金；全部退款则全部扣回。",
            "When an order is refunded its commission goes back in proportion.",
        ),
        Words(
            f"每人最多 {settings.orders_per_person} 单计佣，之后的订单有效但不再计佣。",
            f"At most {settings.orders_per_person} orders earn each person commission; later ones "
            "stand without it.",
        ),
    ]
    if settings.second is not None:
        rate = _percent(settings.second.rate_bps)
        said.append(
            Words(
                f"您邀请的推广人带来的订单，您另得 {rate}%；仅此两级，不再向上计算。"
                f"（审批编号 {settings.second.approval_id}）",
                f"Orders by the link of somebody you brought earn you {rate} % too; there is no "
                f"third level. (Approval {settings.second.approval_id})",
            )
        )
    else:
        said.append(
            Words(
                "仅一级计佣：只有直接通过您链接的订单计佣，不设下级，不收入门费。",
                "One level only: orders by your own link earn you commission, nobody else's; "
                "joining costs nothing.",
            )
        )
    return said


def _percent(bps: int) -> str:
    return f"{bps / 100:g}"


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
    count, and at most one offer for an order.
    """
    sellers = people if people > 1 else 0
    return sellers * settings.orders_per_person * costs.get(settings.offer, 0)
