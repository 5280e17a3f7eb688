"""What members and API keys may do with campaigns, over HTTP.

The lists of campaigns and of links, the overview of the day and the exports join in numbers from
above; they are the edge's (`banyan.app.today`, `banyan.app.exporting`).
"""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody

from banyan import links, templates
from banyan.campaigns import asked_edits, drafts, lifecycle, queries
from banyan.campaigns.views import (
    CampaignLink,
    CampaignView,
    GrantRow,
    Page,
    ParticipantRow,
)
from banyan.kernel.ids import derived_id, new_id
from banyan.kernel.work import Work
from banyan.plays import PLAYS, settings_schema
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "campaigns.read"}
WRITE = {"audience": "member", "permission": "campaigns.write"}
PUBLISH = {"audience": "member", "permission": "campaigns.publish"}
PEOPLE = {"audience": "member", "permission": "people.read"}
REWARDS = {"audience": "member", "permission": "rewards.read"}

Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]


class NewCampaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which template, definition or campaign to make a draft."""

    template_key: str | None = None
    definition: dict[str, Any] | None = None
    clone_of: UUID | None = None


class NewDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A definition to save over `version`."""

    definition: dict[str, Any]
    version: int
    asked_at: datetime | msgspec.UnsetType | None = msgspec.UNSET
    """When the edit was asked for that it began with, None: there was none. Left out: whichever
    edit waits for a review now, its place is taken."""


class ToJudge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A definition as it is being typed."""

    definition: dict[str, Any]


class Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why somebody takes a step."""

    reason: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class NewLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link of the merchant's own to make."""

    channel: Annotated[str, msgspec.Meta(max_length=40)]
    name: Annotated[str, msgspec.Meta(max_length=80)] = ""


def shown(work: Work, campaign_id: UUID) -> CampaignView:
    """Return the campaign with its links."""
    view = queries.campaign_view(work, campaign_id)
    return msgspec.structs.replace(view, links=_links(work, campaign_id))


def _links(work: Work, campaign_id: UUID) -> list[CampaignLink]:
    return [shown_link(made) for made in links.links_of_campaign(work, campaign_id)]


def shown_link(made: links.Link) -> CampaignLink:
    """Return one of the merchant's own links as the console shows it."""
    return CampaignLink(
        code=made.code,
        url=links.share_url(made.code),
        channel=made.channel,
        name=made.name or "",
        created_at=made.created_at,
    )


@get("/api/admin/plays", opt=READ, sync_to_thread=False)
def list_plays(caller: NamedDependency[Caller]) -> list[dict[str, Any]]:  # noqa: ARG001 - guarded by it
    """Return every play with the schema of its settings."""
    return [
        {
            "key": play.key,
            "name": msgspec.to_builtins(play.name),
            "summary": msgspec.to_builtins(play.summary),
            "settings_schema": settings_schema(play.Settings),
        }
        for play in PLAYS.values()
    ]


@get("/api/admin/templates", opt=READ, sync_to_thread=False)
def list_templates(caller: NamedDependency[Caller]) -> list[dict[str, Any]]:  # noqa: ARG001
    """Return every template without its definition."""
    return [_template(made) for made in templates.templates().values()]


@get("/api/admin/template-packs", opt=READ, sync_to_thread=False)
def list_packs(caller: NamedDependency[Caller]) -> list[templates.Pack]:  # noqa: ARG001
    """Return, for each trade, the campaigns that work together and in which order."""
    return list(templates.packs().values())


@get("/api/admin/templates/{key:str}", opt=READ, sync_to_thread=False)
def read_template(caller: NamedDependency[Caller], key: FromPath[str]) -> dict[str, Any]:
    """Return one template with its definition, as it would begin now."""
    made = drafts.template_of(key)
    return _template(made) | {
        "definition": made.definition_at(caller.now or datetime.now(UTC)),
    }


def _template(made: templates.Template) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(made)
    expected = told["expected"]
    return {
        "key": made.key,
        "industry": told["industry"],
        "goal": made.goal,
        "play": made.play,
        "name": told["name"],
        "summary": told["summary"],
        "best_practice": told["best_practice"],
        "surfaces": made.surfaces,
        "fields_to_review": made.fields_to_review,
        "expected": expected | {"k": expected["k_hundredths"] / 100, "days": made.days},
    }


@post("/api/admin/judgements", opt=READ, status_code=200, sync_to_thread=True)
def judge(caller: NamedDependency[Caller], data: JSONBody[ToJudge]) -> dict[str, Any]:
    """Say what the rules, the budget and the play make of a definition; nothing is kept."""
    with caller.work() as work:
        return queries.judgement_of(
            work, data.definition, caller.workspace.timezone, caller.language
        )


@post("/api/admin/campaigns", opt=WRITE, sync_to_thread=True)
def create(
    caller: NamedDependency[Caller], data: JSONBody[NewCampaign], idempotency_key: Key = None
) -> CampaignView:
    """Make a draft. The same `Idempotency-Key` again returns the same draft."""
    campaign_id = (
        derived_id(caller.workspace_id, "campaign", idempotency_key)
        if idempotency_key
        else new_id()
    )
    with caller.work() as work:
        if data.clone_of is not None:
            drafts.clone_campaign(work, data.clone_of, campaign_id)
        else:
            drafts.create_campaign(
                work,
                campaign_id,
                template_key=data.template_key,
                definition=data.definition,
            )
        return shown(work, campaign_id)


@get("/api/admin/campaigns/{campaign_id:uuid}", opt=READ, sync_to_thread=True)
def read(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> CampaignView:
    """Return one campaign."""
    with caller.work() as work:
        return shown(work, campaign_id)


@put("/api/admin/campaigns/{campaign_id:uuid}/definition", opt=WRITE, sync_to_thread=True)
def edit(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID], data: JSONBody[NewDefinition]
) -> CampaignView:
    """Save a definition over the version it was made from."""
    with caller.work() as work:
        if data.asked_at is not msgspec.UNSET:
            asked_edits.must_begin_with(work, campaign_id, data.asked_at)
        drafts.edit_campaign(work, campaign_id, data.definition, data.version)
        return shown(work, campaign_id)


@delete("/api/admin/campaigns/{campaign_id:uuid}", opt=WRITE, sync_to_thread=True)
def remove(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> None:
    """Throw a draft away."""
    with caller.work() as work:
        drafts.delete_draft(work, campaign_id)


@post(
    "/api/admin/campaigns/{campaign_id:uuid}/publication",
    opt=PUBLISH,
    status_code=200,
    sync_to_thread=True,
)
def publish(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> CampaignView:
    """Announce a draft."""
    with caller.work() as work:
        lifecycle.publish_campaign(work, campaign_id)
        return shown(work, campaign_id)


@post(
    "/api/admin/campaigns/{campaign_id:uuid}/pause",
    opt=PUBLISH,
    status_code=200,
    sync_to_thread=True,
)
def pause(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID], data: JSONBody[Why]
) -> CampaignView:
    """Stop counting for now."""
    with caller.work() as work:
        lifecycle.pause_campaign(work, campaign_id, data.reason)
        return shown(work, campaign_id)


@delete(
    "/api/admin/campaigns/{campaign_id:uuid}/pause",
    opt=PUBLISH,
    status_code=200,
    sync_to_thread=True,
)
def resume(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> CampaignView:
    """Count again."""
    with caller.work() as work:
        lifecycle.resume_campaign(work, campaign_id)
        return shown(work, campaign_id)


@post(
    "/api/admin/campaigns/{campaign_id:uuid}/ending",
    opt=PUBLISH,
    status_code=200,
    sync_to_thread=True,
)
def end(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID], data: JSONBody[Why | None] = None
) -> CampaignView:
    """End it for good."""
    with caller.work() as work:
        lifecycle.end_campaign(work, campaign_id, data.reason if data else None)
        return shown(work, campaign_id)


@post(
    "/api/admin/campaigns/{campaign_id:uuid}/settlement",
    opt=PUBLISH,
    status_code=200,
    sync_to_thread=True,
)
def settle(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> CampaignView:
    """Close what is open and return what is left of the budget."""
    with caller.work() as work:
        lifecycle.settle_campaign(work, campaign_id)
        return shown(work, campaign_id)


@post("/api/admin/campaigns/{campaign_id:uuid}/links", opt=WRITE, sync_to_thread=True)
def create_link(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID], data: JSONBody[NewLink]
) -> CampaignLink:
    """Make one more link for a channel."""
    with caller.work() as work:
        queries.must_exist(work, campaign_id)
        made = links.create_link(
            work, "campaign", campaign_id, data.channel, name=data.name or None
        )
        return shown_link(made)


@get("/api/admin/campaigns/{campaign_id:uuid}/participants", opt=PEOPLE, sync_to_thread=True)
def list_participants(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID], cursor: FromQuery[int] = 0
) -> Page:
    """Return participants in the order they joined, masked."""
    with caller.work() as work:
        queries.must_exist(work, campaign_id)
        rows: list[ParticipantRow]
        rows, following = queries.participants_after(work, campaign_id, cursor)
        total = queries.tallies_of(work, [campaign_id])[campaign_id].participants
        return Page(items=rows, next=str(following) if following else None, total=total)


@get("/api/admin/campaigns/{campaign_id:uuid}/grants", opt=REWARDS, sync_to_thread=True)
def list_grants(
    caller: NamedDependency[Caller],
    campaign_id: FromPath[UUID],
    cursor: FromQuery[UUID | None] = None,
) -> Page:
    """Return grants in the order they were given, masked."""
    with caller.work() as work:
        queries.must_exist(work, campaign_id)
        rows: list[GrantRow]
        rows, following = queries.grants_after(work, campaign_id, cursor)
        return Page(items=rows, next=str(following) if following else None)


routes = [
    list_plays,
    list_packs,
    list_templates,
    read_template,
    judge,
    create,
    read,
    edit,
    remove,
    publish,
    pause,
    resume,
    end,
    settle,
    create_link,
    list_participants,
    list_grants,
]
