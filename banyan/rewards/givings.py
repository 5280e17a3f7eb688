"""A giving as it is asked for, and what becomes of it."""

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from banyan.rewards.offers import CASH, COUPON, POINTS, Offer

Refusal = Literal[
    "budget_spent",
    "day_budget_spent",
    "channel_budget_spent",
    "offer_exhausted",
    "person_cap_reached",
]
CODE_BITS = 60


class GrantRequest(NamedTuple):
    """A giving asked for. (campaign, person, rule, cause) names it for ever."""

    campaign_id: UUID
    rule: str
    beneficiary_person_id: UUID
    cause: UUID
    offer_key: str
    reason_zh: str
    reason_en: str
    rule_version: int = 1
    evidence: UUID | None = None
    """The record that earned it; None: the cause is that record."""
    amount_minor: int | None = None
    """Of an offer of cash: how much, if not what the offer says."""
    is_held: bool = False
    """Of an offer of cash: owed, and the person's own only when it vests."""
    held_until: datetime | None = None
    """When what is held vests; None until `vest_at` says."""
    channel: str | None = None
    """How the person came, where the channel has a cap of its own."""
    amount_points: int | None = None
    """Of an offer of points: how many, if not what the offer says."""
    quest_id: UUID | None = None
    """The quest whose facts earned it: those up to `fact_nth`."""
    fact_nth: int | None = None
    """Which of the quest's facts asked for it."""


class GrantOutcome(NamedTuple):
    """What became of a request."""

    status: Literal["granted", "repeated", "refused"]
    reason: Refusal | None = None
    grant_id: UUID | None = None
    code: str | None = None
    offer: Offer | None = None


Key = tuple[UUID, UUID, str, UUID]


def key_of(request: GrantRequest) -> Key:
    """Return the name of the giving."""
    return (request.campaign_id, request.beneficiary_person_id, request.rule, request.cause)


def points_of(request: GrantRequest, offer: Offer) -> int:
    """Return how many points a giving is."""
    if offer.kind == POINTS and request.amount_points is not None:
        return request.amount_points
    return offer.points


def worth_of(request: GrantRequest, offer: Offer) -> tuple[int, int]:
    """Return what a giving is worth and what it costs, in minor units.

    Of cash and of a coupon the request may say how much; what is held is at most what the offer
    says one is worth.
    """
    amount = request.amount_minor
    if amount is None or offer.kind not in {CASH, COUPON}:
        return offer.value_minor, offer.cost_minor
    if offer.kind == COUPON:
        return amount, offer.cost_minor
    if request.is_held:
        amount = min(amount, offer.value_minor)
    return amount, amount
