"""A unit of work: one request or job, one transaction, one workspace, one moment.

Only this module begins and commits. Time comes in with the work, so that a replay, a test and a
simulated crowd meet the same rules as now.
"""

import asyncio
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import Connection, Engine, QueuePool, text
from sqlalchemy.orm import Session
from sqlalchemy.util.concurrency import await_, in_greenlet

from banyan.kernel.connection import SetWiseConnection
from banyan.kernel.db import engine_for


class Actor(NamedTuple):
    """Who does it: `member`, `key` (an API key), `person`, `visitor` or `system`."""

    kind: str
    id: UUID | None = None

    def __str__(self) -> str:
        """Return the form kept in events and audit rows: `member:0190…`, `system`."""
        return self.kind if self.id is None else f"{self.kind}:{self.id}"


SYSTEM = Actor("system")
OPENING_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Work:
    """The first argument of every command and query."""

    session: Session
    workspace_id: UUID
    actor: Actor
    now: datetime
    driver: SetWiseConnection
    """Psycopg's connection of this transaction, for the set-wise statements of hot paths.

    Flush the session before and expire what it holds after writing rows it knows.
    """

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's connection of this transaction."""
        return self.session.connection()


class _OfLoop:
    """The connections of what runs in the event loop's own thread (`kernel.batch`).

    It must not wait for one that threads have, nor for a lock of the pool: it would keep the loop
    from ever giving that back. What bounds it are its batches' lanes.
    """

    def __init__(self, url: str, application_name: str) -> None:
        self._engine = engine_for(url, most_connections=None, application_name=application_name)
        self._opening = ThreadPoolExecutor(OPENING_AT_ONCE, thread_name_prefix="connect")

    @contextmanager
    def connection(self) -> Generator[Connection]:
        # To connect takes locks and may take seconds: in the loop's thread only what is open.
        if cast("QueuePool", self._engine.pool).checkedin():
            connection = self._engine.connect()
        else:
            loop = asyncio.get_running_loop()
            connection = await_(loop.run_in_executor(self._opening, self._engine.connect))
        is_lost = False
        try:
            with connection:
                try:
                    yield connection
                finally:
                    is_lost = connection.invalidated
        finally:
            if is_lost:
                # The others are of the same server: let none of them be opened again in the loop.
                self._engine.dispose()

    def close(self) -> None:
        self._engine.dispose()
        self._opening.shutdown(wait=False)


class Database:
    """The engines of a process: the application's and the relay's, for threads and for the loop."""

    def __init__(self, app_url: str, relay_url: str, *, most_connections: int = 10) -> None:
        """Remember where to connect; nothing is opened yet."""
        self.app: Engine = engine_for(
            app_url, most_connections=most_connections, application_name="banyan"
        )
        self.relay: Engine = engine_for(
            relay_url, most_connections=4, application_name="banyan relay"
        )
        self._app_of_loop = _OfLoop(app_url, "banyan edge")
        self._relay_of_loop = _OfLoop(relay_url, "banyan edge relay")
        self.app_url = app_url
        self.relay_url = relay_url

    @contextmanager
    def app_bind(self) -> Generator[Engine | Connection]:
        """Lend what a session of the application works on, in a thread or in the loop's."""
        if in_greenlet():
            with self._app_of_loop.connection() as connection:
                yield connection
        else:
            yield self.app

    @contextmanager
    def relay_connection(self) -> Generator[Connection]:
        """Lend a connection of the relay's role, in a thread or in the loop's."""
        lent = self._relay_of_loop.connection() if in_greenlet() else self.relay.connect()
        with lent as connection:
            yield connection

    def close(self) -> None:
        """Give every connection back."""
        self.app.dispose()
        self.relay.dispose()
        self._app_of_loop.close()
        self._relay_of_loop.close()


_current: list[Database] = []


def use_database(database: Database | None) -> None:
    """Let this process work on `database` (None: on none)."""
    _current[:] = [] if database is None else [database]


def current_database() -> Database:
    """Return the database of this process. Raises RuntimeError before `use_database`."""
    if not _current:
        msg = "no database: call use_database first"
        raise RuntimeError(msg)
    return _current[0]


@contextmanager
def unit_of_work(workspace_id: UUID, actor: Actor, now: datetime | None = None) -> Generator[Work]:
    """Open one transaction for one workspace; commit when the block ends, roll back if it raises.

    The workspace is set for this transaction alone, so a pooled connection never carries it on.
    """
    with (
        current_database().app_bind() as bind,
        Session(bind, expire_on_commit=False) as session,
        session.begin(),
    ):
        driver = cast("SetWiseConnection", session.connection().connection.driver_connection)
        driver.ask("select set_config('app.workspace_id', %s, true)", (str(workspace_id),))
        yield Work(session, workspace_id, actor, now or datetime.now(UTC), driver)
        session.flush()
        driver.send_asked(commit=True)


@contextmanager
def across_workspaces() -> Generator[Connection]:
    """Open one read-only transaction of the relay's role, which sees every workspace.

    For look-ups before the workspace is known (a session by its token, a link by its code), for
    the relay and for invariants. Nothing else.
    """
    with current_database().relay_connection() as connection, connection.begin():
        connection.execute(text("set transaction read only"))
        yield connection
