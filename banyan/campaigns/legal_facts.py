"""What is really so, as far as the judge has to know it: read from the tables, never typed.

A definition says what is meant; prices, paid commission, draws and edits say what became of it.
"""

from collections import defaultdict
from typing import Final
from uuid import UUID

import msgspec
from cachebox import LRUCache
from msgspec import to_builtins

from banyan import rewards, store
from banyan.campaigns import chance_views, reviews, stages, versions
from banyan.campaigns.definition import Definition
from banyan.campaigns.edits import harms_of
from banyan.campaigns.judged_facts import Facts
from banyan.campaigns.models import Campaign
from banyan.campaigns.problems import settings_of
from banyan.campaigns.versions import Version
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Disclosing, Disclosures

__all__ = ["facts_of", "shelf_facts"]

ORGANISER: Final = 1
"""The law counts the organiser's own level too."""


def shelf_facts(work: Work, plan: Definition) -> Facts:
    """Return what the shop says of a plan that is still to be announced."""
    return _shelf(work, plan, None)


def facts_of(work: Work, campaign: Campaign, plan: Definition) -> Facts:
    """Return everything known of a campaign, whatever its state.

    What its own deals did to prices is not held against it: the past of a price ends where the
    campaign went live.
    """
    facts = _shelf(work, plan, campaign)
    if campaign.live_version is None or campaign.state not in stages.RUNNING:
        return facts
    live = versions.version_of(work, campaign.id, campaign.live_version)
    first = _announced(versions.first_of(work, campaign.id))
    told = _told(plan)
    levels, people = _chain(work, campaign.id) if told.commissions else (0, 0)
    return msgspec.structs.replace(
        facts,
        chain_levels=levels,
        chain_people=people,
        dearest_prize_minor=rewards.dearest_given(work, campaign.id) if told.draws else 0,
        odds_agree=_odds(work, campaign.id) if told.draws else None,
        edits=tuple(harm.path for harm in harms_of(to_builtins(first), to_builtins(plan))),
        rules_shown=reviews.rules_fingerprint(live.rules),
        rules_executed=reviews.rules_fingerprint(
            reviews.rules_now(work, campaign.id, _announced(live))
        ),
    )


def _announced(version: Version) -> Definition:
    """Return the plan of a version, read once while the version is kept."""
    # Versions are kept by one object each, and never change.
    key = id(version)
    if key not in _read or _read[key][0] is not version:
        _read[key] = (version, reviews.shaped(version.definition))
    return _read[key][1]


_read: LRUCache[int, tuple[Version, Definition]] = LRUCache(2000)


def _shelf(work: Work, plan: Definition, campaign: Campaign | None) -> Facts:
    skus = [good.sku_id for good in plan.goods if good.sku_id is not None]
    before = (campaign.live_at if campaign else None) or work.now
    return Facts(
        pasts=store.price_pasts(work, skus, before),
        payouts=(rewards.payouts.judged(rewards.payouts.payout_terms(work)),),
    )


def _told(plan: Definition) -> Disclosures:
    play = PLAYS[plan.play.key]
    return play.disclosures(settings_of(plan)) if isinstance(play, Disclosing) else Disclosures()


def _chain(work: Work, campaign_id: UUID) -> tuple[int, int]:
    """Return the longest chain that was paid on one order, and how many people such chains hold."""
    chains = rewards.paid_chains(work, campaign_id)
    if not chains:
        return 0, 0
    lines = store.orders_of_lines(work, [chain.cause for chain in chains])
    paid: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for chain in chains:
        paid[lines.get(chain.cause, chain.cause)].update(chain.beneficiary_ids)
    buyers = {story.buyer_id for story in store.stories_of(work, paid).values()}
    people = buyers.union(*paid.values())
    longest = max(map(len, paid.values()))
    return longest + ORGANISER, len(people)


def _odds(work: Work, campaign_id: UUID) -> bool | None:
    numbers = chance_views.chance_numbers(work, campaign_id).lottery
    return numbers.agrees if numbers else None
