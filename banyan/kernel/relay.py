"""The relay: hands recorded events to whoever listens, in the order of their transactions.

Events are read in the order `(xid, position)` and only below `pg_snapshot_xmin`, where every
transaction is finished. A cursor on `position` alone would pass over a transaction that took its
number early and commits late. Each consumer has a cursor of its own and meets every event at
least once, so it must be able to meet one twice.

Nothing is notified inside business transactions: PostgreSQL serialises notifying commits on one
lock, through their fsync. The relay polls instead.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from threading import Event as Flag
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import BigInteger, DateTime, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.connection import SetWiseConnection, connect
from banyan.kernel.db import Base
from banyan.kernel.events import Xid8

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.05
BATCH_MOST = 5_000
TRIES_BEFORE_ISOLATION = 3
PAUSE_MOST_SECONDS = 5.0
KEEP_SECONDS = 60.0
"""How often a cursor is kept that only passes over what its consumer does not want."""


class RelayCursor(Base):
    """How far a consumer has come."""

    __tablename__ = "relay_cursors"
    __table_args__ = ({"info": {"relay_writes": True}},)

    consumer: Mapped[str] = mapped_column(Text, primary_key=True)
    xid: Mapped[int] = mapped_column(Xid8)
    position: Mapped[int] = mapped_column(BigInteger)
    moved_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class RelaySetAside(Base):
    """An event that one consumer could not take; the others and those after it went on."""

    __tablename__ = "relay_set_aside"
    __table_args__ = ({"info": {"relay_writes": True}},)

    consumer: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    event_id: Mapped[UUID]
    problem: Mapped[str] = mapped_column(Text)
    set_aside_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class Cursor(NamedTuple):
    """A place in the order of events."""

    xid: int = 0
    position: int = 0


class Recorded(NamedTuple):
    """An event as the relay reads it. `body` is its JSON text."""

    xid: int
    position: int
    id: UUID
    workspace_id: UUID
    name: str
    campaign_id: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    body: str

    @property
    def cursor(self) -> Cursor:
        """Its place."""
        return Cursor(self.xid, self.position)


class NotNow(Exception):  # noqa: N818 - not an error: the consumer asks to be called again later
    """A consumer cannot take anything at the moment (its store is down); nothing is set aside."""


SETTLED = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"

READ = """
select xid::text::bigint, position, id, workspace_id, name, campaign_id, occurred_at, recorded_at,
       actor, body::text
from events
where (xid, position) > (%s::text::xid8, %s::bigint) and xid < %s::text::xid8
"""
NEXT = """
select xid::text::bigint, position, id, workspace_id, name, campaign_id, occurred_at, recorded_at,
       actor, body::text
from events
where (xid, position) > (%s::text::xid8, %s::bigint)
  and xid < pg_snapshot_xmin(pg_current_snapshot()){names}
order by xid, position limit %s::bigint
"""
WANTED = " and name = any(%b::text[])"
LAST_POSITION = (1 << 63) - 1


def settled_place(connection: psycopg.Connection[Any]) -> Cursor:
    """Return the place below which every transaction is finished: nothing will come before it."""
    row = connection.execute(SETTLED, prepare=True).fetchone()
    return Cursor(int(row[0]) - 1 if row else 0, LAST_POSITION)


def read_events(
    connection: psycopg.Connection[Any],
    after: Cursor,
    most: int = BATCH_MOST,
    *,
    until: Cursor | None = None,
    wanted: frozenset[str] | None = None,
) -> list[Recorded]:
    """Return the next events after `after` whose place in the order is settled, at most `most`.

    `until` is what `settled_place` returned, if it was asked; `wanted` are the names to read.
    """
    settled = until or settled_place(connection)
    parameters: list[Any] = [str(after.xid), after.position, str(settled.xid + 1)]
    statement = READ
    if wanted is not None:
        statement += " and name = any(%s)"
        parameters.append(sorted(wanted))
    # In binary: neither side writes and reads ids and moments as text, thousands of them a second.
    with connection.cursor(binary=True) as cursor:
        cursor.execute(
            statement + " order by xid, position limit %s", (*parameters, most), prepare=True
        )
        return [Recorded._make(row) for row in cursor]


SET_ASIDE = """
select e.xid::text::bigint, e.position, e.id, e.workspace_id, e.name, e.campaign_id, e.occurred_at,
       e.recorded_at, e.actor, e.body::text
from relay_set_aside s join events e on e.position = s.position and e.id = s.event_id
where s.consumer = %s
"""

Take = Callable[[Sequence[Recorded]], Sequence[Recorded] | None]
"""Takes a batch of events; when it returns, they are done, but for those it returns: they have to
wait and are set aside. Raising means none may be done."""


class Consumer:
    """One listener and its cursor. `run` goes on until it is stopped; call it in a thread."""

    def __init__(
        self,
        name: str,
        relay_url: str,
        take: Take,
        *,
        begins: Callable[[], Cursor] | None = None,
        most: int = BATCH_MOST,
        wanted: frozenset[str] | None = None,
        again_seconds: float | None = None,
    ) -> None:
        """`begins` tells the cursor when the consumer's own store keeps it; else a table does.

        `wanted` names the events it is handed; the rest never leave the database. With
        `again_seconds`, what was set aside is handed over again that often until it is taken.
        """
        self.name = name
        self.behind_seconds = 0.0
        """Age of the oldest event of the last batch when it was read, 0 when there was none."""
        self.cursor = Cursor()
        self._relay_url = relay_url
        self._take = take
        self._begins = begins
        self._most = most
        self._wanted = wanted
        self._kept_at = 0.0
        self._again_seconds = again_seconds
        self._again_at = 0.0
        self._aside: dict[int, Recorded] | None = None
        """What is set aside, by position; None: not read yet, or nobody asks."""
        self._stopping = Flag()

    def stop(self) -> None:
        """Let `run` return after the batch at hand."""
        self._stopping.set()

    def run(self) -> None:
        """Hand events to the listener until stopped; outages are waited out, never raised."""
        pause = POLL_SECONDS
        while not self._stopping.is_set():
            try:
                with _connect(self._relay_url) as connection:
                    self.cursor = self._begins() if self._begins else self._kept(connection)
                    while not self._stopping.is_set():
                        if self.step(connection) < self._most:
                            self._stopping.wait(POLL_SECONDS)
                        pause = POLL_SECONDS
            except (psycopg.OperationalError, NotNow) as problem:
                log.warning("relay_waits", consumer=self.name, problem=type(problem).__name__)
                self._stopping.wait(pause)
                pause = min(2 * pause, PAUSE_MOST_SECONDS)

    def step(self, connection: SetWiseConnection) -> int:
        """Hand over the next batch and move the cursor. Return how many events were read."""
        if self._again_seconds is not None and time.monotonic() >= self._again_at:
            self._hand_over_again(connection)
            self._again_at = time.monotonic() + self._again_seconds
        settled, batch = self._next(connection)
        self.behind_seconds = time.time() - batch[0].recorded_at.timestamp() if batch else 0.0
        if batch:
            self._hand_over(connection, batch)
        # What was not wanted up to there need not be looked at again.
        last = batch[-1].cursor if batch else self.cursor
        self.cursor = max(self.cursor, last, settled if len(batch) < self._most else last)
        if self._begins is None and (batch or time.monotonic() - self._kept_at > KEEP_SECONDS):
            self._keep(connection)
        return len(batch)

    def _next(self, connection: SetWiseConnection) -> tuple[Cursor, list[Recorded]]:
        """Read the next batch, and the place up to which it leaves out only what is not wanted.

        Both travel together, dozens of times a second. The place is read first, so whatever is
        settled then is seen by the second.
        """
        place = connection.ask(SETTLED)
        after = (str(self.cursor.xid), str(self.cursor.position))
        if self._wanted is None:
            found = connection.ask(NEXT.format(names=""), (*after, str(self._most)))
        else:
            names = sorted(self._wanted)
            found = connection.ask(NEXT.format(names=WANTED), (*after, names, str(self._most)))
        ((xid,),) = place
        return Cursor(int(xid) - 1, LAST_POSITION), [Recorded._make(row) for row in found]

    def _keep(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(
            "insert into relay_cursors (consumer, xid, position)"
            " values (%s, %s::text::xid8, %s) on conflict (consumer) do update"
            " set xid = excluded.xid, position = excluded.position, moved_at = now()",
            (self.name, str(self.cursor.xid), self.cursor.position),
        )
        self._kept_at = time.monotonic()

    def _hand_over_again(self, connection: psycopg.Connection[Any]) -> None:
        """Hand over what was set aside; what is taken now is forgotten."""
        if self._aside is None:
            # Once in a process: events are not found quickly by their position alone.
            with connection.cursor(binary=True) as cursor:
                rows = map(Recorded._make, cursor.execute(SET_ASIDE, (self.name,)))
                self._aside = {event.position: event for event in rows}
        waiting = sorted(self._aside.values(), key=lambda event: event.cursor)
        for first in range(0, len(waiting), self._most):
            batch = waiting[first : first + self._most]
            aside = self._hand_over(connection, batch)
            done = {event.position for event in batch} - {event.position for event in aside}
            connection.execute(
                "delete from relay_set_aside where consumer = %s and position = any(%s)",
                (self.name, sorted(done)),
            )
            for position in done:
                del self._aside[position]

    def _hand_over(
        self, connection: psycopg.Connection[Any], batch: Sequence[Recorded]
    ) -> list[Recorded]:
        """Hand over a batch; return what was set aside of it."""
        last: Exception | None = None
        for turn in range(TRIES_BEFORE_ISOLATION):
            try:
                waiting = self._take(batch) or ()
            except (psycopg.OperationalError, NotNow):
                raise
            except Exception as problem:
                log.exception("relay_take_failed", consumer=self.name, turn=turn)
                last = problem
                self._stopping.wait(POLL_SECONDS * 2**turn)
            else:
                return self._set_aside(connection, waiting, "waits")
        if len(batch) > 1:
            # One poisoned event must not hold up the others: halve until it stands alone.
            half = len(batch) // 2
            aside = self._hand_over(connection, batch[:half])
            return aside + self._hand_over(connection, batch[half:])
        return self._set_aside(connection, batch, type(last).__name__)

    def _set_aside(
        self, connection: psycopg.Connection[Any], events: Sequence[Recorded], problem: str
    ) -> list[Recorded]:
        for event in events:
            connection.execute(
                "insert into relay_set_aside (consumer, position, event_id, problem)"
                " values (%s, %s, %s, %s) on conflict do nothing",
                (self.name, event.position, event.id, problem),
            )
            if self._aside is not None and event.position not in self._aside:
                self._aside[event.position] = event
                log.warning("relay_set_aside", consumer=self.name, event_id=str(event.id))
        return list(events)

    def _kept(self, connection: psycopg.Connection[Any]) -> Cursor:
        row = connection.execute(
            "select xid::text::bigint, position from relay_cursors where consumer = %s",
            (self.name,),
        ).fetchone()
        return Cursor(*row) if row else Cursor()


def _connect(url: str) -> SetWiseConnection:
    return connect(url, autocommit=True, connect_timeout=5, application_name="banyan relay")


def tell(connection: psycopg.Connection[Any], channel: str, topics: Sequence[str]) -> None:
    """Notify `channel` of `topics`, as few messages as their size allows. Not for business work."""
    line: list[str] = []
    size = 0
    lines: list[str] = []
    for topic in topics:
        if size + len(topic) + 1 > 7_900:  # noqa: PLR2004 - PostgreSQL takes less than 8000 bytes
            lines.append(" ".join(line))
            line, size = [], 0
        line.append(topic)
        size += len(topic) + 1
    if line:
        lines.append(" ".join(line))
    with suppress(psycopg.errors.ProgramLimitExceeded):
        connection.execute("select pg_notify(%s, t) from unnest(%s::text[]) as t", (channel, lines))
