"""Planting: a fault written past every guard, in a transaction that never commits."""

from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

from banyan.app.verify import invariants
from banyan.kernel.postgres import Urls
from tests.whole import TOLD_ONLY

Fault = LiteralString | tuple[LiteralString, tuple[object, ...]]


def found_by(urls: Urls, invariant_id: str, *faults: Fault) -> list[dict[str, Any]]:
    """Return the rows that an invariant finds after `faults`; before them it finds none.

    A fault is a statement, or one with its parameters. Triggers sleep meanwhile, and everything is
    rolled back.
    """
    (invariant,) = (one for _, one in invariants() if one.id == invariant_id)
    with psycopg.connect(urls.superuser) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        cursor.execute("set local session_replication_role = replica")
        assert _of_whole(cursor.execute(invariant.sql.encode()).fetchall()) == []
        for fault in faults:
            statement, params = fault if isinstance(fault, tuple) else (fault, ())
            assert cursor.execute(statement, params or None).rowcount != 0, statement
        rows = _of_whole(cursor.execute(invariant.sql.encode()).fetchall())
        connection.rollback()
    return rows


def _of_whole(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row.get("workspace_id") not in TOLD_ONLY]
