"""Routes: a visitor becomes a participant by a phone number and a one-time code."""

import asyncio
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from banyan import messages, people, store
from banyan.campaigns.public_api import find_link
from banyan.kernel.cookies import drop_cookie
from banyan.kernel.errors import INVALID, Refused
from banyan.kernel.limits import Limiter, Rate
from banyan.people import Guest, Participant

LinkCode = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Phone = Annotated[str, msgspec.Meta(min_length=5, max_length=32)]

# Many phones can share one address (a shop, a school), so the bounds are wide; each phone has its
# own, exact ones.
_asking = Limiter(Rate(burst=30, per_minute=20))
_trying = Limiter(Rate(burst=60, per_minute=60))


class AskCode(msgspec.Struct, forbid_unknown_fields=True):
    """Where somebody came in, by a link or in a shop, and their phone."""

    phone: Phone
    link_code: LinkCode | None = None
    shop_slug: LinkCode | None = None


class CodeSent(msgspec.Struct):
    """When the next code may be asked for."""

    retry_after_seconds: int


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """The phone, the code it received, and perhaps a name.

    `notice_version` is the privacy notice that was agreed to.
    """

    phone: Phone
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=12)]
    link_code: LinkCode | None = None
    shop_slug: LinkCode | None = None
    name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    notice_version: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class Me(msgspec.Struct):
    """Who the participant is, as their own page shows it."""

    person_id: UUID
    name_masked: str
    is_new: bool


class SignedIn(msgspec.Struct):
    """The participant signed in."""

    me: Me


@post("/api/public/codes", opt={"audience": "visitor", "permission": None}, status_code=202)
async def ask_code(guest: NamedDependency[Guest], data: JSONBody[AskCode]) -> CodeSent:
    """Send a code to a phone. The answer is the same whether or not we know the phone."""
    phone = people.phone_e164(data.phone)
    _throttle(_asking, guest)
    workspace_id = await _workspace_of(data)

    def ask() -> int:
        with guest.work(workspace_id) as work:
            return messages.ask_code(work, phone)

    return CodeSent(await asyncio.to_thread(ask))


@post("/api/public/sessions", opt={"audience": "visitor", "permission": None}, status_code=201)
async def sign_in(guest: NamedDependency[Guest], data: JSONBody[SignIn]) -> Response[SignedIn]:
    """Try a code; the right one makes this browser the person's."""
    phone = people.phone_e164(data.phone)
    _throttle(_trying, guest)
    workspace_id = await _workspace_of(data)
    me = await asyncio.to_thread(_sign_in, guest, workspace_id, phone, data)
    known = guest.participant
    participant = Participant(
        workspace_id,
        me.person_id,
        # Whoever signs in by a key that may set a sandbox's clock may go on setting it.
        may_set_clock=guest.clock_workspace_id == workspace_id
        or bool(known and known.may_set_clock and known.workspace_id == workspace_id),
    )
    return Response(SignedIn(me), headers={"Set-Cookie": people.participant_cookie(participant)})


async def _workspace_of(door: AskCode | SignIn) -> UUID:
    """Return to whom somebody signs in. Raises `invalid` unless one door is named."""
    if door.link_code is not None and door.shop_slug is None:
        return (await find_link(door.link_code)).workspace_id
    if door.shop_slug is not None and door.link_code is None:
        return (await store.window().shop(door.shop_slug)).workspace_id
    raise Refused(INVALID, problem="exactly one of link_code and shop_slug is needed")


def _sign_in(guest: Guest, workspace_id: UUID, phone: str, data: SignIn) -> Me:
    with guest.work(workspace_id) as work:
        checked = messages.check_code(work, phone, data.code)
        if checked.refusal is None:
            # In the transaction that uses the code up: either both stand or the code is still good.
            known = people.register(work, phone, guest.visitor_id, data.name)
            if data.notice_version is not None:
                people.keep_consent(work, known.person_id, data.notice_version)
            names = people.names_masked(work, [known.person_id])
            return Me(known.person_id, names[known.person_id], known.is_new)
    # Refused only after the commit: a wrong try counts.
    raise Refused(checked.refusal, tries_left=checked.tries_left)


@delete("/api/public/sessions", opt={"audience": "public", "permission": None}, status_code=204)
async def sign_out(guest: NamedDependency[Guest]) -> Response[None]:  # noqa: ARG001 - every public route has its guest
    """Forget on this browser who the participant is."""
    cookie = drop_cookie(people.PARTICIPANT_COOKIE)
    return Response(None, status_code=204, headers={"Set-Cookie": cookie})


def _throttle(limiter: Limiter, guest: Guest) -> None:
    if guest.clock_workspace_id is None:
        limiter.take(guest.ip)


routes: list[ControllerRouterHandler] = [ask_code, sign_in, sign_out]
