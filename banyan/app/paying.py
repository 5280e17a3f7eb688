"""Paying over HTTP: bare handlers of the plain requests, without the framework.

The routes themselves are `banyan.store.public_api.paying`'s, which answers whatever is not plain.
Whoever asks is known by a signed cookie; the first look at the database is the transaction that
carries out everybody who waits, and an answer is sent after it has committed.
"""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import msgspec

from banyan.app.hot import HEADERS, read_body
from banyan.kernel.asgi import Receive, Scope, Send, answer, header
from banyan.kernel.errors import INVALID, NOT_FOUND, NOT_SIGNED_IN, Refused
from banyan.people import guest_from
from banyan.store.public_api.paying import Outcome, ToPay, begin_to_pay, pay_sandbox

T = TypeVar("T")

ORDER, PAYMENTS = "/api/public/orders/", "/payments"
CASHIER = "/api/public/sandbox/payments/"
BODY_MOST_BYTES = 4096
JSON = "application/json"

_encode = msgspec.json.Encoder().encode
_to_pay = msgspec.json.Decoder(ToPay).decode
_outcome = msgspec.json.Decoder(Outcome).decode


def step_of(scope: Scope) -> str | None:
    """Return the bare handler's name when a request is a plain step of paying.

    Any other, such as a body of another type, is the framework's to answer or to refuse.
    """
    path: str = scope["path"]
    if scope["method"] != "POST" or header(scope, b"content-type") != JSON:
        return None
    if path.startswith(ORDER) and path.endswith(PAYMENTS):
        return "payment"
    return "cashier" if path.startswith(CASHIER) else None


async def handle_payment(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one payment that begins: 201 with what the browser does next, or the problem."""
    guest = guest_from(scope)
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    way = _read(_to_pay, await read_body(scope, receive, BODY_MOST_BYTES))
    try:
        order_id = UUID(scope["path"][len(ORDER) : -len(PAYMENTS)])
    except ValueError:
        raise Refused(NOT_FOUND) from None
    paying = await begin_to_pay(guest, order_id, way)
    await answer(send, 201, HEADERS, _encode(paying))


async def handle_cashier(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one payment at the sandbox's cashier: 200 with how it stands, or the problem."""
    guest = guest_from(scope)
    paid = _read(_outcome, await read_body(scope, receive, BODY_MOST_BYTES))
    shown = await pay_sandbox(guest, scope["path"][len(CASHIER) :], paid)
    await answer(send, 200, HEADERS, _encode(shown))


def _read(decode: Callable[[bytes], T], body: bytes) -> T:
    """Return what a body says. Raises `invalid`."""
    try:
        return decode(body)
    except msgspec.DecodeError as error:
        raise Refused(INVALID, problem=str(error)) from None
