"""What members and API keys may do with pathways, over HTTP."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody
from litestar.types import ControllerRouterHandler

from banyan import links
from banyan.compliance import Finding
from banyan.kernel.ids import derived_id, new_id
from banyan.pathways.editing import PathwayEdit, as_edited, edit_pathway
from banyan.pathways.judging import findings
from banyan.pathways.making import WantedBranch, WantedPathway, check, close_pathway, make_pathway
from banyan.pathways.views import PathwayView, pathway_view, pathway_views, with_numbers
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "campaigns.read"}
PUBLISH = {"audience": "member", "permission": "campaigns.publish"}
Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]


class PathwayList(msgspec.Struct, frozen=True):
    """Every pathway, the newest first."""

    items: list[PathwayView]


class PathwayToJudge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The branches of a pathway that is being put together, or edited."""

    branches: Annotated[tuple[WantedBranch, ...], msgspec.Meta(max_length=5)]
    pathway_id: UUID | None = None
    """Which is edited; None: a new one."""


class PathwayJudgement(msgspec.Struct, frozen=True):
    """What forbids it; empty: nothing does."""

    findings: list[Finding]


@get("/api/admin/pathways", opt=READ, sync_to_thread=True)
def list_pathways(caller: NamedDependency[Caller]) -> PathwayList:
    """Return every pathway with what came by each of its branches."""
    with caller.work() as work:
        found = pathway_views(work)
    return PathwayList(with_numbers(caller.workspace_id, found))


@post("/api/admin/pathways/judgements", opt=READ, status_code=200, sync_to_thread=True)
def judge_pathway(
    caller: NamedDependency[Caller], data: JSONBody[PathwayToJudge]
) -> PathwayJudgement:
    """Say what forbids these campaigns to be one pathway; nothing is kept."""
    with caller.work() as work:
        if data.pathway_id is None:
            return PathwayJudgement(findings(check(work, data.branches)))
        return PathwayJudgement(findings(as_edited(work, data.pathway_id, data.branches)))


@post("/api/admin/pathways", opt=PUBLISH, sync_to_thread=True)
def create_pathway(
    caller: NamedDependency[Caller], data: JSONBody[WantedPathway], idempotency_key: Key = None
) -> PathwayView:
    """Make a pathway. The same `Idempotency-Key` again returns the same one."""
    made = (
        derived_id(caller.workspace_id, "pathway", idempotency_key) if idempotency_key else new_id()
    )
    with caller.work() as work:
        make_pathway(work, made, data)
        return pathway_view(work, made)


@put("/api/admin/pathways/{pathway_id:uuid}", opt=PUBLISH, sync_to_thread=True)
def change_pathway(
    caller: NamedDependency[Caller], pathway_id: FromPath[UUID], data: JSONBody[PathwayEdit]
) -> PathwayView:
    """Edit a pathway's name, title, end and branches, judged again.

    Other branches hold for whoever comes from then on. The same with both turned round undoes it.
    """
    with caller.work() as work:
        edit_pathway(work, pathway_id, data)
        return pathway_view(work, pathway_id)


@post(
    "/api/admin/pathways/{pathway_id:uuid}/close",
    opt=PUBLISH,
    status_code=200,
    sync_to_thread=True,
)
def stop_pathway(caller: NamedDependency[Caller], pathway_id: FromPath[UUID]) -> PathwayView:
    """Lead nobody by it any more; its campaigns go on."""
    with caller.work() as work:
        close_pathway(work, pathway_id)
        return pathway_view(work, pathway_id)


@get("/api/admin/pathways/{pathway_id:uuid}/qr.svg", opt=READ, sync_to_thread=True)
def read_pathway_code(
    caller: NamedDependency[Caller], pathway_id: FromPath[UUID]
) -> Response[bytes]:
    """Return the QR code of a pathway's entry."""
    with caller.work() as work:
        url = pathway_view(work, pathway_id).url
    headers = {"cache-control": "private, max-age=86400"}
    return Response(links.qr_of(url, "svg"), media_type="image/svg+xml", headers=headers)


routes: list[ControllerRouterHandler] = [
    *(list_pathways, judge_pathway, create_pathway),
    *(change_pathway, stop_pathway, read_pathway_code),
]
