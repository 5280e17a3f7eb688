"""Jobs: work put off to the work process, on the queue `pgqueuer` keeps in the same database.

A job is enqueued in the caller's transaction: it exists exactly if what asked for it does. It runs
at least once, as a unit of work of its workspace, so every handler is idempotent. What fails is
tried again with growing pauses, then held to be looked at, never dropped. Arguments are ids, never
personal data.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
import structlog

from banyan.kernel.db import APP_ROLE
from banyan.kernel.work import SYSTEM, Work, current_database, unit_of_work

logger = structlog.get_logger()

Handler = Callable[..., None]

TRIES_MOST = 8
AT_ONCE_MOST = 10
TABLES = ("pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics")

_handlers: dict[str, Handler] = {}


class Job(NamedTuple):
    """One job to do."""

    name: str
    arguments: dict[str, Any]
    after: timedelta = timedelta(0)
    """How long to wait first."""
    key: str | None = None
    """While a job with this key waits or runs, another one is not added."""


class _Payload(msgspec.Struct):
    workspace_id: UUID
    arguments: dict[str, Any]


def job(name: str) -> Callable[[Handler], Handler]:
    """Let the decorated `handler(work, **arguments)` do the jobs called `name`."""

    def register(handler: Handler) -> Handler:
        if _handlers.setdefault(name, handler) is not handler:
            msg = f"job {name!r} is declared twice"
            raise ValueError(msg)
        return handler

    return register


def enqueue(work: Work, jobs: Sequence[Job]) -> None:
    """Put `jobs` into the queue, in this transaction, with one statement."""
    if not jobs:
        return
    encode = msgspec.json.encode
    cursor = psycopg.RawCursor(work.driver)
    cursor.execute(
        _enqueue_statement(),
        (
            [0 for _ in jobs],
            [each.name for each in jobs],
            [encode(_Payload(work.workspace_id, each.arguments)) for each in jobs],
            [each.after for each in jobs],
            [f"{work.workspace_id}|{each.name}|{each.key}" if each.key else None for each in jobs],
            ["{}" for _ in jobs],
        ),
    )


def perform(name: str, payload: bytes) -> None:
    """Do one job now, as a unit of work of its workspace. Raises KeyError for an unknown name."""
    found = msgspec.json.decode(payload, type=_Payload)
    with unit_of_work(found.workspace_id, SYSTEM) as work:
        _handlers[name](work, **found.arguments)


def drain(most: int = 1000) -> int:
    """Do what is due in the queue, one after the other, in this process; return how many.

    For tests and commands that end; the work process runs `worker`. Raises what a job raises,
    leaving it in the queue.
    """
    done = 0
    while done < most:
        with current_database().app.begin() as connection:
            taken = connection.exec_driver_sql(_TAKE, {"names": list(_handlers)}).one_or_none()
            if taken is None:
                return done
            perform(taken.entrypoint, bytes(taken.payload))
        done += 1
    return done


_TAKE = """
delete from pgqueuer where id = (
  select id from pgqueuer
  where status = 'queued' and execute_after <= now() and entrypoint = any(%(names)s)
  order by id limit 1 for update skip locked)
returning entrypoint, payload
"""


def worker(_settings: object = None) -> Callable[[asyncio.Event], Awaitable[None]]:
    """Return the service that does jobs until its event is set; what runs then is finished."""
    return _work


async def _work(stopping: asyncio.Event) -> None:
    from pgqueuer import PgQueuer  # noqa: PLC0415 - heavy; web processes only enqueue
    from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor  # noqa: PLC0415

    url = current_database().app_url
    connection = await psycopg.AsyncConnection.connect(
        url, autocommit=True, application_name="banyan jobs"
    )
    async with connection:
        queue = PgQueuer.from_psycopg_connection(connection)
        for name in _handlers:

            async def run(taken: Any, name: str = name) -> None:
                try:
                    await asyncio.to_thread(perform, name, taken.payload or b"")
                except Exception:
                    logger.exception("job_failed", job=name, attempts=taken.attempts)
                    raise

            queue.entrypoint(
                name,
                on_failure="hold",
                executor_factory=lambda parameters: DatabaseRetryEntrypointExecutor(
                    parameters, max_attempts=TRIES_MOST
                ),
            )(run)
        stopper = asyncio.create_task(_stop(stopping, queue.shutdown))
        try:
            await queue.run(
                dequeue_timeout=timedelta(seconds=5),
                batch_size=AT_ONCE_MOST // 2,
                max_concurrent_tasks=AT_ONCE_MOST,
            )
        finally:
            stopper.cancel()


async def _stop(stopping: asyncio.Event, shutdown: asyncio.Event) -> None:
    await stopping.wait()
    shutdown.set()


@cache
def _enqueue_statement() -> str:
    from pgqueuer.adapters.persistence.qb import QueryQueueBuilder  # noqa: PLC0415

    return QueryQueueBuilder().build_enqueue_query("skip")


def install_statements() -> list[str]:
    """Return the statements that make the queue and let the application use it; repeatable."""
    from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment  # noqa: PLC0415

    install = QueryBuilderEnvironment().build_install_query()
    tables = ", ".join(TABLES)
    return [
        "do $install$ begin if to_regclass('pgqueuer') is null then execute $ddl$"
        f"{install}$ddl$; end if; end $install$",
        f"grant select, insert, update, delete, truncate on {tables} to {APP_ROLE}",
        *(f"grant usage on sequence {table}_id_seq to {APP_ROLE}" for table in TABLES),
    ]
