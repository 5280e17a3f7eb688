"""The rule of a flash sale: one person's part of it. How many there are in all, the quota holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeAlias

from msgspec.structs import replace

from banyan.plays.disclosures import Disclosures, PriceTerms
from banyan.plays.effects import Count, Effect, Lose, RefundOrders, Refuse, Win
from banyan.plays.facts import CampaignEnded, Fact, Ordered, Refunded, Released, Reserved, Started
from banyan.plays.flash_sale.numbers import NUMBERS
from banyan.plays.flash_sale.progress import Bought, FlashSaleProgress
from banyan.plays.flash_sale.settings import FlashSaleSettings
from banyan.plays.play import Act, Mechanism, Problem, Standing
from banyan.plays.selling import Selling
from banyan.plays.words import Words, money

__all__ = ["FlashSale"]

Outcome: TypeAlias = tuple[FlashSaleProgress, list[Effect]]

NOT_APPLICABLE: Final = Refuse("not_applicable")
STARTER_ONLY: Final = Refuse("starter_only")
OVER: Final = Refuse("quest_over")
NEWCOMERS: Final = Refuse("newcomers_only")
CAP: Final = Refuse("cap_reached")


class FlashSale:
    """A sale price for as long as the campaign runs or the pieces last."""

    key = "flash_sale"
    name = Words("秒杀", "Flash sale")
    summary = Words(
        "限时限量低价，每人限购；售完即止，库存如实显示。",
        "A low price for a limited time and number, so many to each; what is left is shown as it "
        "is.",
    )
    Settings = FlashSaleSettings
    Progress = FlashSaleProgress
    numbers = NUMBERS

    def react(
        self,
        settings: FlashSaleSettings,
        progress: FlashSaleProgress,
        fact: Fact,
        now: datetime,  # noqa: ARG002 - the window is the campaign's own
    ) -> Outcome:
        """See `Play.react`."""
        match fact:
            case Started():
                return _started(progress, fact)
            case Reserved():
                return _reserved(settings, progress, fact)
            case Released():
                kept = tuple(
                    each for each in progress.bought if each.is_paid or each.order != fact.order
                )
                is_same = len(kept) == len(progress.bought)
                return (progress, []) if is_same else (replace(progress, bought=kept), [])
            case Refunded(whole=True):
                bought = tuple(
                    replace(each, is_back=True) if each.order == fact.order else each
                    for each in progress.bought
                )
                return replace(progress, bought=bought), []
            case Ordered():
                return _ordered(settings, progress, fact)
            case CampaignEnded():
                return _ended(progress)
            case _:
                return progress, []

    def problems(self, settings: FlashSaleSettings) -> list[Problem]:
        """See `Play.problems`."""
        if settings.per_person <= settings.quantity:
            return []
        words = Words("每人限购不能超过总件数", "Nobody can buy more than there is")
        return [Problem("per_person", "above_total", words)]

    def offers(self, settings: FlashSaleSettings) -> dict[str, str]:  # noqa: ARG002 - gives a price
        """See `Play.offers`."""
        return {}

    def goods(self, settings: FlashSaleSettings) -> dict[str, str]:
        """See `Play.goods`."""
        return {"good": settings.good}

    def acts(self, settings: FlashSaleSettings) -> list[Act]:  # noqa: ARG002 - buying is all
        """See `Play.acts`."""
        return []

    def selling(self, settings: FlashSaleSettings) -> Selling:
        """See `SellingPlay.selling`."""
        return Selling(
            good=settings.good,
            seats=settings.per_person,
            highest_minor=settings.price_minor,
            seat_per_piece=True,
            quantity=settings.quantity,
            is_for_newcomers=settings.newcomers_only,
        )

    def disclosures(self, settings: FlashSaleSettings) -> Disclosures:
        """See `Disclosing.disclosures`."""
        return Disclosures(prices=(PriceTerms("price_minor", settings.good, settings.price_minor),))

    def standing(self, settings: FlashSaleSettings, progress: FlashSaleProgress) -> Standing:
        """See `Play.standing`: what one person bought of what they may."""
        is_for_sale = progress.state == "open" and _taken(progress) < settings.per_person
        return Standing(
            state=progress.state,
            have=sum(
                each.quantity for each in progress.bought if each.is_paid and not each.is_back
            ),
            need=settings.per_person,
            tiers=(),
            deadline=None,
            price_minor=settings.price_minor if is_for_sale else None,
        )

    def rules(self, settings: FlashSaleSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        del offers
        price = money(settings.price_minor)
        said = [
            Words(
                "仅限此前没有在本店付款下单的新客，每人一单。",
                "Only for who has never paid for an order here before, one order each.",
            )
        ]
        return [
            *(said if settings.newcomers_only else []),
            Words(
                f"活动期间秒杀价每件 {price} 元，共 {settings.quantity} 件，"
                f"每人限购 {settings.per_person} 件，售完即止。",
                f"While the campaign runs one piece is {price}: {settings.quantity} in all, up to "
                f"{settings.per_person} to each person, until they are gone.",
            ),
            Words(
                "下单即锁定库存；超过付款时限未付的订单会取消，件数退回给其他人，不占用限购件数；"
                "整单退款的，件数同样退回给其他人，但已用的限购件数不恢复；部分退款的，件数和限购都不退回。",
                "An order holds its pieces; one that is not paid in time is cancelled, its pieces go "
                "back to the others and count against no limit. Those of an order refunded as a "
                "whole go back to the others too, but the buyer's limit stays used; a refund of a "
                "part gives back neither.",
            ),
        ]

    def mechanisms(self, settings: FlashSaleSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return [Mechanism("price_minor", "ordered", "self", "self", None, 0, settings.per_person)]

    def most_cost(self, settings: FlashSaleSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`: it gives no offer, only a price, so no budget can be spent."""
        del settings, costs, people
        return 0


def _taken(progress: FlashSaleProgress) -> int:
    # What went back stays used: else one person could hold pieces from the others for as long as
    # they like, by buying and sending back.
    return sum(each.quantity for each in progress.bought)


def _started(progress: FlashSaleProgress, fact: Started) -> Outcome:
    if progress.buyer is not None:
        return progress, []
    # A person has one part of the sale: a second one would be a second limit.
    if fact.quests_before:
        return progress, [CAP]
    return FlashSaleProgress(fact.by, fact.quest), []


def _reserved(settings: FlashSaleSettings, progress: FlashSaleProgress, fact: Reserved) -> Outcome:
    if progress.buyer is None:
        return progress, [NOT_APPLICABLE]
    if fact.by != progress.buyer:
        return progress, [STARTER_ONLY]
    if any(each.order == fact.order for each in progress.bought):
        return progress, []
    if settings.newcomers_only and not fact.is_newcomer:
        return progress, [NEWCOMERS]
    if _taken(progress) + fact.quantity > settings.per_person:
        return progress, [CAP]
    if progress.state != "open":
        return progress, [OVER]
    return replace(progress, bought=(*progress.bought, Bought(fact.order, fact.quantity))), []


def _ordered(settings: FlashSaleSettings, progress: FlashSaleProgress, fact: Ordered) -> Outcome:
    mine = next((each for each in progress.bought if each.order == fact.order), None)
    if mine is None:
        return progress, [RefundOrders((fact.order,), "no_seat"), OVER]
    if mine.is_paid:
        return progress, []
    bought = tuple(
        replace(each, is_paid=True) if each.order == fact.order else each
        for each in progress.bought
    )
    after = replace(progress, bought=bought)
    paid = sum(each.quantity for each in bought if each.is_paid)
    # What was ordered before the end may be paid after it.
    if progress.state == "won" or (progress.state == "open" and paid < settings.per_person):
        return after, [Count(fact.by)]
    return replace(after, state="won"), [Count(fact.by), Win()]


def _ended(progress: FlashSaleProgress) -> Outcome:
    if progress.buyer is None or progress.state != "open":
        return progress, []
    if any(each.is_paid and not each.is_back for each in progress.bought):
        return replace(progress, state="won"), [Win()]
    return replace(progress, state="lost"), [Lose("out_of_time")]
