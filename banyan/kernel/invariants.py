"""Invariants: what must always be true, each as a query whose rows are the violations.

Every package lists its own in `invariants.py`; `banyan verify` and the tests run them all, as the
relay's role, over all workspaces, in one read-only snapshot.
"""

from typing import NamedTuple

from sqlalchemy import Connection


class Invariant(NamedTuple):
    """A promise about stored rows."""

    id: str
    statement: str
    """What is always true, in one sentence."""
    sql: str
    """Selects what breaks it: no row, no violation. Columns tell where."""


class Finding(NamedTuple):
    """What checking one invariant found."""

    invariant: Invariant
    violations: list[dict[str, object]]
    """At most `MOST_SHOWN` of them."""
    count: int


MOST_SHOWN = 10


def check(connection: Connection, invariant: Invariant) -> Finding:
    """Run one invariant's query on `connection`, whose role must see every workspace."""
    # Given to the driver as it stands: neither a colon nor a percent sign is a parameter.
    with connection.connection.cursor() as cursor:
        cursor.execute(invariant.sql)
        names = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
    return Finding(
        invariant, [dict(zip(names, row, strict=True)) for row in rows[:MOST_SHOWN]], len(rows)
    )
