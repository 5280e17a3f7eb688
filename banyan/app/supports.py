"""The hot path over HTTP: `POST /api/public/quests/{id}/supports`, a bare ASGI handler.

Whoever asks is known by a signed cookie, the link by the table in memory; the first look at the
database is the transaction that carries out everybody who waits. An answer is sent after that
transaction has committed, so an answered support is a durable one.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec

from banyan import links
from banyan.app import memory
from banyan.app.hot import (
    Answers,
    Group,
    Outcome,
    batched,
    carried_out,
    read_body,
)
from banyan.campaigns import (
    NO_SUCH_QUEST,
    NOT_A_QUEST_LINK,
    UNKNOWN_LINK,
    SupportRequest,
    support,
    surface_of,
)
from banyan.kernel.asgi import Receive, Reply, Scope, Send, asked_time, header, over_asgi, refuse
from banyan.kernel.batch import Batch, Failed
from banyan.kernel.errors import INVALID, NOT_SIGNED_IN, TOO_LARGE, Refused
from banyan.kernel.requests import KEY_INVALID, KEY_MOST_CHARACTERS
from banyan.kernel.settings import Settings
from banyan.links import KnownLink
from banyan.people import Participant, participant_from

BODY_MOST_BYTES = 2048
PATH = len("/api/public/quests/"), -len("/supports")


class Body(msgspec.Struct, frozen=True):
    """What a supporter sends."""

    link_code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


decode = msgspec.json.Decoder(Body).decode


def run_supports(group: Group, requests: list[SupportRequest]) -> list[Outcome]:
    """Carry out supports of one workspace in one transaction; an outcome is an answer's body."""
    return carried_out(group, lambda work, again: support(work, requests, is_careful=again))


class _Hot:
    """What the handler of this process stands on."""

    batch: Batch[Group, SupportRequest, Outcome]
    answers: Answers


_hot = _Hot()


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[None]:
    """Keep this process's batch of supports (`BANYAN_SUPPORT_BATCH`, `BANYAN_SUPPORT_LANES`)."""
    async with batched("SUPPORT", run_supports) as batch:
        _hot.batch, _hot.answers = batch, Answers(settings)
        memory.settle()
        try:
            yield
        finally:
            await _hot.answers.close()


def take_support(scope: Scope, body: bytes, reply: Reply) -> None:
    """Answer one support: 201 with its outcome, or the problem that kept it from being asked."""
    try:
        asked = _read(scope, body)
        link = links.link_table().known(asked.link_code)
        if link is None:
            _hot.answers.beside(_looked_up(scope, asked, reply))
        else:
            _ask(scope, asked, link, reply)
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked is told
        reply(*_hot.answers.refused(scope, error))


async def handle_support(scope: Scope, receive: Receive, send: Send) -> None:
    """Do what `take_support` does, for a request that came by ASGI."""
    try:
        body = await read_body(scope, receive, BODY_MOST_BYTES)
    except Refused as refused:
        await refuse(scope, send, refused)
    else:
        await over_asgi(take_support, scope, send, body)


class _Asked(NamedTuple):
    """A request as it was read, before its link is known."""

    participant: Participant
    quest_id: UUID
    link_code: str
    key: str | None


def _read(scope: Scope, content: bytes) -> _Asked:
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
    if len(content) > BODY_MOST_BYTES:
        raise Refused(TOO_LARGE)
    try:
        body = decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(INVALID, problem=str(error)) from None
    return _Asked(participant, quest_id, body.link_code, key)


async def _looked_up(scope: Scope, asked: _Asked, reply: Reply) -> None:
    try:
        _ask(scope, asked, await links.link_table().find(asked.link_code), reply)
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked is told
        reply(*_hot.answers.refused(scope, error))


def _ask(scope: Scope, asked: _Asked, link: KnownLink | None, reply: Reply) -> None:
    """Hand the support to the batch. Raises Refused."""
    participant = asked.participant
    workspace_id = participant.workspace_id
    if link is None or link.workspace_id != workspace_id:
        raise Refused(UNKNOWN_LINK)
    if link.quest_id != asked.quest_id:
        raise Refused(NOT_A_QUEST_LINK)

    def told(outcome: Outcome | Failed) -> None:
        if isinstance(outcome, bytes):
            reply(_hot.answers.created, outcome)
        else:
            error = outcome.error if isinstance(outcome, Failed) else outcome
            reply(*_hot.answers.refused(scope, error))

    surface = _surface(header(scope, b"user-agent"))
    _hot.batch.put(
        (workspace_id, asked_time(scope) if participant.may_set_clock else None),
        SupportRequest(asked.quest_id, participant.person_id, asked.link_code, surface, asked.key),
        told,
    )


_surface = lru_cache(maxsize=4096)(surface_of)
_id = lru_cache(maxsize=8192)(UUID)
