"""The analytics store: chDB on one machine, a ClickHouse cluster at scale; one client, one SQL.

A path of chDB belongs to one process. Nothing here is the only copy: events come from the
database, telemetry from kept segments, and each row says where it came from, so that the store
itself knows how far it has come. Every insert is one block and lands whole or not at all.
"""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import clickhouse_connect
import numpy as np
from clickhouse_connect.driver.exceptions import ClickHouseError
from numpy.typing import NDArray

from banyan.kernel.relay import Cursor

NOBODY = UUID(int=0)
"""Stands for "none" in columns of ids: it sorts and compares faster than a nullable column."""

SETTINGS = "settings fsync_after_insert = 1, fsync_part_directory = 1"

TABLES = {
    "events": f"""
create table if not exists events (
  workspace_id UUID, campaign_id UUID, name LowCardinality(String),
  at DateTime64(6, 'UTC'), recorded_at DateTime64(6, 'UTC'),
  xid UInt64, position UInt64, id UUID,
  person_id UUID, referrer_id UUID, quest_id UUID, generation UInt32,
  channel LowCardinality(String), counted UInt8, is_new_person UInt8,
  reason LowCardinality(String), cost_minor Int64, output_minor Int64
) engine = MergeTree order by (workspace_id, campaign_id, name, at) {SETTINGS}
""",
    "telemetry": f"""
create table if not exists telemetry (
  workspace_id UUID, campaign_id UUID, kind LowCardinality(String),
  at DateTime64(6, 'UTC'), journal UUID, offset UInt64,
  visitor_id UUID, address_hash UInt64, link_id UUID, quest_id UUID,
  channel LowCardinality(String), browser LowCardinality(String), flags UInt8,
  first_code String
) engine = MergeTree order by (workspace_id, campaign_id, kind, at) {SETTINGS}
""",
}

COLUMNS = {
    "events": [
        "workspace_id",
        "campaign_id",
        "name",
        "at",
        "recorded_at",
        "xid",
        "position",
        "id",
        "person_id",
        "referrer_id",
        "quest_id",
        "generation",
        "channel",
        "counted",
        "is_new_person",
        "reason",
        "cost_minor",
        "output_minor",
    ],
}


class StoreDown(Exception):  # noqa: N818 - a state of the store
    """The store does not answer."""


class Store:
    """One connection to the store; use it from one thread at a time."""

    def __init__(self, url: str) -> None:
        """Open `chdb:///path` or `clickhouse://…`. Raises StoreDown."""
        self._url = url
        if url.startswith("chdb://"):
            Path(url.removeprefix("chdb://")).mkdir(parents=True, exist_ok=True)
        with _down():
            # The client's parameters are typed only in part.
            self._client: Any = clickhouse_connect.get_client(dsn=url)  # pyright: ignore[reportUnknownMemberType]

    def another(self) -> "Store":
        """Return another connection to the same store, for another thread."""
        return Store(self._url)

    def prepare(self) -> None:
        """Make the tables that are not there."""
        with _down():
            for statement in TABLES.values():
                self._client.command(statement)

    def clear(self) -> None:
        """Forget everything, to be filled again from the database and the segments."""
        with _down():
            for table in TABLES:
                self._client.command(f"truncate table {table}")

    def add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Insert `rows`, in the order of `COLUMNS`, as one block."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        if not columns:
            return
        with _down():
            self._client.insert(
                table,
                columns,
                column_names=COLUMNS[table],
                column_oriented=True,
                settings={"max_insert_block_size": 1_000_000},
            )

    def add_block(self, table: str, columns: Sequence[str], block: bytes) -> None:
        """Insert `block`, rows of `columns` in RowBinary, as one block."""
        if not block:
            return
        with _down():
            self._client.raw_insert(
                table,
                columns,
                block,
                fmt="RowBinary",
                settings={"max_insert_block_size": 1_000_000},
            )

    def rows(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of `query`; parameters are bound by the server, never spliced."""
        with _down():
            found = self._client.query(query, parameters=parameters)
        return [tuple(row) for row in found.result_rows]

    def arrays(self, query: str, **parameters: Any) -> Any:
        """Return the result of `query` as a numpy array with a field a column."""
        with _down():
            return self._client.query_np(query, parameters=parameters)

    def hashes(self, query: str, **parameters: Any) -> NDArray[np.uint64]:
        """Return the one column of `query`, hashes of ids."""
        return np.asarray(self.arrays(query, **parameters)).reshape(-1).astype(np.uint64)

    def event_cursor(self) -> Cursor:
        """Return the place of the last event the store holds."""
        found = self.rows(
            "select xid, position from events order by xid desc, position desc limit 1"
        )
        return Cursor(*found[0]) if found else Cursor()

    def shipped(self, journals: Sequence[UUID]) -> dict[UUID, int]:
        """Return the offset of the last record the store holds of each of `journals`."""
        found = self.rows(
            "select journal, max(offset) from telemetry"
            " where journal in {journals:Array(UUID)} group by journal",
            journals=list(journals),
        )
        return {journal: int(offset) for journal, offset in found}

    def close(self) -> None:
        """Let the store go."""
        self._client.close()


class _down(contextlib.AbstractContextManager[None]):  # noqa: N801 - reads as a clause
    """Turn the client's failures into StoreDown."""

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _: object
    ) -> None:
        if isinstance(problem, ClickHouseError | OSError):
            raise StoreDown(str(problem)) from problem
