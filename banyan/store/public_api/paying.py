"""Paying over HTTP: a payment begun, the door of payment providers, the sandbox's own cashier.

Whoever comes waits at the counter for those who come at the same time. The edge answers the plain
requests without the framework (`banyan.app.paying`); both ask here. A notice is known by its
signature alone: host names, addresses and cookies count for nothing.
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from banyan.kernel.errors import NOT_FOUND, Refused
from banyan.kernel.limits import Limiter, Rate
from banyan.people import Guest
from banyan.store import refusals
from banyan.store.beginning import PaymentRequest, Silent
from banyan.store.counter import Account, Door, Paid, counter
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
"""Limited by who pays, not from where: a crowd in one hall has one address."""
NOTICE_MOST_BYTES = 65_536

AnyRequest = Request[Any, Any, Any]
_buyers = Limiter(Rate(burst=60, per_minute=120))
"""Steps of paying, a buyer."""
_bad = Limiter(Rate(burst=60, per_minute=60))
"""Notices with a wrong signature, an address: junk is put off, the providers' own never are."""


class ToPay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where and how to pay."""

    provider: Annotated[str, msgspec.Meta(max_length=20)]
    method: Annotated[str, msgspec.Meta(max_length=20)] = "h5"
    payer: Annotated[str, msgspec.Meta(max_length=128)] | None = None
    """The buyer's openid, for JSAPI."""


class Paying(msgspec.Struct, frozen=True):
    """What the buyer's browser does next. `none`: nothing is owed, the order is paid."""

    payment_id: UUID | None
    action: Literal["redirect", "qr", "jsapi", "none"]
    url: str | None
    parameters: dict[str, str]


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the buyer does at the sandbox's cashier."""

    succeeds: bool = True


async def begin_to_pay(guest: Guest, order_id: UUID, way: ToPay) -> Paying:
    """Begin to pay the guest's order, together with whoever begins now.

    Raises `not_signed_in`, `too_often` and what `start_payment` does.
    """
    me = known(guest)
    _buyers.take(str(me.person_id))
    actor = guest.actor_in(me.workspace_id)
    outcome = await counter().begin(
        Account(me.workspace_id, way.provider),
        PaymentRequest(order_id, me.person_id, way.method, actor, way.payer, guest.ip),
    )
    if isinstance(outcome, Silent):
        await asyncio.sleep(outcome.seconds)
        raise Refused(refusals.PROVIDER_SILENT)
    if isinstance(outcome, Refused):
        raise outcome
    action = outcome.action
    return Paying(outcome.payment_id, action.action, action.url, action.parameters)


async def pay_sandbox(guest: Guest, trade_number: str, outcome: Outcome) -> SandboxPayment:
    """Pay, or fail to, at the sandbox's cashier, together with whoever pays now.

    Raises `not_signed_in`, `too_often`, `only_in_sandbox`, `not_found`.
    """
    me = known(guest)
    _buyers.take(str(me.person_id))
    return await counter().pay(me.workspace_id, Paid(trade_number, outcome.succeeds))


async def receive(door: Door, headers: Mapping[str, str], body: bytes, ip: str) -> bytes:
    """Take in a notice, together with those that come now; return what the provider is answered.

    Raises `not_found`, `notice_rejected`, `payment_provider_off`; `too_often` for more junk.
    """
    if len(body) > NOTICE_MOST_BYTES:
        raise Refused(NOT_FOUND)
    try:
        return await counter().receive(door, Notice(headers, body))
    except Refused:
        _bad.take(ip)
        raise


@post("/api/public/orders/{order_id:uuid}/payments", opt=MINE_FOR_MANY)
async def pay(
    guest: NamedDependency[Guest], order_id: FromPath[UUID], data: JSONBody[ToPay]
) -> Paying:
    """Begin to pay my order."""
    return await begin_to_pay(guest, order_id, data)


@post("/notices/{provider:str}/{slug:str}", opt=PROVIDERS, status_code=200)
async def take_notice(
    request: AnyRequest,
    guest: NamedDependency[Guest],
    provider: FromPath[str],
    slug: FromPath[str],
) -> Response[bytes]:
    """Take a provider's notice: checked on its raw bytes, kept, answered, applied once."""
    headers = {key.lower(): value for key, value in request.headers.items()}
    thanks = await receive(Door(provider, slug), headers, await request.body(), guest.ip)
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
    return await pay_sandbox(guest, trade_number, data)


routes = [pay, take_notice, read_cashier, pay_at_cashier]
