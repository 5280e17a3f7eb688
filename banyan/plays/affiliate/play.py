"""The rule of affiliate."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from banyan.plays.affiliate import described
from banyan.plays.affiliate.numbers import NUMBERS
from banyan.plays.affiliate.progress import AffiliateProgress, Sale
from banyan.plays.affiliate.settings import AffiliateSettings
from banyan.plays.affiliate.shares import (
    FIRST,
    SECOND,
    base_bps,
    earned,
    kept,
    refunded,
    sold_lines,
)
from banyan.plays.disclosures import CommissionTerms, Disclosures
from banyan.plays.effects import Commission, Count, Effect, Lose, Refuse, Reverse, Vest, Win
from banyan.plays.facts import (
    CampaignEnded,
    Fact,
    Ordered,
    Qualified,
    Refunded,
    Started,
    Supported,
    TimePassed,
)
from banyan.plays.play import Act, Mechanism, Note, Problem, Standing
from banyan.plays.words import Words

__all__ = ["Affiliate"]

Outcome: TypeAlias = tuple[AffiliateProgress, list[Effect]]

OWN: Final = Refuse("own_quest")
OVER: Final = Refuse("quest_over")
CAP: Final = Refuse("cap_reached")
DONE: Final = Refuse("done_already")
NOT_APPLICABLE: Final = Refuse("not_applicable")

RULES: Final = {FIRST: "commission", SECOND: "second"}
"""By the depth of a sale."""


class Affiliate:
    """Share a link, earn a part of what is bought by it."""

    key = "affiliate"
    name = Words("分销返佣", "Affiliate")
    summary = Words(
        "老客分享商品链接，成交后按比例得佣金；过了退货期才可提现，退款按比例扣回。",
        "Customers share a link and earn a share of what is bought by it, once it can no longer "
        "be returned.",
    )
    Settings = AffiliateSettings
    Progress = AffiliateProgress
    numbers = NUMBERS

    def react(
        self, settings: AffiliateSettings, progress: AffiliateProgress, fact: Fact, now: datetime
    ) -> Outcome:
        """See `Play.react`. What was sold is settled to its end, also when the campaign is over."""
        match fact:
            case Started():
                return _started(progress, fact)
            case Supported():
                # Who follows the link may buy: nothing is earned for coming.
                if fact.by == progress.starter:
                    return progress, [OWN]
                return progress, [Count(fact.by)] if progress.state == "open" else [OVER]
            case Ordered():
                return _ordered(settings, progress, fact)
            case Qualified():
                return _delivered(settings, progress, fact, now)
            case Refunded():
                return _refunded(settings, progress, fact)
            case CampaignEnded():
                return _ended(progress)
            case TimePassed():
                return progress, []
            case _:
                return progress, [NOT_APPLICABLE]

    def problems(self, settings: AffiliateSettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: AffiliateSettings) -> dict[str, str]:
        """See `Play.offers`."""
        return {"offer": settings.offer}

    def goods(self, settings: AffiliateSettings) -> dict[str, str]:  # noqa: ARG002 - the whole shop
        """See `Play.goods`."""
        return {}

    def acts(self, settings: AffiliateSettings) -> list[Act]:  # noqa: ARG002 - selling is all
        """See `Play.acts`."""
        return []

    def standing(self, settings: AffiliateSettings, progress: AffiliateProgress) -> Standing:
        """See `Play.standing`."""
        sold = sum(sale.amount_minor - sale.refunded_minor for sale in progress.sales)
        commission = sum(earned(settings, sale) for sale in progress.sales)
        notes = [
            Note("sold", Words("成交金额（分）", "Sold (minor units)"), sold),
            Note("earned", Words("佣金（分）", "Commission (minor units)"), commission),
        ]
        if settings.second is not None:
            above = [sale for sale in progress.sales if sale.depth == SECOND]
            share = sum(earned(settings, sale) for sale in above)
            notes += [
                Note("second_sales", Words("二级成交（单）", "Second-level sales"), len(above)),
                Note(
                    "second_earned",
                    Words("二级佣金（分）", "Second-level commission (minor units)"),
                    share,
                ),
            ]
        return Standing(
            state=progress.state,
            have=len(progress.sales),
            need=None,
            tiers=(),
            deadline=None,
            notes=tuple(notes),
        )

    def rules(self, settings: AffiliateSettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: AffiliateSettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def disclosures(self, settings: AffiliateSettings) -> Disclosures:
        """Say what is paid on an order, to how many, and when: what the judge looks at."""
        second = settings.second
        terms = CommissionTerms(
            "rate_bps",
            settings.highest_bps + (second.rate_bps if second else 0),
            settings.return_days + settings.buffer_days,
            levels=2 if second else 1,
            approval=second.approval_id if second else "",
        )
        return Disclosures(commissions=(terms,))

    def commission_offer(self, settings: AffiliateSettings) -> str:
        """See `Itemizing.commission_offer`."""
        return settings.offer

    def has_second_level(self, settings: AffiliateSettings) -> bool:
        """See `Chained.has_second_level`: only with a legal approval there is one."""
        return settings.second is not None

    def most_cost(self, settings: AffiliateSettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _started(progress: AffiliateProgress, fact: Started) -> Outcome:
    if progress.starter is not None:
        return progress, []
    if fact.quests_before:
        return progress, [CAP]
    return AffiliateProgress(fact.by, fact.quest), []


def _ended(progress: AffiliateProgress) -> Outcome:
    if progress.state != "open":
        return progress, []
    if progress.sales:
        return msgspec.structs.replace(progress, state="won"), [Win()]
    return msgspec.structs.replace(progress, state="lost"), [Lose("out_of_time")]


def _ordered(settings: AffiliateSettings, progress: AffiliateProgress, fact: Ordered) -> Outcome:
    starter = progress.starter
    if starter is None or progress.state != "open":
        return progress, [OVER]
    if fact.by == starter or fact.depth == 0:
        return progress, [OWN]
    if any(sale.order == fact.order for sale in progress.sales):
        return progress, [DONE]
    sale = _sale(settings, fact)
    if sale is None:
        return progress, [NOT_APPLICABLE]
    if len(progress.sales) >= settings.orders_per_person:
        return progress, [CAP]
    after = msgspec.structs.replace(progress, sales=(*progress.sales, sale))
    rule, offer = RULES[fact.depth], settings.offer
    owed: list[Effect] = [
        Commission(rule, starter, offer, amount, cause)
        for cause, amount in _owed(settings, sale)
        if amount
    ]
    return after, [Count(fact.by), *owed]


def _sale(settings: AffiliateSettings, fact: Ordered) -> Sale | None:
    """Return the sale an order is; None: nothing of it earns."""
    if not base_bps(settings, fact.depth):
        return None
    if not fact.lines:
        # Told without lines: nobody can say what it was, so only where everything earns.
        return None if settings.has_choice else Sale(fact.order, fact.amount_minor, fact.depth)
    lines = sold_lines(settings, fact)
    sold = sum(line.amount_minor for line in lines)
    return Sale(fact.order, sold, fact.depth, lines=lines) if lines else None


def _owed(settings: AffiliateSettings, sale: Sale) -> list[tuple[UUID, int]]:
    """Return each cause of commission on a sale, with what it comes to now: its lines, or itself."""
    if not sale.lines:
        return [(sale.order, earned(settings, sale))]
    return [(line.line, kept(line)) for line in sale.lines]


def _delivered(
    settings: AffiliateSettings, progress: AffiliateProgress, fact: Qualified, now: datetime
) -> Outcome:
    sale, starter = _sale_of(progress, fact.cause), progress.starter
    if fact.step != "delivered" or sale is None or starter is None:
        return progress, [NOT_APPLICABLE]
    if sale.is_delivered:
        return progress, [DONE]
    at = now + timedelta(days=settings.return_days + settings.buffer_days)
    after = _with(progress, msgspec.structs.replace(sale, is_delivered=True))
    rule = RULES[sale.depth]
    return after, [Vest(rule, starter, cause, at) for cause, _ in _owed(settings, sale)]


def _refunded(settings: AffiliateSettings, progress: AffiliateProgress, fact: Refunded) -> Outcome:
    sale, starter = _sale_of(progress, fact.order), progress.starter
    if sale is None or starter is None:
        return progress, [NOT_APPLICABLE]
    after = refunded(sale, fact.amount_minor, fact.lines)
    if after == sale:
        return progress, [NOT_APPLICABLE]
    rule, was = RULES[sale.depth], dict(_owed(settings, sale))
    # A line of which nothing went back stands as it is.
    back: list[Effect] = [
        Reverse(rule, starter, cause, keep)
        for cause, keep in _owed(settings, after)
        if keep < was[cause]
    ]
    return _with(progress, after), back


def _sale_of(progress: AffiliateProgress, order: object) -> Sale | None:
    return next((sale for sale in progress.sales if sale.order == order), None)


def _with(progress: AffiliateProgress, changed: Sale) -> AffiliateProgress:
    sales = tuple(changed if sale.order == changed.order else sale for sale in progress.sales)
    return msgspec.structs.replace(progress, sales=sales)
