"""Farming: what made-up people can get out of a definition, and what they have to pay for it.

Rewards are the play's own reckoning (`most_cost`); here is what a sale leaves them: pieces below
their usual price. The bounds hold for every order of events; tests try all of them on small
instances.
"""

from typing import NamedTuple

import msgspec

from banyan.campaigns.definition import Definition
from banyan.campaigns.problems import settings_of
from banyan.plays import (
    LUCK_BELOW,
    PLAYS,
    AffiliateSettings,
    BargainSettings,
    FlashSaleSettings,
    GroupBuySettings,
    cut_of,
)

__all__ = ["Haul", "haul"]

WHOLE_BPS = 10_000


class Haul(NamedTuple):
    """What people get and what they pay for it, in minor units."""

    value_minor: int
    outlay_minor: int


def haul(definition: Definition, people: int) -> Haul:
    """Return the most that `people` persons acting together can get, and the price of it."""
    play, settings = PLAYS[definition.play.key], settings_of(definition)
    values = {offer.key: offer.value_minor for offer in definition.offers}
    given = play.most_cost(settings, values, people)
    sold = _sold(definition, settings, people)
    if isinstance(settings, AffiliateSettings):
        # Nobody earns commission on what was not paid; a share of it comes back at the most.
        sold = Haul(0, -(-given * WHOLE_BPS // settings.highest_bps))
    return Haul(given + sold.value_minor, sold.outlay_minor)


def _sold(definition: Definition, settings: msgspec.Struct, people: int) -> Haul:
    usual = {good.key: good.list_price_minor for good in definition.goods}
    match settings:
        case FlashSaleSettings():
            pieces = min(settings.quantity, people * settings.per_person)
            saved = max(0, usual.get(settings.good, 0) - settings.price_minor)
            return Haul(pieces * saved, pieces * settings.price_minor)
        case BargainSettings():
            return _bargained(settings, usual.get(settings.good, 0), people)
        case GroupBuySettings():
            return _teamed(settings, usual.get(settings.good, 0), people)
        case _:
            return Haul(0, 0)


def _teamed(settings: GroupBuySettings, usual: int, people: int) -> Haul:
    """Everybody starts every team they may, and everybody buys in each, one after the other."""
    members = min(people, settings.tiers[-1].people)
    prices = [tier.price_minor for tier in settings.tiers if tier.people <= members]
    if not prices:
        return Haul(0, 0)
    pieces = people * settings.teams_per_person * members * settings.most_per_order
    return Haul(pieces * max(0, usual - min(prices)), pieces * min(prices))


def _bargained(settings: BargainSettings, usual: int, people: int) -> Haul:
    """Share the helps there can be out over the bargains, as dear as it gets."""
    bargains = people * settings.quests_per_person
    most = min(people - 1, settings.cuts_needed)
    helps = _helps(settings, people)
    base = max(0, usual - settings.start_price_minor)
    saved = [base + _cut(settings, cuts) for cuts in range(most + 1)]
    best = _shared(saved, bargains, helps)
    return Haul(best, bargains * usual - best)


def _helps(settings: BargainSettings, people: int) -> int:
    """Return how often these people can help each other, at the most."""
    if settings.new_people_only:
        # Whoever helps is new, so once each; and the first one of all begins.
        return people - 1
    # Nobody helps who stands above them: in some order each helps only those who come before.
    return sum(
        min(settings.helps_per_person, before * settings.quests_per_person)
        for before in range(people)
    )


def _cut(settings: BargainSettings, cuts: int) -> int:
    """Return the most that so many helpers cut, all of them lucky."""
    room = whole = settings.start_price_minor - settings.floor_minor
    for nth in range(cuts):
        room -= cut_of(room, settings.cuts_needed - nth, LUCK_BELOW - 1)
    return whole - room


def _shared(saved: list[int], bargains: int, helps: int) -> int:
    """Return the most that `helps` shared out over `bargains` save; `saved` by helps of one.

    A bound: no bargain saves more than the dearest, no help more than at the best rate there is.
    It is reached whenever the helps go up in bargains of that rate.
    """
    gains = [each - saved[0] for each in saved]
    by_help = max((-(-helps * gain // cuts) for cuts, gain in enumerate(gains) if cuts), default=0)
    return bargains * saved[0] + min(bargains * max(gains), by_help)
