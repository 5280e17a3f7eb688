"""Orders of quests over HTTP: `POST /api/public/quests/{id}/orders`, a bare ASGI handler.

Like plain orders: whoever asks is known by a signed cookie, and one transaction takes the seats
and places the orders of everybody who waits. What the client says about prices is not read.
"""

import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import structlog

from banyan.app.ordering import DOWN, HEADERS, QUICKER, TRIES, body_of
from banyan.campaigns import NO_SUCH_QUEST, QuestOrderRequest, order_in_quests, surface_of
from banyan.kernel.asgi import Receive, Scope, Send, answer, header, refuse
from banyan.kernel.batch import Batch
from banyan.kernel.errors import INVALID, NOT_SIGNED_IN, STORE_DOWN, Refused
from banyan.kernel.requests import KEY_INVALID, KEY_MOST_CHARACTERS
from banyan.kernel.settings import Settings
from banyan.kernel.work import Actor, unit_of_work
from banyan.people import guest_from
from banyan.store import KEY_NEEDED, OrderView

logger = structlog.get_logger()

PATH = len("/api/public/quests/"), -len("/orders")
QUANTITY_MOST = 99

Group = tuple[UUID, datetime | None]
"""A workspace, and the simulated moment if there is one."""


class Body(msgspec.Struct, frozen=True):
    """What a buyer sends. Anything else, such as a price, is not looked at."""

    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MOST)] = 1
    fulfilment: Literal["delivery", "collection"] = "delivery"
    address_id: UUID | None = None
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""
    link_code: Annotated[str, msgspec.Meta(max_length=64)] | None = None


decode = msgspec.json.Decoder(Body).decode
encode = msgspec.json.Encoder().encode


def run_quest_orders(group: Group, requests: list[QuestOrderRequest]) -> Sequence[bytes | Refused]:
    """Place orders of quests of one workspace in one transaction; an outcome is an answer's body.

    When another transaction was quicker it is run again, a few times. A lost connection is tried
    once more: what has been committed already is found by its key and answered as a repeat.
    """
    workspace_id, now = group
    was_lost = False
    for attempt in range(TRIES):
        try:
            with unit_of_work(workspace_id, Actor("person"), now) as work:
                outcomes = order_in_quests(work, requests)
        except QUICKER:
            if attempt == TRIES - 1:
                raise
        except DOWN:
            if was_lost:
                raise
            was_lost = True
        else:
            return [encode(each) if isinstance(each, OrderView) else each for each in outcomes]
    raise AssertionError


_batch: list[Batch[Group, QuestOrderRequest, bytes | Refused]] = []


@asynccontextmanager
async def running(_settings: Settings) -> AsyncGenerator[None]:
    """Keep this process's batch of quest orders; on the way out, answer who still waits.

    It is as large, and runs in as many lanes, as that of plain orders.
    """
    batch = Batch[Group, QuestOrderRequest, "bytes | Refused"](
        run_quest_orders,
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


async def handle_quest_order(scope: Scope, receive: Receive, send: Send) -> None:
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


async def _read(scope: Scope, receive: Receive) -> tuple[Group, QuestOrderRequest]:
    """Return what is asked. Raises Refused; nothing here looks at the database."""
    guest = guest_from(scope)
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    try:
        quest_id = UUID(scope["path"][PATH[0] : PATH[1]])
    except ValueError:
        raise Refused(NO_SUCH_QUEST) from None
    key = header(scope, b"idempotency-key")
    if not key:
        raise Refused(KEY_NEEDED)
    if not (len(key) <= KEY_MOST_CHARACTERS and key.isascii() and key.isprintable()):
        raise Refused(KEY_INVALID)
    raw = await body_of(scope, receive)
    try:
        body = decode(raw)
    except msgspec.DecodeError as error:
        raise Refused(INVALID, problem=str(error)) from None
    workspace_id = guest.participant.workspace_id
    return (
        (workspace_id, guest.now_in(workspace_id)),
        QuestOrderRequest(
            quest_id,
            guest.participant.person_id,
            body.quantity,
            body.fulfilment,
            body.address_id,
            body.note,
            body.link_code,
            surface_of(header(scope, b"user-agent")),
            key,
            blake2b(quest_id.bytes + raw, digest_size=16).digest(),
        ),
    )
