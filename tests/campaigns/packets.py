"""A live red packet to grab from."""

from typing import Any
from uuid import UUID

from banyan import campaigns
from banyan.campaigns import GrabRequest, GrabView
from banyan.kernel.errors import Refused
from tests.stage import Stage, offer

CASH = offer(
    "cash",
    0,
    kind="cash",
    name={"zh": "开业红包", "en": "Opening packet"},
    terms={"zh": "", "en": ""},
)


def packet(stage: Stage, total: int = 20_000, shares: int = 100, **changes: Any) -> UUID:
    """Publish a red packet and return its campaign."""
    settings = {"offer": "cash", "total_minor": total, "shares": shares} | changes
    return stage.campaign({"key": "red_packet", "settings": settings}, offers=[CASH])


def grab(stage: Stage, campaign: UUID, *people: UUID, **more: Any) -> list[GrabView | Refused]:
    """Let people grab, all in one transaction, and credit what they took in another."""
    with stage.work() as work:
        answers = campaigns.grab(work, [GrabRequest(campaign, who, **more) for who in people])
    credit(stage, campaign)
    return answers


def credit(stage: Stage, *packets: UUID) -> None:
    """Bring everybody the money of the shares they took, as the work process does."""
    for campaign in packets:
        with stage.work() as work:
            campaigns.credit_grabs(work, campaign)


def taken(answers: list[GrabView | Refused]) -> list[int]:
    """Return the amounts that were taken."""
    return [
        answer.share.amount_minor
        for answer in answers
        if isinstance(answer, GrabView) and answer.counted and answer.share
    ]


def reasons(answers: list[GrabView | Refused]) -> list[str | None]:
    """Return why nothing was taken, answer by answer."""
    return [
        answer.refusal.code if isinstance(answer, Refused) else answer.reason for answer in answers
    ]
