"""Edits that wait for a review: a member asks, another one signs, then the edit is saved.

What is asked for stands in the audit, with who asked and every change as it was typed; nothing of
it runs. It is over when the campaign is edited, when it is withdrawn, or with the campaign.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from banyan import workspaces
from banyan.campaigns import refusals, reviews, signatures, stages
from banyan.campaigns.drafts import locked_campaign
from banyan.campaigns.edit_views import AskedEdit
from banyan.campaigns.models import Campaign
from banyan.campaigns.running_edits import judged_edit, must_run
from banyan.kernel.errors import VERSION_CONFLICT, Refused
from banyan.kernel.work import Work

Data = dict[str, Any]

ASKED: Final = "campaign.review_asked"
WITHDRAWN: Final = "campaign.review_withdrawn"


def ask_review(work: Work, campaign_id: UUID, definition: Data, version: int) -> None:
    """Show the other members an edit that has to be signed for; it takes the place of an earlier.

    Raises the refusals `campaign_not_found`, `version_conflict`, `step_not_possible`,
    `definition_invalid`, `edit_not_favourable`, `blocked_by_rules`, `nothing_changed` and
    `edit_needs_nobody`.
    """
    campaign = locked_campaign(work, campaign_id)
    must_run(campaign, "ask")
    if campaign.version != version:
        raise Refused(VERSION_CONFLICT, version=campaign.version)
    edit = judged_edit(work, campaign, definition)
    changes = reviews.differences(campaign.definition, edit.said)
    if not changes:
        raise Refused(refusals.NOTHING_CHANGED)
    findings = signatures.to_sign(edit.review.verdict)
    if not findings:
        raise Refused(refusals.EDIT_NEEDS_NOBODY)
    rules = sorted({one["rule_id"] for one in findings})
    detail = {"version": version, "rules": rules, "changes": changes}
    workspaces.audit(work, ASKED, str(campaign_id), detail)


def must_begin_with(work: Work, campaign_id: UUID, asked_at: datetime | None) -> None:
    """Refuse `version_conflict` unless the edit that waits is the one asked for then (None: none).

    Whoever did not see a colleague's edit must not take its place. Raises `campaign_not_found`.
    """
    campaign = locked_campaign(work, campaign_id)
    waits = asked_edit(work, campaign)
    if (waits and waits.at) != asked_at:
        raise Refused(VERSION_CONFLICT, version=campaign.version)


def withdraw_edit(work: Work, campaign_id: UUID) -> None:
    """Let the edit that waits go; again is harmless. Raises the refusal `campaign_not_found`."""
    campaign = locked_campaign(work, campaign_id)
    if asked_edit(work, campaign) is not None:
        detail = {"version": campaign.version}
        workspaces.audit(work, WITHDRAWN, str(campaign_id), detail)


def asked_edit(work: Work, campaign: Campaign) -> AskedEdit | None:
    """Return the edit of `campaign` that waits for a review, if there is one."""
    return _asked(work, [campaign]).get(campaign.id)


def edits_asked_for(work: Work) -> dict[UUID, AskedEdit]:
    """Return every edit that waits for a review, by its campaign."""
    running = work.session.scalars(
        select(Campaign).where(
            Campaign.workspace_id == work.workspace_id, Campaign.state.in_(stages.RUNNING)
        )
    )
    return _asked(work, running)


def _asked(work: Work, among: Iterable[Campaign]) -> dict[UUID, AskedEdit]:
    running = {
        str(one.id): (one, one.published_at)
        for one in among
        if one.state in stages.RUNNING and one.published_at is not None
    }
    if not running:
        return {}
    since = min(published_at for _, published_at in running.values())
    newest = workspaces.newest_audited(work, (ASKED, WITHDRAWN), running.keys(), since)
    return {
        running[subject][0].id: AskedEdit(
            by=entry.actor_name or entry.actor,
            is_mine=entry.actor == str(work.actor),
            at=entry.at,
            changes=entry.detail["changes"],
        )
        for subject, entry in newest.items()
        # Once the campaign is edited, what was asked for is no edit of it any more.
        if entry.action == ASKED and entry.detail["version"] == running[subject][0].version
    }
