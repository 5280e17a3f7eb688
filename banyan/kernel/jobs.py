"""Jobs: work put off to the work process, on the queue `pgqueuer` keeps in the same database.

A job is enqueued in the caller's transaction: it exists exactly if what asked for it does. It runs
at least once, as a unit of work of its workspace, so every handler is idempotent. What fails is
tried again with growing pauses, then held to be looked at, never dropped. Arguments are ids, never
personal data.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
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
RECONNECT_SECONDS = 2.0
TABLES = ("pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics")

_handlers: dict[str, Handler] = {}
_own_work: set[str] = set()
"""Jobs whose handler opens its units of work itself, because it talks to another house between."""


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


def job(name: str, *, opens_work: bool = False) -> Callable[[Handler], Handler]:
    """Let the decorated `handler(work, **arguments)` do the jobs called `name`.

    One that talks over the network `opens_work` itself, so that no transaction waits for another
    house: it is called as `handler(workspace_id, **arguments)`.
    """

    def register(handler: Handler) -> Handler:
        if opens_work:
            _own_work.add(name)
        if _handlers.setdefault(name, handler) is not handler:
            msg = f"job {name!r} is declared twice"
            raise ValueError(msg)
        return handler

    return register


# Written out, as importing the queue's library takes seconds that no web process has to spare.
_ENQUEUE = """
with added as (
  insert into pgqueuer
    (priority, entrypoint, payload, execute_after, dedupe_key, headers, status)
  select 0, j.name, j.payload, now() + j.wait, j.key, '{}', 'queued'
  from unnest(%s::text[], %s::bytea[], %s::interval[], %s::text[])
    with ordinality as j (name, payload, wait, key, nth)
  order by j.nth
  on conflict (dedupe_key) where status in ('queued', 'picked') and dedupe_key is not null
  do nothing
  returning id, entrypoint, priority)
insert into pgqueuer_log (job_id, status, entrypoint, priority)
select id, 'queued', entrypoint, priority from added
"""


def enqueue(work: Work, jobs: Sequence[Job]) -> None:
    """Put `jobs` into the queue, in this transaction, with one statement."""
    if not jobs:
        return
    encode = msgspec.json.encode
    work.driver.execute(
        _ENQUEUE,
        (
            [each.name for each in jobs],
            [encode(_Payload(work.workspace_id, each.arguments)) for each in jobs],
            [each.after for each in jobs],
            [f"{work.workspace_id}|{each.name}|{each.key}" if each.key else None for each in jobs],
        ),
    )


def perform(name: str, payload: bytes) -> None:
    """Do one job now, as a unit of work of its workspace. Raises KeyError for an unknown name."""
    found = msgspec.json.decode(payload, type=_Payload)
    if name in _own_work:
        _handlers[name](found.workspace_id, **found.arguments)
        return
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
    from pgqueuer.errors import FailingListenerError  # noqa: PLC0415 - heavy, see above

    while not stopping.is_set():
        try:
            await _work_while_connected(stopping)
        except (psycopg.Error, FailingListenerError) as problem:
            # The store may be restarting. What was taken is taken again once its heartbeat is old.
            logger.warning("jobs_wait", problem=type(problem).__name__)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RECONNECT_SECONDS):
                    await stopping.wait()


async def _work_while_connected(stopping: asyncio.Event) -> None:
    from pgqueuer import PgQueuer  # noqa: PLC0415
    from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor  # noqa: PLC0415

    connection = await psycopg.AsyncConnection.connect(
        current_database().app_url, autocommit=True, application_name="banyan jobs"
    )
    async with connection:
        queue = PgQueuer.from_psycopg_connection(connection)
        for name in _handlers:
            queue.entrypoint(
                name,
                on_failure="hold",
                executor_factory=lambda parameters: DatabaseRetryEntrypointExecutor(
                    parameters, max_attempts=TRIES_MOST
                ),
            )(_entrypoint(name))
        stopper = asyncio.create_task(_stop(stopping, queue.shutdown))
        try:
            await queue.run(
                dequeue_timeout=timedelta(seconds=5),
                batch_size=AT_ONCE_MOST // 2,
                max_concurrent_tasks=AT_ONCE_MOST,
                shutdown_on_listener_failure=True,
            )
        finally:
            stopper.cancel()


def _entrypoint(name: str) -> Callable[[Any], Awaitable[None]]:
    async def run(taken: Any) -> None:
        try:
            await asyncio.to_thread(perform, name, taken.payload or b"")
        except Exception:
            logger.exception("job_failed", job=name, attempts=taken.attempts)
            raise

    return run


async def _stop(stopping: asyncio.Event, shutdown: asyncio.Event) -> None:
    await stopping.wait()
    shutdown.set()


def install_statements() -> list[str]:
    """Return the statements that make the queue and let the application use it; repeatable."""
    from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment  # noqa: PLC0415

    install = QueryBuilderEnvironment().build_install_query()
    tables = ", ".join(TABLES)
    make = f"execute $ddl${install}$ddl$"
    return [
        f"do $install$ begin if to_regclass('pgqueuer') is null then {make}; end if; end $install$",
        f"grant select, insert, update, delete, truncate on {tables} to {APP_ROLE}",
        *(f"grant usage on sequence {table}_id_seq to {APP_ROLE}" for table in TABLES),
    ]
