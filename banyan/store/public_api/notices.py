"""The door of payment providers, and the sandbox provider's own cashier.

A notice is known by its signature alone: host names, addresses and cookies count for nothing here.
"""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from banyan.kernel.errors import NOT_FOUND, Refused
from banyan.kernel.limits import Limiter, Rate
from banyan.people import Guest
from banyan.store.counter import Door, Paid, counter
from banyan.store.delivering import shown_at_cashier
from banyan.store.paying import Notice
from banyan.store.payments.sandbox import SandboxPayment
from banyan.store.public_api.mine import known

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
MINE_FOR_MANY = MINE | {"shared": True}
"""Limited by who pays, not by where from: a crowd in one hall has one address."""
MOST_BYTES = 65_536

AnyRequest = Request[Any, Any, Any]
_buyers = Limiter(Rate(burst=60, per_minute=120))
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

    try:
        thanks = await counter().receive(Door(provider, slug), Notice(headers, body))
    except Refused:
        _bad.take(guest.ip)
        raise
    media = "application/json" if thanks[:1] == b"{" else "text/plain"
    return Response(thanks, status_code=200 if thanks else 204, media_type=media)


@get("/api/public/sandbox/payments/{trade_number:str}", opt=MINE, sync_to_thread=True)
def read_cashier(guest: NamedDependency[Guest], trade_number: FromPath[str]) -> SandboxPayment:
    """Return a payment as the sandbox's cashier page shows it."""
    with guest.work(known(guest).workspace_id) as work:
        return shown_at_cashier(work, trade_number)


@post("/api/public/sandbox/payments/{trade_number:str}", opt=MINE_FOR_MANY, status_code=200)
async def pay_at_cashier(
    guest: NamedDependency[Guest], trade_number: FromPath[str], data: JSONBody[Outcome]
) -> SandboxPayment:
    """Pay, or fail to, at the sandbox's cashier; it sends its notice as its manners are."""
    me = known(guest)
    _buyers.take(str(me.person_id))
    return await counter().pay(me.workspace_id, Paid(trade_number, data.succeeds))


routes = [take_notice, read_cashier, pay_at_cashier]
