"""The most a definition can cost, and the cheapest way to farm it."""

from datetime import timedelta
from typing import Final, Literal

import msgspec

from banyan.campaigns.definition import Definition
from banyan.campaigns.farming import haul
from banyan.campaigns.problems import settings_of
from banyan.creatives import Text
from banyan.plays import PLAYS

__all__ = ["Farm", "OfferBound", "WorstCase", "worst_case"]

FARM_SEARCH: Final = 40
"""How many identities the search for the cheapest farm looks at."""


class OfferBound(msgspec.Struct, frozen=True):
    """The most that can be given of one offer; None means that only the budget ends it."""

    offer: str
    most: int | None
    cost_minor: int
    total_minor: int


class Farm(msgspec.Struct, frozen=True):
    """`identities` false newcomers are worth `value_minor` to one who makes them up.

    Rewards at their value, and what pieces cost less than usual. `outlay_minor` is what has to be
    paid for real on the way: 0 when it costs nothing but the identities.
    """

    identities: int
    value_minor: int
    value_per_identity_minor: int
    outlay_minor: int = 0


class WorstCase(msgspec.Struct, frozen=True):
    """`total_minor` cannot be exceeded; `ended_by` says what ends it."""

    total_minor: int
    ended_by: Literal["budget", "day_budget", "quantity", "people"]
    by_offer: tuple[OfferBound, ...]
    explanation: Text
    farm: Farm | None


def worst_case(definition: Definition, people: int | None = None) -> WorstCase:
    """Return the most this definition can cost if `people` persons (None: any number) conspire.

    The definition must be without problems. The bound holds for every order of events; it is
    reached when quantities do not bind.
    """
    play = PLAYS[definition.play.key]
    settings = settings_of(definition)
    used = set(play.offers(settings).values())
    offers = [offer for offer in definition.offers if offer.key in used]
    budget, by_day = _budget(definition)

    bounds: list[OfferBound] = []
    for offer in offers:
        limits = [] if offer.quantity is None else [offer.quantity]
        if people is not None:
            limits.append(play.most_cost(settings, {offer.key: 1}, people))
        most = min(limits, default=None)
        total = budget if most is None else min(budget, most * offer.cost_minor)
        if offer.cost_minor == 0:
            total = 0
        bounds.append(OfferBound(offer.key, most, offer.cost_minor, total))

    totals: dict[Literal["budget", "day_budget", "quantity", "people"], int] = {
        "day_budget" if by_day else "budget": budget
    }
    if people is not None:
        costs = {offer.key: offer.cost_minor for offer in offers}
        totals["people"] = play.most_cost(settings, costs, people)
    packet = getattr(settings, "total_minor", None)
    if packet is not None:
        # What is handed out is one sum, however many people come.
        totals["quantity"] = packet
    elif all(bound.most is not None or bound.cost_minor == 0 for bound in bounds):
        totals["quantity"] = sum((bound.most or 0) * bound.cost_minor for bound in bounds)
    ended_by = min(totals, key=lambda name: totals[name])
    farm = _farm(definition)
    return WorstCase(
        total_minor=totals[ended_by],
        ended_by=ended_by,
        by_offer=tuple(bounds),
        explanation=_explanation(definition, totals[ended_by], ended_by, farm),
        farm=farm,
    )


def _budget(definition: Definition) -> tuple[int, bool]:
    """Return what the budgets allow in all, and whether it is the days that bind."""
    budget, period = definition.budget, definition.period
    if budget.per_day_minor is None or period.starts_at is None:
        return budget.total_minor, False
    # A period of n × 24 hours touches at most n + 1 calendar days, whatever the time zone.
    days = -((period.starts_at - period.ends_at) // timedelta(days=1)) + 1
    by_days = budget.per_day_minor * days
    return min(budget.total_minor, by_days), by_days < budget.total_minor


def _farm(definition: Definition) -> Farm | None:
    """Return the number of made-up identities that brings the most value for each of them."""
    best: Farm | None = None
    for identities in range(1, FARM_SEARCH + 1):
        value, outlay = haul(definition, identities + 1)
        if best is None or value * best.identities > best.value_minor * identities:
            best = Farm(identities, value, value // identities, outlay)
    return best if best is not None and best.value_minor > 0 else None


def _explanation(definition: Definition, total: int, ended_by: str, farm: Farm | None) -> Text:
    why = {
        "budget": ("总预算用尽即停止发放", "the total budget stops it"),
        "day_budget": ("每日预算乘以天数即为上限", "the day's budget times the days stops it"),
        "quantity": ("各奖品的数量发完即止", "the quantities of the offers stop it"),
        "people": ("参与人数有限", "the number of people stops it"),
    }[ended_by]
    zh = f"最多花费 {_amount(total)}：{why[0]}。"
    en = f"It can cost at most {_amount(total)}: {why[1]}."
    if farm is None:
        zh += "编造身份得不到任何奖励或优惠。"
        en += " Made-up identities get neither a reward nor a lower price."
    if farm is not None:
        zh += (
            f"最划算的刷法（{FARM_SEARCH} 个身份以内）："
            f"编造 {farm.identities} 个身份可得价值 {_amount(farm.value_minor)} 的奖品或优惠，"
            f"平均每个 {_amount(farm.value_per_identity_minor)}。"
        )
        en += (
            f" The cheapest way to farm it with up to {FARM_SEARCH}: {farm.identities} made-up "
            "identities get rewards or price cuts worth "
            f"{_amount(farm.value_minor)}, {_amount(farm.value_per_identity_minor)} each."
        )
        if farm.outlay_minor:
            zh += f"为此须真实付款 {_amount(farm.outlay_minor)}。"
            en += f" For that {_amount(farm.outlay_minor)} has to be paid for real."
        if not _new_only(definition):
            zh += "打开「只计新朋友」可以让老账号无法反复得奖。"
            en += " “New people only” keeps old accounts from earning again."
    return Text(zh, en)


def _new_only(definition: Definition) -> bool:
    return bool(getattr(settings_of(definition), "new_people_only", True))


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
