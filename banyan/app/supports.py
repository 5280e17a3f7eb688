"""The hot path over HTTP: `POST /api/public/quests/{id}/supports`, a bare ASGI handler.

Whoever asks is known by a signed cookie, the link by the table in memory; the first look at the
database is the transaction that carries out everybody who waits. An answer is sent after that
transaction has committed, so an answered support is a durable one.
"""

import gc
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy.exc
import structlog

from banyan import ledger, links
from banyan.campaigns import (
    NO_SUCH_QUEST,
    NOT_A_QUEST_LINK,
    UNKNOWN_LINK,
    SupportRequest,
    SupportView,
    support,
    surface_of,
)
from banyan.kernel.asgi import Receive, Scope, Send, answer, asked_time, header, refuse
from banyan.kernel.batch import Batch
from banyan.kernel.errors import INVALID, NOT_SIGNED_IN, STORE_DOWN, TOO_LARGE, Refused
from banyan.kernel.requests import KEY_INVALID, KEY_MOST_CHARACTERS
from banyan.kernel.settings import Settings
from banyan.kernel.work import Actor, unit_of_work
from banyan.people import participant_from

logger = structlog.get_logger()

BODY_MOST_BYTES = 2048
PATH = len("/api/public/quests/"), -len("/supports")
TRIES = 4
"""How often a set of supports is run again because another transaction was quicker."""

HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
]

Group = tuple[UUID, datetime | None]
"""A workspace, and the simulated moment if there is one."""

QUICKER = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected, ledger.Overtaken)
DOWN = (psycopg.OperationalError, sqlalchemy.exc.OperationalError, sqlalchemy.exc.TimeoutError)


class Body(msgspec.Struct, frozen=True):
    """What a supporter sends."""

    link_code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


decode = msgspec.json.Decoder(Body).decode
encode = msgspec.json.Encoder().encode


def run_supports(group: Group, requests: list[SupportRequest]) -> Sequence[bytes | Refused]:
    """Carry out supports of one workspace in one transaction; an outcome is an answer's body.

    When another transaction was quicker it is run again, a few times. A lost connection is tried
    once more: what has been committed already is found and answered as a repeat.
    """
    workspace_id, now = group
    was_lost = False
    for attempt in range(TRIES):
        try:
            with unit_of_work(workspace_id, Actor("person"), now) as work:
                outcomes = support(work, requests, is_careful=attempt > 0)
        except QUICKER:
            if attempt == TRIES - 1:
                raise
        except DOWN:
            if was_lost:
                raise
            was_lost = True
        else:
            return [
                encode(outcome) if isinstance(outcome, SupportView) else outcome
                for outcome in outcomes
            ]
    raise AssertionError


_batch: list[Batch[Group, SupportRequest, bytes | Refused]] = []


@asynccontextmanager
async def running(_settings: Settings) -> AsyncGenerator[None]:
    """Keep this process's batch of supports; on the way out, answer who still waits.

    `BANYAN_SUPPORT_BATCH` is the most in one transaction, `BANYAN_SUPPORT_LANES` how many
    transactions may run side by side.
    """
    batch = Batch[Group, SupportRequest, "bytes | Refused"](
        run_supports,
        most=int(os.environ.get("BANYAN_SUPPORT_BATCH") or 512),
        lanes=int(os.environ.get("BANYAN_SUPPORT_LANES") or 1),
        common=DOWN,
    )
    _batch.append(batch)
    # What is loaded by now stays for good, and what a batch makes is gone at its end: looking for
    # rings among thousands of young objects at every turn would take a quarter of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        _batch.remove(batch)
        await batch.close()


async def handle_support(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one support: 201 with its outcome, or the problem that kept it from being asked."""
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


async def _read(scope: Scope, receive: Receive) -> tuple[Group, SupportRequest]:
    """Return what is asked. Raises Refused; nothing here looks at the database."""
    participant = participant_from(scope)
    if participant is None:
        raise Refused(NOT_SIGNED_IN)
    try:
        quest_id = UUID(scope["path"][PATH[0] : PATH[1]])
    except ValueError:
        raise Refused(NO_SUCH_QUEST) from None
    key = header(scope, b"idempotency-key") or None
    if key is not None and not (len(key) <= KEY_MOST_CHARACTERS and key.isprintable()):
        raise Refused(KEY_INVALID)
    try:
        body = decode(await _body(scope, receive))
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


async def _body(scope: Scope, receive: Receive) -> bytes:
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
