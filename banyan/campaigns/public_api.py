"""What a participant does on a phone, over HTTP. Supports themselves are the edge's hot path."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from banyan import links
from banyan.campaigns import refusals
from banyan.campaigns.page_state import Opened, mine, page_state
from banyan.campaigns.quest_pages import own_quest
from banyan.campaigns.quests import StartRequest
from banyan.campaigns.starting import StartAsked, start
from banyan.campaigns.surfaces import surface_of
from banyan.campaigns.views import Mine, OwnQuest, PageState
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.links import KnownLink
from banyan.people import Guest

VISITOR = {"audience": "visitor", "permission": None}
PARTICIPANT = {"audience": "participant", "permission": None}

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
LinkCode = Annotated[str, QueryParameter(name="link_code", min_length=1, max_length=64)]
AnyRequest = Request[Any, Any, Any]


class NewQuest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which link to start; `again` opens one more where the play allows several."""

    link_code: Code
    again: bool = False


class Started(msgspec.Struct, frozen=True):
    """The quest that was started, or that was there already."""

    quest: OwnQuest


async def find_link(code: str) -> KnownLink:
    """Return the link of `code`. Raises the refusal `unknown_link`."""
    found = await links.link_table().find(code)
    if found is None:
        raise Refused(refusals.UNKNOWN_LINK)
    return found


def opened_by(link: KnownLink) -> Opened:
    """Return the link as the page state needs it."""
    return Opened(link.code, link.kind, link.channel, link.campaign_id, link.quest_id)


def state_for(guest: Guest, link: KnownLink, user_agent: str) -> PageState:
    """Return the page's state for whoever opened `link`."""
    with guest.work(link.workspace_id) as work:
        return page_state(
            work,
            opened_by(link),
            guest.person_in(link.workspace_id),
            surface_of(user_agent),
            guest.language,
        )


def _person(guest: Guest, workspace_id: UUID) -> UUID:
    person_id = guest.person_in(workspace_id)
    if person_id is None:
        raise Refused(NOT_SIGNED_IN)
    return person_id


def _agent(request: AnyRequest) -> str:
    return str(request.headers.get("user-agent", ""))


@get("/api/public/links/{code:str}", opt=VISITOR)
async def read_page(
    request: AnyRequest, guest: NamedDependency[Guest], code: FromPath[str]
) -> PageState:
    """Return the page's state again, for a page that is already open."""
    link = await find_link(code)
    return await asyncio.to_thread(state_for, guest, link, _agent(request))


@post("/api/public/quests", opt=PARTICIPANT)
async def start_quest(
    request: AnyRequest, guest: NamedDependency[Guest], data: JSONBody[NewQuest]
) -> Started:
    """Start my quest; the one I have already is returned as it is."""
    link = await find_link(data.link_code)
    person_id = _person(guest, link.workspace_id)

    asked = StartRequest(
        campaign_id=link.campaign_id,
        person_id=person_id,
        channel=link.channel,
        via_quest_id=link.quest_id,
        another=data.again,
    )
    group = link.workspace_id, guest.now_in(link.workspace_id)
    return Started(await start(group, StartAsked(asked, surface_of(_agent(request)))))


@get("/api/public/quests/{quest_id:uuid}", opt=PARTICIPANT, sync_to_thread=True)
def read_quest(guest: NamedDependency[Guest], quest_id: FromPath[UUID]) -> OwnQuest:
    """Return my quest; somebody else's is not found."""
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    with guest.work(guest.participant.workspace_id) as work:
        return own_quest(work, quest_id, guest.participant.person_id)


@get("/api/public/mine", opt=PARTICIPANT)
async def read_mine(guest: NamedDependency[Guest], link_code: LinkCode) -> Mine:
    """Return what I have in the campaign of this link, and why something did not count."""
    link = await find_link(link_code)
    person_id = _person(guest, link.workspace_id)

    def read() -> Mine:
        with guest.work(link.workspace_id) as work:
            return mine(work, link.campaign_id, person_id)

    return await asyncio.to_thread(read)


routes = [read_page, start_quest, read_quest, read_mine]
