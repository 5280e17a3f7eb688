"""Orders over HTTP: `POST /api/public/orders`, a bare ASGI handler.

Whoever asks is known by a signed cookie; the first look at the database is the transaction that
carries out everybody who waits. An answer is sent after that transaction has committed, so an
answered order is a durable one. What the client says about prices and totals is not read.
"""

import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy.exc
import structlog

from banyan import ledger
from banyan.app.coupon_checkout import place_with_coupons
from banyan.kernel.asgi import Receive, Scope, Send, answer, header, refuse
from banyan.kernel.batch import Batch
from banyan.kernel.errors import INVALID, NOT_SIGNED_IN, STORE_DOWN, TOO_LARGE, Refused
from banyan.kernel.requests import KEY_INVALID, KEY_MOST_CHARACTERS
from banyan.kernel.settings import Settings
from banyan.kernel.work import Actor, unit_of_work
from banyan.people import guest_from
from banyan.store import (
    KEY_NEEDED,
    QUANTITY_INVALID,
    QUANTITY_MOST,
    Item,
    OrderRequest,
    OrderView,
    merged,
)

logger = structlog.get_logger()

BODY_MOST_BYTES = 16_384
TRIES = 4
"""How often a set of orders is run again because another transaction was quicker."""

HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
]

Group = tuple[UUID, datetime | None]
"""A workspace, and the simulated moment if there is one."""

QUICKER = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected, ledger.Overtaken)
DOWN = (psycopg.OperationalError, sqlalchemy.exc.OperationalError, sqlalchemy.exc.TimeoutError)


class Line(msgspec.Struct, frozen=True):
    """So many of one SKU."""

    sku_id: UUID
    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MOST)]


class Body(msgspec.Struct, frozen=True):
    """What a buyer sends. Anything else, such as a total, is not looked at."""

    lines: list[Line]
    fulfilment: Literal["delivery", "collection"] = "delivery"
    address_id: UUID | None = None
    via_shop_id: UUID | None = None
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""
    link_code: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    coupon_ids: Annotated[list[UUID], msgspec.Meta(max_length=20)] = []


decode = msgspec.json.Decoder(Body).decode
encode = msgspec.json.Encoder().encode


def run_orders(group: Group, requests: list[OrderRequest]) -> Sequence[bytes | Refused]:
    """Place orders of one workspace in one transaction; an outcome is an answer's body.

    When another transaction was quicker it is run again, a few times. A lost connection is tried
    once more: what has been committed already is found by its key and answered as a repeat.
    """
    workspace_id, now = group
    was_lost = False
    for attempt in range(TRIES):
        try:
            with unit_of_work(workspace_id, Actor("person"), now) as work:
                outcomes = place_with_coupons(work, requests)
        except QUICKER:
            if attempt == TRIES - 1:
                raise
        except DOWN:
            if was_lost:
                raise
            was_lost = True
        else:
            return [
                encode(outcome) if isinstance(outcome, OrderView) else outcome
                for outcome in outcomes
            ]
    raise AssertionError


_batch: list[Batch[Group, OrderRequest, bytes | Refused]] = []


@asynccontextmanager
async def running(_settings: Settings) -> AsyncGenerator[None]:
    """Keep this process's batch of orders; on the way out, answer who still waits.

    `BANYAN_ORDER_BATCH` is the most in one transaction, `BANYAN_ORDER_LANES` how many
    transactions may run side by side.
    """
    batch = Batch[Group, OrderRequest, "bytes | Refused"](
        run_orders,
        most=int(os.environ.get("BANYAN_ORDER_BATCH") or 512),
        lanes=int(os.environ.get("BANYAN_ORDER_LANES") or 1),
        common=DOWN,
    )
    _batch.append(batch)
    try:
        yield
    finally:
        _batch.remove(batch)
        await batch.close()


async def handle_order(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one order: 201 with the order, or the problem that kept it from being placed."""
    try:
        group, request = await _read(scope, receive)
        outcome = await _batch[0].ask(group, request)
    except Refused as refused:
        outcome = refused
    except DOWN as error:
        logger.warning("store_down", kind=type(error).__name__)
        outcome = Refused(STORE_DOWN)
    if isinstance(outcome, Refused):
        await refuse(scope, send, outcome)
    else:
        await answer(send, 201, HEADERS, outcome)


async def _read(scope: Scope, receive: Receive) -> tuple[Group, OrderRequest]:
    """Return what is asked. Raises Refused; nothing here looks at the database."""
    guest = guest_from(scope)
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    key = header(scope, b"idempotency-key")
    if not key:
        raise Refused(KEY_NEEDED)
    if not (len(key) <= KEY_MOST_CHARACTERS and key.isascii() and key.isprintable()):
        raise Refused(KEY_INVALID)
    raw = await body_of(scope, receive)
    try:
        body = decode(raw)
    except msgspec.DecodeError as error:
        if ".quantity`" in str(error):
            raise Refused(QUANTITY_INVALID) from None
        raise Refused(INVALID, problem=str(error)) from None
    workspace_id = guest.participant.workspace_id
    return (
        (workspace_id, guest.now_in(workspace_id)),
        OrderRequest(
            guest.participant.person_id,
            merged(Item(line.sku_id, line.quantity) for line in body.lines),
            body.fulfilment,
            body.address_id,
            body.via_shop_id,
            body.note,
            body.link_code,
            key,
            blake2b(raw, digest_size=16).digest(),
            coupon_ids=tuple(dict.fromkeys(body.coupon_ids)),
        ),
    )


async def body_of(scope: Scope, receive: Receive) -> bytes:
    """Return the body of a request that places an order. Raises `body_too_large`."""
    length = header(scope, b"content-length")
    if length.isdigit() and int(length) > BODY_MOST_BYTES:
        raise Refused(TOO_LARGE)
    message: Any = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= BODY_MOST_BYTES:
        message = await receive()
        body += message.get("body", b"")
    if len(body) > BODY_MOST_BYTES:
        raise Refused(TOO_LARGE)
    return body
