"""The hot path over HTTP: `POST /api/public/quests/{id}/supports`, a bare ASGI handler.

Whoever asks is known by a signed cookie, the link by the table in memory; the first look at the
database is the transaction that carries out everybody who waits. An answer is sent after that
transaction has committed, so an answered support is a durable one.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Annotated
from uuid import UUID

import msgspec

from banyan import links
from banyan.app import memory
from banyan.app.hot import Group, Outcome, answered, batched, carried_out, read_body
from banyan.campaigns import (
    NO_SUCH_QUEST,
    NOT_A_QUEST_LINK,
    UNKNOWN_LINK,
    SupportRequest,
    support,
    surface_of,
)
from banyan.kernel.asgi import Receive, Scope, Send, asked_time, header
from banyan.kernel.batch import Batch
from banyan.kernel.errors import INVALID, NOT_SIGNED_IN, Refused
from banyan.kernel.requests import KEY_INVALID, KEY_MOST_CHARACTERS
from banyan.kernel.settings import Settings
from banyan.people import participant_from

BODY_MOST_BYTES = 2048
PATH = len("/api/public/quests/"), -len("/supports")


class Body(msgspec.Struct, frozen=True):
    """What a supporter sends."""

    link_code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


decode = msgspec.json.Decoder(Body).decode


def run_supports(group: Group, requests: list[SupportRequest]) -> list[Outcome]:
    """Carry out supports of one workspace in one transaction; an outcome is an answer's body."""
    return carried_out(group, lambda work, again: support(work, requests, is_careful=again))


_batch: list[Batch[Group, SupportRequest, Outcome]] = []


@asynccontextmanager
async def running(_settings: Settings) -> AsyncGenerator[None]:
    """Keep this process's batch of supports (`BANYAN_SUPPORT_BATCH`, `BANYAN_SUPPORT_LANES`)."""
    async with batched("SUPPORT", run_supports) as batch:
        _batch.append(batch)
        memory.settle()
        try:
            yield
        finally:
            _batch.remove(batch)


async def handle_support(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one support: 201 with its outcome, or the problem that kept it from being asked."""
    await answered(scope, send, _outcome(scope, receive))


async def _outcome(scope: Scope, receive: Receive) -> Outcome:
    group, request = await _read(scope, receive)
    return await _batch[0].ask(group, request)


async def _read(scope: Scope, receive: Receive) -> tuple[Group, SupportRequest]:
    """Return what is asked. Raises Refused; nothing here looks at the database."""
    participant = participant_from(scope)
    if participant is None:
        raise Refused(NOT_SIGNED_IN)
    try:
        quest_id = _id(scope["path"][PATH[0] : PATH[1]])
    except ValueError:
        raise Refused(NO_SUCH_QUEST) from None
    key = header(scope, b"idempotency-key") or None
    if key is not None and not (len(key) <= KEY_MOST_CHARACTERS and key.isprintable()):
        raise Refused(KEY_INVALID)
    try:
        body = decode(await read_body(scope, receive, BODY_MOST_BYTES))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(INVALID, problem=str(error)) from None
    workspace_id = participant.workspace_id
    link = await links.link_table().find(body.link_code)
    if link is None or link.workspace_id != workspace_id:
        raise Refused(UNKNOWN_LINK)
    if link.quest_id != quest_id:
        raise Refused(NOT_A_QUEST_LINK)
    surface = _surface(header(scope, b"user-agent"))
    return (
        (workspace_id, asked_time(scope) if participant.may_set_clock else None),
        SupportRequest(quest_id, participant.person_id, body.link_code, surface, key),
    )


_surface = lru_cache(maxsize=4096)(surface_of)
_id = lru_cache(maxsize=8192)(UUID)
