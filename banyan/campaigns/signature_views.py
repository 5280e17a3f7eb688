"""What a merchant reads of a campaign's signed reviews and of what its members answered for."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from banyan import workspaces
from banyan.campaigns import signatures, stages
from banyan.campaigns.attesting import about
from banyan.campaigns.models import Campaign
from banyan.compliance import QUESTIONS
from banyan.kernel.work import Work


class SignatureView(msgspec.Struct, frozen=True, kw_only=True):
    """A signed review. `holds`: it is for the campaign as it stands, and has not expired."""

    id: UUID
    by: str
    reason: str
    rules: list[str]
    is_alone: bool
    signed_at: datetime
    expires_at: datetime
    holds: bool


class AnswerView(msgspec.Struct, frozen=True, kw_only=True):
    """What the merchant answers for. `holds`: what it was about has not changed since."""

    question: str
    rule_id: str
    zh: str
    en: str
    by: str
    at: datetime | None
    holds: bool


class SignOff(msgspec.Struct, frozen=True, kw_only=True):
    """Whether somebody has to sign before a campaign runs, who may, and who did.

    `may_publish`: whoever reads this may go on with what was signed; `signers`: who else may sign.
    """

    is_needed: bool
    is_signed: bool
    may_publish: bool
    rules: list[str]
    signers: list[str]
    signatures: list[SignatureView]
    answers: list[AnswerView]


def sign_off(
    work: Work, campaign: Campaign, verdict: dict[str, Any], edit: dict[str, Any] | None = None
) -> SignOff:
    """Return how a campaign, or an edit of it, stands with signatures, by its newest verdict."""
    definition = campaign.definition if edit is None else edit
    rows = signatures.signatures_of(work, campaign.id)
    wanted = signatures.to_sign(verdict) if campaign.state not in stages.OVER else []
    found = signatures.covering(work, campaign, definition, verdict) if rows else []
    holding = {row.id for row in found if row.expires_at > work.now}
    names = workspaces.actor_names(work)
    return SignOff(
        is_needed=bool(wanted),
        is_signed=not wanted or bool(holding),
        may_publish=not wanted
        or any(signatures.may_go_on(work, row) for row in rows if row.id in holding),
        rules=sorted({one["rule_id"] for one in wanted}),
        signers=[one.name for one in signatures.others_who_may_sign(work)] if wanted else [],
        signatures=[
            SignatureView(
                id=row.id,
                by=names.get(row.signed_by, row.signed_by),
                reason=row.reason,
                rules=sorted({one["rule_id"] for one in row.findings}),
                is_alone=row.is_alone,
                signed_at=row.signed_at,
                expires_at=row.expires_at,
                holds=row.id in holding,
            )
            for row in rows
        ],
        answers=[*_answers(definition, names)],
    )


def _answers(definition: dict[str, Any], names: dict[str, str]) -> list[AnswerView]:
    return [
        AnswerView(
            question=one["question"],
            rule_id=QUESTIONS[one["question"]].rule,
            zh=QUESTIONS[one["question"]].zh,
            en=QUESTIONS[one["question"]].en,
            by=names.get(str(one["by"]), str(one["by"])),
            at=one["at"] and datetime.fromisoformat(one["at"]),
            holds=one["about"] == about(definition, one["question"]),
        )
        for one in definition.get("attestations", ())
        if one["question"] in QUESTIONS
    ]
