"""Invariants: what must always be true, each as a query whose rows are the violations.

Every package lists its own in `invariants.py`; `banyan verify` and the tests run them all, as the
relay's role, over all workspaces, in one read-only snapshot.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Connection


class Invariant(NamedTuple):
    """A promise about stored rows."""

    id: str
    statement: str
    """What is always true, in one sentence."""
    sql: str
    """Selects what breaks it: no row, no violation. Columns tell where."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What checking one invariant found."""

    invariant: Invariant
    rows: list[dict[str, Any]]
    """What breaks it."""

    @property
    def violations(self) -> list[dict[str, Any]]:
        """At most `MOST_SHOWN` of the rows, for people to read."""
        return self.rows[:MOST_SHOWN]

    @property
    def count(self) -> int:
        """How many rows break it."""
        return len(self.rows)


MOST_SHOWN = 10


def check(connection: Connection, invariant: Invariant) -> Finding:
    """Run one invariant's query on `connection`, whose role must see every workspace."""
    # Given to the driver as it stands: neither a colon nor a percent sign is a parameter.
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        msg = "the database driver is psycopg"
        raise TypeError(msg)
    with driver.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(invariant.sql.encode()).fetchall()
    return Finding(invariant, rows)
