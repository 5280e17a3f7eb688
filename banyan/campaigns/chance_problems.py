"""What a definition must say beside its settings where money or prizes hang on chance."""

from collections.abc import Iterator

from banyan.campaigns.definition import Definition, Offer
from banyan.plays import LotterySettings, Problem, RedPacketSettings, Words


def chance_problems(definition: Definition, settings: object) -> Iterator[Problem]:
    """Yield what keeps a red packet or a lottery from being paid out as it is published."""
    offers = {offer.key: (place, offer) for place, offer in enumerate(definition.offers)}
    if isinstance(settings, RedPacketSettings) and settings.offer in offers:
        yield from _packet(definition, settings, *offers[settings.offer])
    if isinstance(settings, LotterySettings):
        drawn = [offers[prize.offer] for prize in settings.prizes if prize.offer in offers]
        yield from _prizes(definition, drawn)


def _packet(
    definition: Definition, settings: RedPacketSettings, place: int, offer: Offer
) -> Iterator[Problem]:
    if offer.kind != "cash":
        words = Words("红包奖品须为现金类", "A red packet gives cash")
        yield Problem(f"offers[{place}].kind", "not_cash", words)
    if offer.quantity is not None:
        words = Words("份数由红包决定，这里请留空", "The packet says how many shares there are")
        yield Problem(f"offers[{place}].quantity", "not_here", words)
    if settings.total_minor > definition.budget.total_minor:
        words = Words("红包总额超过了总预算", "The packet is more than the whole budget")
        yield Problem("play.settings.total_minor", "above_budget", words)


def _prizes(definition: Definition, drawn: list[tuple[int, Offer]]) -> Iterator[Problem]:
    for place, offer in drawn:
        if offer.quantity is None:
            words = Words("抽奖奖品须公示数量", "A prize says how many there are")
            yield Problem(f"offers[{place}].quantity", "missing", words)
    cost = sum((offer.quantity or 0) * offer.cost_minor for _, offer in drawn)
    if cost > definition.budget.total_minor:
        words = Words(
            f"全部奖品的成本为 {cost / 100:.2f} 元，超过了总预算",
            f"All prizes together cost {cost / 100:.2f}, more than the budget",
        )
        yield Problem("budget.total_minor", "below_prizes", words)
    if drawn and definition.budget.per_day_minor is not None:
        words = Words(
            "抽奖不设每日预算：当日预算用完会使公示概率落空",
            "A lottery has no daily budget: a day without money would belie the published odds",
        )
        yield Problem("budget.per_day_minor", "not_here", words)
