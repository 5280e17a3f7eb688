"""Signatures: what the rules want reviewed runs only when a named member signed for it.

A signature is for one definition and for what was found of it, with a reason and an end. Whoever
asks to publish is somebody else, unless the shop has nobody else; then it says so.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import select

from banyan import workspaces
from banyan.campaigns import refusals
from banyan.campaigns.models import Campaign
from banyan.campaigns.signature_models import ReviewSignature
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work

Data = dict[str, Any]
Key = tuple[str, str, str]

MAY_SIGN: Final = "campaigns.publish"
"""The permission of whoever publishes, and of whoever signs."""


def about(definition: Data) -> str:
    """Return the fingerprint of what a signature is for; answers to questions are no part of it."""
    said = {field: value for field, value in definition.items() if field != "attestations"}
    return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def to_sign(verdict: Data) -> list[Data]:
    """Return the findings of a verdict that somebody has to sign for."""
    return [one for one in verdict["findings"] if one["severity"] == "review"]


def others_who_may_sign(work: Work) -> list[workspaces.MemberView]:
    """Return the members who may sign for what this unit of work's actor publishes."""
    return [
        one
        for one in workspaces.members_who_may(work, MAY_SIGN)
        if f"member:{one.id}" != str(work.actor)
    ]


def signatures_of(work: Work, campaign_id: UUID) -> Sequence[ReviewSignature]:
    """Return every signature of a campaign, the newest first."""
    return work.session.scalars(
        select(ReviewSignature)
        .where(
            ReviewSignature.workspace_id == work.workspace_id,
            ReviewSignature.campaign_id == campaign_id,
        )
        .order_by(ReviewSignature.signed_at.desc(), ReviewSignature.id.desc())
    ).all()


def covering(
    work: Work, campaign: Campaign, definition: Data, verdict: Data
) -> list[ReviewSignature]:
    """Return the signatures that are for all that is found of `definition`, expired or not."""
    wanted, fingerprint = _keys(to_sign(verdict)), about(definition)
    return [
        row
        for row in signatures_of(work, campaign.id)
        if row.about == fingerprint and wanted <= _keys(row.findings)
    ]


def is_signed(work: Work, campaign: Campaign, verdict: Data) -> bool:
    """Whether nothing needs a signature, or one that holds is there."""
    if not to_sign(verdict):
        return True
    found = covering(work, campaign, campaign.definition, verdict)
    return any(row.expires_at > work.now for row in found)


def has_lapsed(work: Work, campaign: Campaign, verdict: Data) -> bool:
    """Whether what was signed for is still wanted and every signature for it has expired."""
    if not to_sign(verdict):
        return False
    found = covering(work, campaign, campaign.definition, verdict)
    return bool(found) and all(row.expires_at <= work.now for row in found)


def may_go_on(work: Work, row: ReviewSignature) -> bool:
    """Whether this unit of work's actor may publish on a signature that holds."""
    if row.expires_at <= work.now:
        return False
    if row.signed_by != str(work.actor):
        return True
    return row.is_alone and not others_who_may_sign(work)


def must_be_signed(
    work: Work, campaign: Campaign, definition: Data, verdict: Data, *, by_another: bool
) -> None:
    """Raise `review_unsigned` unless somebody signed for what is found; a pass needs nobody.

    `by_another`: it is asked for now, so who asks has to be somebody else (`review_own`).
    """
    findings = to_sign(verdict)
    if not findings:
        return
    holds = [
        row for row in covering(work, campaign, definition, verdict) if row.expires_at > work.now
    ]
    if not holds:
        raise Refused(
            refusals.REVIEW_UNSIGNED,
            rules="、".join(sorted({one["rule_id"] for one in findings})),
            verdict=verdict,
        )
    if by_another and not any(may_go_on(work, row) for row in holds):
        raise Refused(refusals.REVIEW_OWN)


def _keys(findings: Sequence[Data]) -> set[Key]:
    return {(one["rule_id"], one["surface"], one["path"]) for one in findings}
