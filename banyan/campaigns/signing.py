"""Signing: a member's word that what the rules want reviewed may run."""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from banyan import workspaces
from banyan.campaigns import refusals, reviews, signatures, stages
from banyan.campaigns.definition import Definition
from banyan.campaigns.drafts import locked_campaign
from banyan.campaigns.legal_facts import facts_of
from banyan.campaigns.models import Campaign
from banyan.campaigns.reviews import Review
from banyan.campaigns.running_edits import as_saved, edit_facts, must_run, must_take_nothing
from banyan.campaigns.signature_models import ReviewSignature
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work

Data = dict[str, Any]


class Signing(NamedTuple):
    """A member's word: why it may run, for how many days, and whether nobody else can sign."""

    reason: str
    days: int
    is_alone: bool = False


def sign_review(
    work: Work, campaign_id: UUID, said: Signing, definition: Data | None = None
) -> UUID:
    """Sign for what is found of a campaign; `definition` is an edit that is to be saved later.

    Raises the refusals `campaign_not_found`, `step_not_possible`, `member_needed`,
    `definition_invalid`, `edit_not_favourable`, `blocked_by_rules`, `nothing_to_sign`, `sign_alone`.
    """
    campaign = locked_campaign(work, campaign_id)
    if campaign.state in stages.OVER:
        raise Refused(refusals.STEP_NOT_POSSIBLE, state=campaign.state, step="sign")
    if work.actor.kind != "member":
        raise Refused(workspaces.MEMBER_NEEDED)
    plan, found = _judged(work, campaign, definition)
    findings = signatures.to_sign(found.verdict)
    if not findings:
        raise Refused(refusals.NOTHING_TO_SIGN)
    is_alone = not signatures.others_who_may_sign(work)
    if is_alone and not said.is_alone:
        raise Refused(refusals.SIGN_ALONE)
    row = ReviewSignature(
        workspace_id=work.workspace_id,
        id=new_id(),
        campaign_id=campaign_id,
        about=signatures.about(msgspec.to_builtins(plan)),
        findings=findings,
        ruleset_version=found.ruleset_version,
        signed_by=str(work.actor),
        reason=said.reason.strip(),
        is_alone=is_alone,
        signed_at=work.now,
        expires_at=work.now + timedelta(days=said.days),
    )
    work.session.add(row)
    work.session.flush()
    workspaces.audit(
        work,
        "campaign.review_signed",
        str(campaign_id),
        {
            "rules": sorted({one["rule_id"] for one in findings}),
            "reason": row.reason,
            "alone": is_alone,
            "expires_at": row.expires_at.isoformat(),
        },
    )
    return row.id


def _judged(work: Work, campaign: Campaign, definition: Data | None) -> tuple[Definition, Review]:
    """Return what is signed for and what is found of it: the campaign, or an edit while it runs."""
    plan = reviews.complete(campaign.definition if definition is None else definition)
    if definition is None:
        facts = facts_of(work, campaign, plan)
    else:
        must_run(campaign, "sign")
        # Whose edit cannot be saved is told so before anybody signs for it.
        must_take_nothing(campaign, as_saved(work, campaign, definition))
        facts = edit_facts(work, campaign, plan)
    found = reviews.review(plan, workspaces.workspace_of(work).timezone, facts)
    if found.is_blocked:
        raise Refused(refusals.BLOCKED_BY_RULES, verdict=found.verdict)
    return plan, found
