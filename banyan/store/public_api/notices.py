"""The door of payment providers, and the sandbox provider's own cashier.

A notice is known by its signature alone: host names, addresses and cookies count for nothing here.
"""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from banyan import workspaces
from banyan.kernel.errors import NOT_FOUND, Refused
from banyan.kernel.limits import Limiter, Rate
from banyan.people import Guest
from banyan.store.paying import receive_notice
from banyan.store.payments.sandbox import SandboxPayment, pay_in_sandbox, sandbox_payment
from banyan.store.public_api.mine import known
from banyan.store.refusals import ONLY_IN_SANDBOX
from banyan.store.sweeps import deliver_sandbox_notices

PROVIDERS = {
    "audience": "public",
    "permission": None,
    "shared": True,
    "accepts": (
        "application/json",
        "application/x-www-form-urlencoded",
        "text/xml",
        "application/xml",
    ),
}
MINE = {"audience": "participant", "permission": None}
MOST_BYTES = 65_536

AnyRequest = Request[Any, Any, Any]
_bad = Limiter(Rate(burst=60, per_minute=60))
"""Notices with a wrong signature, an address: junk is put off, the providers' own never are."""


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the buyer does at the sandbox's cashier."""

    succeeds: bool = True


@post("/notices/{provider:str}/{slug:str}", opt=PROVIDERS, status_code=200)
async def take_notice(
    request: AnyRequest,
    guest: NamedDependency[Guest],
    provider: FromPath[str],
    slug: FromPath[str],
) -> Response[bytes]:
    """Take a provider's notice: checked on its raw bytes, kept, answered, applied once."""
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise Refused(NOT_FOUND)
    headers = {key.lower(): value for key, value in request.headers.items()}

    def take() -> bytes:
        found = workspaces.workspace_by_slug(slug)
        if found is None:
            raise Refused(NOT_FOUND)
        return receive_notice(found.id, provider, headers, body)

    try:
        thanks = await asyncio.to_thread(take)
    except Refused:
        _bad.take(guest.ip)
        raise
    media = "application/json" if thanks[:1] == b"{" else "text/plain"
    return Response(thanks, status_code=200 if thanks else 204, media_type=media)


def cashier(guest: Guest, trade_number: str) -> SandboxPayment:
    """Return a payment as the cashier's page shows it. Raises `only_in_sandbox`, `not_found`."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        if not workspaces.workspace_of(work).is_sandbox:
            raise Refused(ONLY_IN_SANDBOX)
        found = sandbox_payment(work, trade_number)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@get("/api/public/sandbox/payments/{trade_number:str}", opt=MINE, sync_to_thread=True)
def read_cashier(guest: NamedDependency[Guest], trade_number: FromPath[str]) -> SandboxPayment:
    """Return a payment as the sandbox's cashier page shows it."""
    return cashier(guest, trade_number)


@post(
    "/api/public/sandbox/payments/{trade_number:str}",
    opt=MINE,
    status_code=200,
    sync_to_thread=True,
)
def pay_at_cashier(
    guest: NamedDependency[Guest], trade_number: FromPath[str], data: JSONBody[Outcome]
) -> SandboxPayment:
    """Pay, or fail to, at the sandbox's cashier; it sends its notice as its manners are."""
    if cashier(guest, trade_number).state == "waiting":
        pay_in_sandbox(known(guest).workspace_id, trade_number, succeeds=data.succeeds)
        deliver_sandbox_notices()
    return cashier(guest, trade_number)


routes = [take_notice, read_cashier, pay_at_cashier]
