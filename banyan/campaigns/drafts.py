"""Drafts: making a plan, changing it, copying it, throwing it away.

A draft may be unfinished: it is kept as it was typed, as long as it has the shape of a plan. What
was announced changes only in the participants' favour, and every accepted change is reviewed and
kept as a version of its own.
"""

from copy import deepcopy
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from banyan import templates, workspaces
from banyan.campaigns import events, money, refusals, reviews, signatures, stages
from banyan.campaigns.attesting import stamped
from banyan.campaigns.models import Campaign
from banyan.campaigns.running_edits import as_saved, judged_edit
from banyan.kernel.errors import VERSION_CONFLICT, Refused
from banyan.kernel.events import record
from banyan.kernel.work import Work

Data = dict[str, Any]


def create_campaign(
    work: Work,
    campaign_id: UUID,
    *,
    template_key: str | None = None,
    definition: Data | None = None,
) -> UUID:
    """Make a draft, from a template or from a definition. A repeated id makes nothing new.

    Raises the refusals `template_not_found` and `definition_invalid` (for the shape only: what
    is merely unfinished may wait until it is published).
    """
    if work.session.get(Campaign, (work.workspace_id, campaign_id)) is not None:
        return campaign_id
    if definition is None:
        definition = template_of(template_key or "").definition_at(work.now)
        # Who answers for it is printed in the rules: never the name a template was written with.
        definition["host"]["name"] = workspaces.workspace_of(work).name
    plan = reviews.shaped(definition)
    campaign = Campaign(
        workspace_id=work.workspace_id,
        id=campaign_id,
        name=plan.name,
        play_key=plan.play.key,
        definition=stamped(None, msgspec.to_builtins(plan), str(work.actor), work.now),
        state="draft",
        version=1,
        starts_at=plan.period.starts_at,
        ends_at=plan.period.ends_at,
        template_key=template_key,
        created_by=str(work.actor),
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(campaign)
    work.session.flush()
    return campaign_id


def clone_campaign(work: Work, campaign_id: UUID, clone_id: UUID) -> UUID:
    """Make a draft that says what `campaign_id` says now. Nothing of its life comes along."""
    source = locked_campaign(work, campaign_id)
    said = deepcopy(source.definition)
    said["name"] = f"{said['name']} (2)"
    # What somebody answered for was that campaign: the new one is asked again.
    said["attestations"] = []
    return create_campaign(work, clone_id, definition=said)


def edit_campaign(work: Work, campaign_id: UUID, definition: Data, version: int) -> None:
    """Replace the definition, if `version` is still the newest.

    Raises the refusals `version_conflict`; for an announced campaign `edit_not_favourable` (with
    every harm), `definition_invalid`, `blocked_by_rules`, `review_unsigned` and `review_own`; for a finished one
    `step_not_possible`.
    """
    campaign = locked_campaign(work, campaign_id)
    if campaign.version != version:
        raise Refused(VERSION_CONFLICT, version=campaign.version)
    if campaign.state in stages.OVER:
        raise Refused(refusals.STEP_NOT_POSSIBLE, state=campaign.state, step="edit")
    found = None
    if campaign.state in stages.RUNNING:
        said, plan, found = judged_edit(work, campaign, definition)
        signatures.must_be_signed(work, campaign, said, found.verdict, by_another=True)
    else:
        said = as_saved(work, campaign, definition)
        plan = reviews.shaped(said)
    campaign.version += 1
    campaign.definition = said
    campaign.name = plan.name
    campaign.play_key = plan.play.key
    campaign.starts_at = plan.period.starts_at
    campaign.ends_at = plan.period.ends_at
    campaign.updated_at = work.now
    if found is not None:
        reviews.keep_version(work, campaign, found)
        money.raise_promises(work, campaign, plan)
        workspaces.audit(work, "campaign.edited", str(campaign_id), {"version": campaign.version})
        record(work, [events.Edited(campaign_id=campaign_id, version=campaign.version)])
    work.session.flush()


def delete_draft(work: Work, campaign_id: UUID) -> None:
    """Throw a draft away. Raises the refusal `only_drafts` for anything that was announced."""
    campaign = locked_campaign(work, campaign_id)
    if campaign.state != "draft":
        raise Refused(refusals.ONLY_DRAFTS)
    work.session.delete(campaign)
    workspaces.audit(work, "campaign.deleted", str(campaign_id), {"name": campaign.name})
    work.session.flush()


def template_of(key: str) -> templates.Template:
    """Return the template. Raises the refusal `template_not_found`."""
    found = templates.templates().get(key)
    if found is None:
        raise Refused(refusals.NO_SUCH_TEMPLATE)
    return found


def locked_campaign(work: Work, campaign_id: UUID) -> Campaign:
    """Return the campaign, locked until this transaction ends.

    Raises the refusal `campaign_not_found`, also for another workspace's campaign.
    """
    campaign = work.session.scalar(
        select(Campaign)
        .where(Campaign.workspace_id == work.workspace_id, Campaign.id == campaign_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if campaign is None:
        raise Refused(refusals.NO_SUCH_CAMPAIGN)
    return campaign
