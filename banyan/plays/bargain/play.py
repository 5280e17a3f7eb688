"""The rule of bargaining."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from msgspec.structs import replace

from banyan.plays.bargain import described
from banyan.plays.bargain.numbers import NUMBERS
from banyan.plays.bargain.progress import BargainProgress
from banyan.plays.bargain.settings import BargainSettings
from banyan.plays.disclosures import Disclosures, PriceTerms
from banyan.plays.effects import (
    Count,
    Effect,
    Lose,
    RefundOrders,
    Refuse,
    SetPrice,
    WakeAt,
    Win,
)
from banyan.plays.facts import (
    LUCK_BELOW,
    CampaignEnded,
    Fact,
    Ordered,
    Released,
    Reserved,
    Started,
    Supported,
    TimePassed,
)
from banyan.plays.play import Act, Mechanism, Problem, Standing
from banyan.plays.selling import Selling
from banyan.plays.words import Words

__all__ = ["Bargain", "cut_of"]

Outcome: TypeAlias = tuple[BargainProgress, list[Effect]]

OWN: Final = Refuse("own_quest")
ALREADY: Final = Refuse("already_helped")
FULL: Final = Refuse("quest_full")
OVER: Final = Refuse("quest_over")
LATE: Final = Refuse("out_of_time")
CYCLE: Final = Refuse("cycle")
NOT_NEW: Final = Refuse("not_new")
CAP: Final = Refuse("cap_reached")
STARTER_ONLY: Final = Refuse("starter_only")
TWICE: Final = Refuse("done_already")
NOT_APPLICABLE: Final = Refuse("not_applicable")


def cut_of(room_minor: int, left: int, luck: int) -> int:
    """Return what the next of `left` friends takes off, with `room_minor` left to the floor.

    At least one minor unit, at most about twice the fair share, and the last one takes what is
    left: the cuts add up to the whole, whatever the chance.
    """
    if left <= 1:
        return room_minor
    spare = room_minor - left
    return 1 + luck * (2 * spare // left + 1) // LUCK_BELOW


class Bargain:
    """Friends cut the price by chance, exactly down to a floor; the starter may buy on the way."""

    key = "bargain"
    name = Words("砍价", "Bargain")
    summary = Words(
        "邀请好友帮砍，每人砍掉随机一截，砍到底价；发起人随时可按当前价买下。",
        "Each friend cuts a random part off the price, down to a floor; the starter may buy at the "
        "price reached.",
    )
    Settings = BargainSettings
    Progress = BargainProgress
    numbers = NUMBERS

    def react(
        self, settings: BargainSettings, progress: BargainProgress, fact: Fact, now: datetime
    ) -> Outcome:
        """See `Play.react`. Chance comes in with the support, so a replay ends at the same price."""
        match fact:
            case Supported():
                return _supported(settings, progress, fact, now)
            case Started():
                return _started(settings, progress, fact, now)
            case Reserved():
                return _reserved(progress, fact, now)
            case Released():
                is_held = progress.order == fact.order and progress.state != "won"
                return (replace(progress, order=None), []) if is_held else (progress, [])
            case Ordered():
                return _ordered(progress, fact)
            case TimePassed():
                is_over = progress.deadline is not None and now >= progress.deadline
                return _lost(progress, Lose("out_of_time")) if is_over else (progress, [])
            case CampaignEnded():
                return _lost(progress, Lose("out_of_time"))
            case _:
                return progress, []

    def problems(self, settings: BargainSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: BargainSettings) -> dict[str, str]:  # noqa: ARG002 - gives a price
        """See `Play.offers`."""
        return {}

    def goods(self, settings: BargainSettings) -> dict[str, str]:
        """See `Play.goods`."""
        return {"good": settings.good}

    def acts(self, settings: BargainSettings) -> list[Act]:  # noqa: ARG002 - inviting and buying
        """See `Play.acts`."""
        return []

    def selling(self, settings: BargainSettings) -> Selling:
        """See `SellingPlay.selling`."""
        return Selling(good=settings.good, seats=1, highest_minor=settings.start_price_minor)

    def disclosures(self, settings: BargainSettings) -> Disclosures:
        """See `Disclosing.disclosures`: the least that anybody pays."""
        return Disclosures(prices=(PriceTerms("floor_minor", settings.good, settings.floor_minor),))

    def standing(self, settings: BargainSettings, progress: BargainProgress) -> Standing:
        """See `Play.standing`."""
        is_for_sale = progress.state == "open" and progress.order is None
        return Standing(
            state=progress.state,
            have=len(progress.cuts),
            need=settings.cuts_needed,
            tiers=(),
            deadline=progress.deadline,
            price_minor=_price(settings, progress) if is_for_sale else None,
        )

    def rules(self, settings: BargainSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        del offers
        return described.rules(settings)

    def mechanisms(self, settings: BargainSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: BargainSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`: it gives no offer, only a price, so no budget can be spent."""
        del settings, costs, people
        return 0


def _price(settings: BargainSettings, progress: BargainProgress) -> int:
    return settings.start_price_minor - sum(progress.cuts)


def _started(
    settings: BargainSettings, progress: BargainProgress, fact: Started, now: datetime
) -> Outcome:
    if progress.starter is not None:
        return progress, []
    if fact.quests_before >= settings.quests_per_person:
        return progress, [CAP]
    deadline = now + timedelta(hours=settings.hours_to_finish)
    return BargainProgress(fact.by, fact.quest, deadline=deadline), [WakeAt(deadline)]


def _refusal(
    settings: BargainSettings, progress: BargainProgress, fact: Supported
) -> Refuse | None:
    if fact.by == progress.starter:
        return OWN
    if fact.has_helped:
        return ALREADY
    if progress.state != "open":
        return OVER
    if len(progress.cuts) >= settings.cuts_needed:
        return FULL
    if fact.is_ancestor:
        return CYCLE
    if settings.new_people_only and not fact.is_new_person:
        return NOT_NEW
    return CAP if fact.helps_given >= settings.helps_per_person else None


def _is_late(progress: BargainProgress, now: datetime) -> bool:
    return progress.state == "open" and progress.deadline is not None and now >= progress.deadline


def _supported(
    settings: BargainSettings, progress: BargainProgress, fact: Supported, now: datetime
) -> Outcome:
    if progress.starter is None:
        return progress, [NOT_APPLICABLE]
    refusal = _refusal(settings, progress, fact)
    if _is_late(progress, now) and refusal not in (OWN, ALREADY):
        lost, effects = _lost(progress, Lose("out_of_time"))
        return lost, [*effects, LATE]
    if refusal is not None:
        return progress, [refusal]
    room = _price(settings, progress) - settings.floor_minor
    cut = cut_of(room, settings.cuts_needed - len(progress.cuts), fact.luck)
    after = replace(progress, cuts=(*progress.cuts, cut))
    return after, [Count(fact.by), SetPrice(_price(settings, after))]


def _reserved(progress: BargainProgress, fact: Reserved, now: datetime) -> Outcome:
    if progress.starter is None:
        return progress, [NOT_APPLICABLE]
    if fact.by != progress.starter:
        return progress, [STARTER_ONLY]
    if progress.order == fact.order:
        return progress, []
    if _is_late(progress, now):
        lost, effects = _lost(progress, Lose("out_of_time"))
        return lost, [*effects, LATE]
    if progress.state != "open":
        return progress, [OVER]
    if progress.order is not None:
        return progress, [TWICE]
    if fact.quantity != 1:
        return progress, [CAP]
    return replace(progress, order=fact.order), []


def _ordered(progress: BargainProgress, fact: Ordered) -> Outcome:
    """What was ordered in time is sold at its price, also when it is paid a little later."""
    if progress.order != fact.order:
        return progress, [RefundOrders((fact.order,), "no_seat"), OVER]
    if progress.state == "won":
        return progress, []
    return replace(progress, state="won"), [Win()]


def _lost(progress: BargainProgress, lose: Lose) -> Outcome:
    if progress.starter is None or progress.state != "open":
        return progress, []
    return replace(progress, state="lost"), [lose]
