"""The rule of affiliate."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import msgspec

from banyan.plays.affiliate import described
from banyan.plays.affiliate.numbers import NUMBERS
from banyan.plays.affiliate.progress import AffiliateProgress, Sale
from banyan.plays.affiliate.settings import AffiliateSettings
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

FIRST, SECOND = 1, 2
RULES: Final = {FIRST: "commission", SECOND: "second"}
"""By the depth of a sale: who sold, and who brought the seller. There is no third."""
WHOLE_BPS: Final = 10_000


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
        earned = sum(_earned(settings, sale) for sale in progress.sales)
        notes = [
            Note("sold", Words("成交金额（分）", "Sold (minor units)"), sold),
            Note("earned", Words("佣金（分）", "Commission (minor units)"), earned),
        ]
        if settings.second is not None:
            above = [sale for sale in progress.sales if sale.depth == SECOND]
            share = sum(_earned(settings, sale) for sale in above)
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
            settings.rate_bps + (second.rate_bps if second else 0),
            settings.return_days + settings.buffer_days,
            levels=2 if second else 1,
            approval=second.approval_id if second else "",
        )
        return Disclosures(commissions=(terms,))

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


def _rate_bps(settings: AffiliateSettings, depth: int) -> int:
    """Return the share at a depth: there are two at most, the second only where it is approved."""
    if depth == FIRST:
        return settings.rate_bps
    second = settings.second
    return second.rate_bps if depth == SECOND and second is not None else 0


def _earned(settings: AffiliateSettings, sale: Sale) -> int:
    """Return the commission on what is left of a sale, floored."""
    net = max(0, sale.amount_minor - sale.refunded_minor)
    return net * _rate_bps(settings, sale.depth) // WHOLE_BPS


def _ordered(settings: AffiliateSettings, progress: AffiliateProgress, fact: Ordered) -> Outcome:
    starter = progress.starter
    if starter is None or progress.state != "open":
        return progress, [OVER]
    if fact.by == starter or fact.depth == 0:
        return progress, [OWN]
    if any(sale.order == fact.order for sale in progress.sales):
        return progress, [DONE]
    if not _rate_bps(settings, fact.depth):
        return progress, [NOT_APPLICABLE]
    if len(progress.sales) >= settings.orders_per_person:
        return progress, [CAP]
    sale = Sale(fact.order, fact.amount_minor, fact.depth)
    after = msgspec.structs.replace(progress, sales=(*progress.sales, sale))
    amount = _earned(settings, sale)
    effects: list[Effect] = [Count(fact.by)]
    if amount:
        rule = RULES[fact.depth]
        effects.append(Commission(rule, starter, settings.offer, amount, fact.order))
    return after, effects


def _delivered(
    settings: AffiliateSettings, progress: AffiliateProgress, fact: Qualified, now: datetime
) -> Outcome:
    sale = _sale_of(progress, fact.cause)
    if fact.step != "delivered" or sale is None or progress.starter is None:
        return progress, [NOT_APPLICABLE]
    if sale.is_delivered:
        return progress, [DONE]
    at = now + timedelta(days=settings.return_days + settings.buffer_days)
    after = _with(progress, msgspec.structs.replace(sale, is_delivered=True))
    return after, [Vest(RULES[sale.depth], progress.starter, sale.order, at)]


def _refunded(settings: AffiliateSettings, progress: AffiliateProgress, fact: Refunded) -> Outcome:
    sale = _sale_of(progress, fact.order)
    if sale is None or progress.starter is None:
        return progress, [NOT_APPLICABLE]
    back = min(sale.amount_minor, sale.refunded_minor + fact.amount_minor)
    after = msgspec.structs.replace(sale, refunded_minor=back)
    rule, keep = RULES[sale.depth], _earned(settings, after)
    return _with(progress, after), [Reverse(rule, progress.starter, sale.order, keep)]


def _sale_of(progress: AffiliateProgress, order: object) -> Sale | None:
    return next((sale for sale in progress.sales if sale.order == order), None)


def _with(progress: AffiliateProgress, changed: Sale) -> AffiliateProgress:
    sales = tuple(changed if sale.order == changed.order else sale for sale in progress.sales)
    return msgspec.structs.replace(progress, sales=sales)
