"""What a supporter is shown of their help and of the quest they helped."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

import msgspec

from banyan import rewards
from banyan.campaigns.quests_in_hand import QuestInHand
from banyan.campaigns.reward_words import reward_words
from banyan.campaigns.running import Given
from banyan.campaigns.views import GrantView, OfferName, PublicQuest, TierView, Twin
from banyan.kernel.work import Work
from banyan.plays import Tier


class SupportView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of a help, as the supporter sees it. A repeat is told what the first was told."""

    counted: bool
    reason: str | None
    message: Twin
    grants: list[GrantView]
    """What the supporter was given for it."""
    quest: PublicQuest


def tier_views(quest: QuestInHand, tiers: Sequence[Tier], have: int) -> list[TierView]:
    """Return the tiers as they were with `have` people."""
    made = quest.plan.tiers.get(have)
    if made is None:
        made = [TierView(tier.people, tier.offer, have >= tier.people) for tier in tiers]
        quest.plan.tiers[have] = made
    return made


@lru_cache(maxsize=4096)
def _offer_name(key: str, zh: str, en: str) -> OfferName:
    return OfferName(key, Twin(zh, en))


def grant_view(work: Work, given: Given) -> GrantView:
    """Return what was given just now, as its person sees it."""
    request, outcome, offer = given.request, given.outcome, given.outcome.offer
    if offer is None or outcome.grant_id is None:
        msg = "a grant has an offer and an id"
        raise TypeError(msg)
    return GrantView(
        id=outcome.grant_id,
        offer=_offer_name(offer.key, offer.name_zh, offer.name_en),
        kind=offer.kind,
        value_minor=offer.value_minor,
        points=offer.points,
        code=outcome.code,
        state="vested",
        reason=reward_words(request.rule),
        granted_at=work.now,
        expires_at=given.expires_at,
    )


def grants_by(work: Work, campaign: UUID, person: UUID, evidence: UUID) -> list[GrantView]:
    """Return what a help of an earlier transaction earned its person."""
    return [
        GrantView(
            id=grant.id,
            offer=_offer_name(grant.offer_key, grant.name_zh, grant.name_en),
            kind=grant.kind,
            value_minor=grant.value_minor,
            points=grant.points,
            code=grant.code,
            state=grant.state,
            reason=Twin(grant.reason_zh, grant.reason_en),
            granted_at=grant.granted_at,
            expires_at=grant.expires_at,
        )
        for grant in rewards.grants_for(work, [evidence], campaign, [person])
    ]
