"""Edits of a running campaign over HTTP: what comes of one, and asking others to review it."""

from uuid import UUID

import msgspec
from litestar import delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from banyan.campaigns import asked_edits, queries
from banyan.campaigns.admin_api import READ, WRITE, NewDefinition, ToJudge, shown
from banyan.campaigns.edit_views import EditView
from banyan.campaigns.views import CampaignView
from banyan.workspaces import Caller


@post(
    "/api/admin/campaigns/{campaign_id:uuid}/edit-judgements",
    opt=READ,
    status_code=200,
    sync_to_thread=True,
)
def judge_edit(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID], data: JSONBody[ToJudge]
) -> EditView:
    """Say what the rules make of an edit, what it would take away and who signed; keep nothing."""
    with caller.work() as work:
        return queries.edit_view(work, campaign_id, data.definition, caller.language)


@post("/api/admin/campaigns/{campaign_id:uuid}/asked-edit", opt=WRITE, sync_to_thread=True)
def ask(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID], data: JSONBody[NewDefinition]
) -> CampaignView:
    """Ask the other members to review an edit; nothing of it runs before it is saved."""
    with caller.work() as work:
        if data.asked_at is not msgspec.UNSET:
            asked_edits.must_begin_with(work, campaign_id, data.asked_at)
        asked_edits.ask_review(work, campaign_id, data.definition, data.version)
        return shown(work, campaign_id)


@delete(
    "/api/admin/campaigns/{campaign_id:uuid}/asked-edit",
    opt=WRITE,
    status_code=200,
    sync_to_thread=True,
)
def withdraw(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> CampaignView:
    """Let an edit that waits for a review go."""
    with caller.work() as work:
        asked_edits.withdraw_edit(work, campaign_id)
        return shown(work, campaign_id)


routes = [judge_edit, ask, withdraw]
