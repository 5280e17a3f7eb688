"""The money and the addresses of a campaign: funded and opened when it is announced."""

import msgspec

from banyan import links, rewards, workspaces
from banyan.campaigns import packets
from banyan.campaigns.definition import Coupon, Definition, Offer
from banyan.campaigns.models import Campaign
from banyan.campaigns.problems import settings_of
from banyan.campaigns.quotas import open_quota
from banyan.kernel.work import Work
from banyan.plays import PLAYS, selling_of
from banyan.rewards import OfferSpec


def fund(work: Work, campaign: Campaign, plan: Definition) -> None:
    """Set the budget aside, open the offers, and make a link for every channel without one."""
    _set_budget(work, campaign, plan)
    rewards.open_offers(work, campaign.id, [_offer(offer) for offer in plan.offers])
    selling = selling_of(PLAYS[plan.play.key], settings_of(plan))
    if selling is not None and selling.quantity is not None:
        open_quota(work, campaign.id, selling.quantity)
    packets.open_packet(work, campaign, plan)
    _open_channels(work, campaign, plan)


def raise_promises(work: Work, campaign: Campaign, plan: Definition) -> None:
    """Bring budget, offers and links of a running campaign to what a favourable edit says."""
    fund(work, campaign, plan)


def close(work: Work, campaign: Campaign) -> None:
    """Take back into the budget what the campaign had set aside and nobody took."""
    packets.close_packet(work, campaign)


def settle(work: Work, campaign: Campaign) -> int:
    """Give the left-over budget back; return how much, in minor units."""
    close(work, campaign)
    return rewards.return_budget(work, campaign.id)


def _set_budget(work: Work, campaign: Campaign, plan: Definition) -> None:
    merchant = workspaces.workspace_of(work)
    rewards.fund_budget(
        work,
        campaign.id,
        plan.budget.total_minor,
        plan.budget.per_day_minor,
        plan.budget.warn_at_bps,
        currency=merchant.currency,
        timezone=merchant.timezone,
        plan_id=plan.budget.plan_id,
    )
    caps = {cap.channel: cap.most_minor for cap in plan.budget.channels}
    rewards.cap_channels(work, campaign.id, caps)


def _offer(offer: Offer) -> OfferSpec:
    coupon = offer.coupon or Coupon()
    return OfferSpec(
        key=offer.key,
        kind=offer.kind,
        name_zh=offer.name.zh,
        name_en=offer.name.en or offer.name.zh,
        value_minor=offer.value_minor,
        points=offer.points,
        # Cash costs what it is worth; `problems` refuses anything else.
        cost_minor=offer.cost_minor,
        quantity=offer.quantity,
        valid_days=offer.valid_days,
        terms_zh=offer.terms.zh,
        terms_en=offer.terms.en or offer.terms.zh,
        per_person=offer.per_person,
        off_bps=coupon.off_bps,
        from_minor=coupon.from_minor,
        product_ids=coupon.product_ids,
        category_ids=coupon.category_ids,
        stacks=coupon.stacks,
        level_key=offer.level_key,
        content=msgspec.to_builtins(offer.content) if offer.content else None,
    )


def _open_channels(work: Work, campaign: Campaign, plan: Definition) -> None:
    known = {link.channel for link in links.links_of_campaign(work, campaign.id)}
    links.create_links(
        work,
        [
            links.LinkRequest("campaign", campaign.id, channel)
            for channel in (plan.channels or ("web",))
            if channel not in known
        ],
    )
