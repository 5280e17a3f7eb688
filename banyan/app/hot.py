"""What the hot paths share: one batch a process, run again when overtaken, small bodies, one answer.

An answer is sent after the transaction that carried it out has committed, so what is answered is
durable.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy.exc
import structlog

from banyan import ledger
from banyan.app.edge.headers import SecurityHeaders
from banyan.app.edge.problems import refused_for
from banyan.kernel.asgi import (
    Head,
    Receive,
    Scope,
    Send,
    answer,
    header,
    language_of,
    problem,
    refuse,
)
from banyan.kernel.batch import Batch
from banyan.kernel.errors import STORE_DOWN, TOO_LARGE, Refused
from banyan.kernel.settings import Settings
from banyan.kernel.work import Actor, Work, unit_of_work

logger = structlog.get_logger()

I = TypeVar("I")  # noqa: E741 - an item
O = TypeVar("O")  # noqa: E741 - its outcome

TRIES = 4
"""How often a set of requests is run again because another transaction was quicker."""
HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
]
QUICKER = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected, ledger.Overtaken)
DOWN = (psycopg.OperationalError, sqlalchemy.exc.OperationalError, sqlalchemy.exc.TimeoutError)

Group = tuple[UUID, datetime | None]
"""A workspace, and the simulated moment if there is one."""
Outcome = bytes | Refused
"""The body of an answer, or why there is none."""

_encode = msgspec.json.Encoder().encode


def carried_out(
    group: Group, command: Callable[[Work, bool], Sequence[msgspec.Struct | Refused]]
) -> list[Outcome]:
    """Run a set-wise command as `committed` does and return the bodies of its answers."""
    outcomes = committed(group, command)
    return [each if isinstance(each, Refused) else _encode(each) for each in outcomes]


def committed(group: Group, command: Callable[[Work, bool], Sequence[O]]) -> Sequence[O]:
    """Run a set-wise command in one transaction and return its outcomes.

    `command(work, is_again)` is run again, a few times, when another transaction was quicker. A
    lost connection is tried once more: what has been committed already is found as a repeat.
    """
    workspace_id, now = group
    was_lost = False
    for attempt in range(TRIES):
        try:
            with unit_of_work(workspace_id, Actor("person"), now) as work:
                outcomes = command(work, attempt > 0)
        except QUICKER:
            if attempt == TRIES - 1:
                raise
        except DOWN:
            if was_lost:
                raise
            was_lost = True
        else:
            return outcomes
    raise AssertionError


@asynccontextmanager
async def batched(
    name: str, run: Callable[[Group, list[I]], Sequence[Outcome]]
) -> AsyncGenerator[Batch[Group, I, Outcome]]:
    """Keep this process's batch of `run`; on the way out, answer who still waits.

    `BANYAN_<name>_BATCH` is the most in one transaction, `BANYAN_<name>_LANES` how many
    transactions may run side by side.
    """
    batch = Batch(
        run,
        most=int(os.environ.get(f"BANYAN_{name}_BATCH") or 512),
        lanes=int(os.environ.get(f"BANYAN_{name}_LANES") or 1),
        common=DOWN,
        in_loop=True,
    )
    try:
        yield batch
    finally:
        await batch.close()


async def answered(scope: Scope, send: Send, asked: Awaitable[Outcome]) -> None:
    """Answer 201 with the body that `asked` comes to, or the problem that kept it from that."""
    try:
        outcome = await asked
    except Refused as refused:
        outcome = refused
    except DOWN as error:
        logger.warning("store_down", kind=type(error).__name__)
        outcome = Refused(STORE_DOWN)
    if isinstance(outcome, Refused):
        await refuse(scope, send, outcome)
    else:
        await answer(send, 201, HEADERS, outcome)


class Answers:
    """How a hot path answers whoever calls `edge.wire.Hot`: past the layers that wrap the others."""

    def __init__(self, settings: Settings) -> None:
        """Write the common headers once."""
        self._extra = SecurityHeaders(is_https=settings.is_https).of("/api/public/")
        self.created = Head(201, [(b"content-type", b"application/json"), *self._extra])
        self._beside: set[asyncio.Task[None]] = set()

    def refused(self, scope: Scope, error: BaseException) -> tuple[Head, bytes]:
        """Return the problem+json that tells whoever asked of `error`."""
        status, headers, body = problem(refused_for(error), language_of(scope))
        given = {name for name, _ in headers}
        extra = (each for each in self._extra if each[0] not in given)
        return Head(status, [*headers, *extra]), body

    def beside(self, work: Coroutine[Any, Any, None], name: str | None = None) -> None:
        """Run `work` beside the requests, unless something of that `name` runs already."""
        if name is not None and any(task.get_name() == name for task in self._beside):
            work.close()
            return
        task = asyncio.create_task(work, name=name)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def close(self) -> None:
        """End what runs beside the requests."""
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)


async def read_body(scope: Scope, receive: Receive, most_bytes: int) -> bytes:
    """Return the whole body. Raises `body_too_large`."""
    length = header(scope, b"content-length")
    if length.isdigit() and int(length) > most_bytes:
        raise Refused(TOO_LARGE)
    message: Any = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= most_bytes:
        message = await receive()
        body += message.get("body", b"")
    if len(body) > most_bytes:
        raise Refused(TOO_LARGE)
    return body
