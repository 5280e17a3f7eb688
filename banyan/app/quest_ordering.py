"""Orders of quests over HTTP: `POST /api/public/quests/{id}/orders`, a bare ASGI handler.

Like plain orders: whoever asks is known by a signed cookie, and one transaction takes the seats
and places the orders of everybody who waits. What the client says about prices is not read.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from hashlib import blake2b
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from banyan.app.hot import Group, Outcome, answered, batched, carried_out
from banyan.app.ordering import keyed_body
from banyan.campaigns import NO_SUCH_QUEST, QuestOrderRequest, order_in_quests, surface_of
from banyan.kernel.asgi import Receive, Scope, Send, header
from banyan.kernel.batch import Batch
from banyan.kernel.errors import INVALID, NOT_SIGNED_IN, Refused
from banyan.kernel.settings import Settings
from banyan.people import guest_from

PATH = len("/api/public/quests/"), -len("/orders")
QUANTITY_MOST = 99


class Body(msgspec.Struct, frozen=True):
    """What a buyer sends. Anything else, such as a price, is not looked at."""

    quantity: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MOST)] = 1
    fulfilment: Literal["delivery", "collection"] = "delivery"
    address_id: UUID | None = None
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""
    link_code: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    may_move: bool = False


decode = msgspec.json.Decoder(Body).decode


def run_quest_orders(group: Group, requests: list[QuestOrderRequest]) -> list[Outcome]:
    """Place orders of quests of one workspace in one transaction; an outcome is an answer's body."""
    return carried_out(group, lambda work, _: order_in_quests(work, requests))


_batch: list[Batch[Group, QuestOrderRequest, Outcome]] = []


@asynccontextmanager
async def running(_settings: Settings) -> AsyncGenerator[None]:
    """Keep this process's batch of quest orders, as large and in as many lanes as plain ones."""
    async with batched("ORDER", run_quest_orders) as batch:
        _batch.append(batch)
        try:
            yield
        finally:
            _batch.remove(batch)


async def handle_quest_order(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one order: 201 with the order, or the problem that kept it from being placed."""
    await answered(scope, send, _outcome(scope, receive))


async def _outcome(scope: Scope, receive: Receive) -> Outcome:
    group, request = await _read(scope, receive)
    return await _batch[0].ask(group, request)


async def _read(scope: Scope, receive: Receive) -> tuple[Group, QuestOrderRequest]:
    """Return what is asked. Raises Refused; nothing here looks at the database."""
    guest = guest_from(scope)
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    try:
        quest_id = UUID(scope["path"][PATH[0] : PATH[1]])
    except ValueError:
        raise Refused(NO_SUCH_QUEST) from None
    key, raw = await keyed_body(scope, receive)
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
            body.may_move,
        ),
    )
