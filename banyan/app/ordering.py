"""Orders over HTTP: `POST /api/public/orders`, a bare ASGI handler.

Whoever asks is known by a signed cookie; the first look at the database is the transaction that
carries out everybody who waits. An answer is sent after that transaction has committed, so an
answered order is a durable one. What the client says about prices and totals is not read.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from hashlib import blake2b
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from banyan.app.coupon_checkout import place_with_coupons
from banyan.app.hot import Group, Outcome, answered, batched, carried_out, read_body
from banyan.kernel.asgi import Receive, Scope, Send, header
from banyan.kernel.batch import Batch
from banyan.kernel.errors import INVALID, NOT_SIGNED_IN, Refused
from banyan.kernel.requests import KEY_INVALID, KEY_MOST_CHARACTERS
from banyan.kernel.settings import Settings
from banyan.people import guest_from
from banyan.store import (
    KEY_NEEDED,
    QUANTITY_INVALID,
    QUANTITY_MOST,
    Item,
    OrderRequest,
    merged,
)

BODY_MOST_BYTES = 16_384


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


def run_orders(group: Group, requests: list[OrderRequest]) -> list[Outcome]:
    """Place orders of one workspace in one transaction; an outcome is an answer's body."""
    return carried_out(group, lambda work, _: place_with_coupons(work, requests))


_batch: list[Batch[Group, OrderRequest, Outcome]] = []


@asynccontextmanager
async def running(_settings: Settings) -> AsyncGenerator[None]:
    """Keep this process's batch of orders (`BANYAN_ORDER_BATCH`, `BANYAN_ORDER_LANES`)."""
    async with batched("ORDER", run_orders) as batch:
        _batch.append(batch)
        try:
            yield
        finally:
            _batch.remove(batch)


async def handle_order(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one order: 201 with the order, or the problem that kept it from being placed."""
    await answered(scope, send, _outcome(scope, receive))


async def _outcome(scope: Scope, receive: Receive) -> Outcome:
    group, request = await _read(scope, receive)
    return await _batch[0].ask(group, request)


async def _read(scope: Scope, receive: Receive) -> tuple[Group, OrderRequest]:
    """Return what is asked. Raises Refused; nothing here looks at the database."""
    guest = guest_from(scope)
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    key, raw = await keyed_body(scope, receive)
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


async def keyed_body(scope: Scope, receive: Receive) -> tuple[str, bytes]:
    """Return the Idempotency-Key, which an order must have, and the body it goes with.

    Raises the refusals `idempotency_key_needed`, `idempotency_key_invalid`, `body_too_large`.
    """
    key = header(scope, b"idempotency-key")
    if not key:
        raise Refused(KEY_NEEDED)
    if not (len(key) <= KEY_MOST_CHARACTERS and key.isascii() and key.isprintable()):
        raise Refused(KEY_INVALID)
    return key, await read_body(scope, receive, BODY_MOST_BYTES)
