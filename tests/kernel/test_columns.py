"""Columns: what a list becomes on the wire is what PostgreSQL reads back, None and all."""

from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, cast
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.kernel.connection import SetWiseConnection, connect
from tests.conftest import Urls

SMALL = st.integers(-(1 << 15), (1 << 15) - 1)
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
MOMENTS = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001 - the zone is given below
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
VALUES: dict[LiteralString, st.SearchStrategy[Any]] = {
    "uuid": st.uuids(),
    "text": WORDS,
    "smallint": SMALL,
    "int": st.integers(-(1 << 31), (1 << 31) - 1),
    "bigint": st.integers(-(1 << 63), (1 << 63) - 1),
    "boolean": st.booleans(),
    "timestamptz": MOMENTS,
}


@pytest.fixture(scope="module")
def connection(urls: Urls) -> Any:
    with connect(urls.app, autocommit=True) as made:
        yield made


def alike(one: Any, count: int) -> list[Any]:
    return [one] * count


@pytest.mark.parametrize("named", VALUES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_column_comes_back_as_it_was(
    connection: SetWiseConnection, named: LiteralString, data: st.DataObject
) -> None:
    anything = st.lists(st.none() | VALUES[named])
    column = data.draw(anything | st.builds(alike, VALUES[named], st.integers(1, 9)))
    rows = connection.execute(
        f"select a.one from unnest(%b::{named}[]) with ordinality as a (one, nth) order by nth",
        (column,),
    ).fetchall()
    assert [row[0] for row in rows] == column
    (count,) = connection.execute(
        f"select count(*) from unnest(%(column)b::{named}[]) as a", {"column": column}
    ).fetchone() or (None,)
    assert count == len(column)


def test_one_statement_has_one_plan_whatever_is_none(connection: SetWiseConnection) -> None:
    statement = "select count(*) from unnest(%b::uuid[], %b::text[], %b::int[]) as one_plan"
    for nth in range(40):
        columns = ([uuid4(), None], [None, None] if nth % 2 else ["a", None], [nth * 5000, None])
        connection.execute(statement, columns)
    row = connection.execute(
        "select count(*) from pg_prepared_statements where statement like '%one_plan%'"
        " and statement not like '%pg_prepared%'"
    ).fetchone()
    assert row == (1,)


def test_ids_of_both_forms_and_lists_without_a_cast(connection: SetWiseConnection) -> None:
    ids = [uuid4(), UUID(int=0), UUID(int=(1 << 128) - 1)]
    for binary in (False, True):
        rows = connection.execute(
            "select one from unnest(%b::uuid[]) as one where one = any(%b)",
            (ids, ids),
            binary=binary,
        ).fetchall()
        assert [row[0] for row in rows] == ids
        assert hash(rows[0][0]) == hash(ids[0])
        assert str(rows[0][0]) == str(ids[0])


def test_a_value_of_another_type_is_an_error(connection: SetWiseConnection) -> None:
    for named, wrong in (("int", 1 << 40), ("uuid", "no id"), ("text", 5)):
        with pytest.raises((OverflowError, AttributeError, TypeError, psycopg.Error)):
            connection.execute(
                cast("LiteralString", f"select * from unnest(%b::{named}[])"), ([wrong],)
            )
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=1)
    row = connection.execute("select %s::timestamptz", (moment,)).fetchone()
    assert row == (moment,)
