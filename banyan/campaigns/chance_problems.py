"""What a definition must say beside its settings where money or prizes hang on chance."""

from collections.abc import Iterator

from banyan.campaigns.definition import Definition, Offer
from banyan.plays import PLAYS, Draws, Problem, RedPacketSettings, Words, draws_of


def chance_problems(definition: Definition, settings: object) -> Iterator[Problem]:
    """Yield what keeps a red packet or a lottery from being paid out as it is published."""
    offers = {offer.key: (place, offer) for place, offer in enumerate(definition.offers)}
    if isinstance(settings, RedPacketSettings) and settings.offer in offers:
        yield from _packet(definition, settings, *offers[settings.offer])
    drawn = draws_of(PLAYS[definition.play.key], settings)
    if drawn is not None and drawn.prizes:
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


def _prizes(definition: Definition, drawn: Draws) -> Iterator[Problem]:
    """Yield what would let the money of a prize run out before the prize does."""
    prizes = {prize.offer for prize in drawn.prizes}
    cost = 0
    for place, offer in enumerate(definition.offers):
        cost += (offer.quantity or 0) * offer.cost_minor
        if offer.quantity is not None:
            continue
        if offer.key in prizes:
            words = Words("抽奖奖品须公示数量", "A prize says how many there are")
            yield Problem(f"offers[{place}].quantity", "missing", words)
        elif offer.cost_minor:
            words = Words(
                "有抽奖的活动里，其他有成本的奖品也须填数量，否则会用掉中奖者的预算",
                "Beside a draw, whatever else costs says how many there are, or it would use up "
                "what the winners are promised",
            )
            yield Problem(f"offers[{place}].quantity", "missing", words)
    if cost > definition.budget.total_minor:
        words = Words(
            f"全部奖品的成本为 {cost / 100:.2f} 元，超过了总预算",
            f"All prizes together cost {cost / 100:.2f}, more than the budget",
        )
        yield Problem("budget.total_minor", "below_prizes", words)
    if definition.budget.per_day_minor is not None:
        words = Words(
            "抽奖不设每日预算：当日预算用完会使公示概率落空",
            "A draw has no daily budget: a day without money would belie the published odds",
        )
        yield Problem("budget.per_day_minor", "not_here", words)
