"""Ingest: the one thread that writes to the store, events and telemetry in turn.

The store keeps how far it has come, so a batch that a crash interrupts is neither lost nor twice
there. While the database is down telemetry still arrives; while the store is down both wait.
"""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import psycopg
import structlog

from banyan.analytics.projection import EVENT_COLUMNS, event_block
from banyan.analytics.shipping import Shipper
from banyan.analytics.store import Store, StoreDown
from banyan.kernel.connection import SetWiseConnection, connect
from banyan.kernel.relay import BATCH_MOST, Consumer, NotNow, Recorded

log = structlog.get_logger(__name__)

STEP_SECONDS = 0.2
"""An insert costs the store some 10 ms however small it is: what comes within a step shares it."""
PAUSE_SECONDS = 1.0
BUSY_RECORDS = 5_000


class Ingest:
    """Fills one store from the database and the journals of this machine until it is stopped."""

    def __init__(
        self,
        store: Store,
        relay_url: str,
        journal: Path,
        kept: Path,
        changed: Callable[[set[tuple[UUID, UUID]], set[UUID]], None],
    ) -> None:
        """`changed(campaigns, quests)` is told after each batch: (workspace, campaign), quests."""
        self.store = store
        self.as_of = 0.0
        """Unix seconds; everything that had happened by then is in the store."""
        self._relay_url = relay_url
        self._changed = changed
        self._touched: set[tuple[UUID, UUID]] = set()
        self._quests: set[UUID] = set()
        self._shipper = Shipper(journal, kept, store, lambda w, c: self._touched.add((w, c)))
        self._consumer = Consumer("analytics", relay_url, self._take, begins=store.event_cursor)
        self._connection: SetWiseConnection | None = None
        self._stopping = threading.Event()
        self._rebuilt: threading.Event | None = None

    def run(self) -> None:
        """Ingest until `stop`. Outages are waited out, never raised."""
        while not self._stopping.is_set():
            began = time.time()
            try:
                busy = self._step(began)
            except (StoreDown, NotNow, psycopg.Error, OSError) as problem:
                log.warning("analytics_waits", problem=type(problem).__name__)
                self._disconnect()
                busy = False
                self._stopping.wait(PAUSE_SECONDS)
            if self._touched or self._quests:
                touched, self._touched = self._touched, set()
                quests, self._quests = self._quests, set()
                self._changed(touched, quests)
            if not busy:
                self._stopping.wait(max(0.0, STEP_SECONDS - (time.time() - began)))
        self._disconnect()

    def stop(self) -> None:
        """Let `run` return after the batch at hand."""
        self._stopping.set()

    def rebuild(self, timeout_seconds: float) -> bool:
        """Forget the store and fill it again; return whether that was done in time."""
        done = self._rebuilt = threading.Event()
        return done.wait(timeout_seconds)

    def _step(self, began: float) -> bool:
        if self._rebuilt is not None:
            self._fill_again()
        shipped = self._shipper.step()
        if self._connection is None:
            self._connection = connect(
                self._relay_url,
                autocommit=True,
                connect_timeout=5,
                application_name="banyan analytics",
            )
            self._consumer.cursor = self.store.event_cursor()
        read = self._consumer.step(self._connection)
        is_busy = read == BATCH_MOST or shipped > BUSY_RECORDS
        if not is_busy:
            self.as_of = began
        return is_busy

    def _fill_again(self) -> None:
        self.store.clear()
        self._disconnect()
        self._shipper.again()
        while self._shipper.step():
            pass
        with connect(self._relay_url, autocommit=True) as connection:
            self._consumer.cursor = self.store.event_cursor()
            while self._consumer.step(connection):
                pass
        done, self._rebuilt = self._rebuilt, None
        if done is not None:
            done.set()

    def _take(self, batch: Sequence[Recorded]) -> None:
        # A body of another shape is set aside in the block and not by halving the batch: the
        # cursor in the store must pass over it with the rest.
        block = event_block(batch)
        for name in block.unread:
            log.warning("event_not_projected", event_name=name)
        try:
            self.store.add_block("events", EVENT_COLUMNS, block.rows)
        except StoreDown as problem:
            raise NotNow from problem
        self._touched |= block.campaigns
        self._quests |= block.quests

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
