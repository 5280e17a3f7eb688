"""Acts over HTTP: what a participant does in their own quest, and what the staff confirm."""

import io
from typing import Annotated, Any
from uuid import UUID

import msgspec
import segno
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from banyan import people
from banyan.campaigns import queries
from banyan.campaigns.act_views import (
    ActedView,
    PassView,
    StaffActedView,
    act_views,
    slots_taken,
)
from banyan.campaigns.acts import ActOutcome, ActRequest, act
from banyan.campaigns.departures import leave
from banyan.campaigns.passes import pass_of, quest_by_pass
from banyan.campaigns.poster_words import poster_of
from banyan.campaigns.quest_pages import own_quest, stands_of
from banyan.campaigns.surfaces import surface_of
from banyan.campaigns.trying import until_first
from banyan.creatives import draw_poster
from banyan.kernel import requests
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.requests import RequestKey
from banyan.kernel.work import Work
from banyan.people import Guest, Participant
from banyan.workspaces import Caller

PARTICIPANT = {"audience": "participant", "permission": None}
STAFF = {"audience": "member", "permission": "orders.write"}

AnyRequest = Request[Any, Any, Any]
Step = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Proof = Annotated[str, msgspec.Meta(max_length=200)]
PassCode = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class NewAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which step, with the answer or the code it takes."""

    step: Step
    answer: Proof | None = None
    code: Proof | None = None


class StaffAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose quest, by the code they show, and which step is confirmed."""

    code: PassCode
    step: Step


class PosterWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name I want on my poster, if any. It is drawn and not kept."""

    name: Annotated[str, msgspec.Meta(max_length=12)] = ""


class OwnPass(msgspec.Struct, frozen=True):
    """The code I show to the staff."""

    code: str


def _known(guest: Guest) -> Participant:
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    return guest.participant


def _one(work: Work, request: ActRequest) -> ActOutcome:
    (outcome,) = act(work, [request])
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


@post("/api/public/quests/{quest_id:uuid}/acts", opt=PARTICIPANT, sync_to_thread=True)
def do_act(
    request: AnyRequest,
    guest: NamedDependency[Guest],
    quest_id: FromPath[UUID],
    data: JSONBody[NewAct],
    request_key: NamedDependency[RequestKey | None],
) -> ActedView:
    """Do one step of my own quest; somebody else's is not found."""
    me = _known(guest)
    surface = surface_of(str(request.headers.get("user-agent", "")))
    wanted = ActRequest(quest_id, data.step, me.person_id, data.answer, data.code, surface)

    def effect(work: Work) -> ActedView:
        outcome = _one(work, wanted)
        return ActedView(
            counted=outcome.reason is None,
            reason=outcome.reason,
            message=outcome.message,
            grants=outcome.grants,
            quest=own_quest(work, quest_id, me.person_id),
        )

    def once() -> ActedView:
        with guest.work(me.workspace_id) as work:
            return requests.once(work, request_key, ActedView, lambda: effect(work))

    return until_first(once)


@get("/api/public/quests/{quest_id:uuid}/pass", opt=PARTICIPANT, sync_to_thread=True)
def read_pass(guest: NamedDependency[Guest], quest_id: FromPath[UUID]) -> OwnPass:
    """Return the code I show to the staff; it is made when first asked for."""
    me = _known(guest)
    with guest.work(me.workspace_id) as work:
        return OwnPass(pass_of(work, quest_id, me.person_id))


@get("/api/public/quests/{quest_id:uuid}/pass.svg", opt=PARTICIPANT, sync_to_thread=True)
def draw_pass(guest: NamedDependency[Guest], quest_id: FromPath[UUID]) -> Response[bytes]:
    """Return the code as a picture that a scanner reads."""
    me = _known(guest)
    with guest.work(me.workspace_id) as work:
        code = pass_of(work, quest_id, me.person_id)
    picture = io.BytesIO()
    segno.make(code, error="m", micro=False).save(picture, kind="svg", scale=8, border=2)
    return Response(
        picture.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )


@post(
    "/api/public/quests/{quest_id:uuid}/departures",
    opt=PARTICIPANT,
    status_code=204,
    sync_to_thread=True,
)
def depart(guest: NamedDependency[Guest], quest_id: FromPath[UUID]) -> None:
    """Take my support of somebody's quest back, with what it gave me; a repeat changes nothing."""
    me = _known(guest)

    def once() -> None:
        with guest.work(me.workspace_id) as work:
            leave(work, quest_id, me.person_id)

    until_first(once)


@post(
    "/api/public/quests/{quest_id:uuid}/poster",
    opt=PARTICIPANT,
    status_code=200,
    sync_to_thread=True,
)
def draw_my_poster(
    guest: NamedDependency[Guest], quest_id: FromPath[UUID], data: JSONBody[PosterWish]
) -> Response[bytes]:
    """Return my poster as a PNG; a name is on it only if it was typed for this picture."""
    me = _known(guest)
    with guest.work(me.workspace_id) as work:
        look, text, address = poster_of(work, quest_id, me.person_id, data.name, guest.language)
    return Response(
        draw_poster(look, text, address),
        media_type="image/png",
        headers={"Cache-Control": "no-store"},
    )


def _shown(work: Work, quest_id: UUID) -> PassView:
    owner, acts, standing = stands_of(work, quest_id)
    taken = slots_taken(work, [quest_id]).get(quest_id, {})
    confirmed = [one for one in acts if one.proof in {"staff", "code"}]
    return PassView(
        quest_id=quest_id,
        name_masked=people.names_masked(work, [owner])[owner],
        acts=act_views(work, confirmed, standing, taken),
    )


@get("/api/admin/campaigns/{campaign_id:uuid}/passes/{code:str}", opt=STAFF, sync_to_thread=True)
def find_pass(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID], code: FromPath[str]
) -> PassView:
    """Say whose code this is, and what can be confirmed for them."""
    with caller.work() as work:
        queries.must_exist(work, campaign_id)
        return _shown(work, quest_by_pass(work, campaign_id, code))


@post("/api/admin/campaigns/{campaign_id:uuid}/acts", opt=STAFF, sync_to_thread=True)
def confirm_act(
    caller: NamedDependency[Caller],
    campaign_id: FromPath[UUID],
    data: JSONBody[StaffAct],
    request_key: NamedDependency[RequestKey | None],
) -> StaffActedView:
    """Confirm a step for whoever shows this code."""

    def effect(work: Work) -> StaffActedView:
        queries.must_exist(work, campaign_id)
        quest_id = quest_by_pass(work, campaign_id, data.code)
        outcome = _one(work, ActRequest(quest_id, data.step))
        return StaffActedView(
            counted=outcome.reason is None,
            reason=outcome.reason,
            message=outcome.message,
            grants=outcome.grants,
            person=_shown(work, quest_id),
        )

    def once() -> StaffActedView:
        with caller.work() as work:
            return requests.once(work, request_key, StaffActedView, lambda: effect(work))

    return until_first(once)


routes = [do_act, read_pass, draw_pass, depart, draw_my_poster, find_pass, confirm_act]
