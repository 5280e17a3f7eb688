"""Statements that travel together: in their order, all or none, with errors of their own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from banyan.kernel.connection import SetWiseConnection, connect
from banyan.kernel.postgres import Urls

INSERT = "insert into told (id, said) select a.* from unnest(%b::uuid[], %b::text[]) as a"


@pytest.fixture
def connection(urls: Urls) -> Iterator[SetWiseConnection]:
    with connect(urls.owner) as made:
        made.execute("create temp table told (id uuid primary key, said text)")
        yield made
        if not made.closed:
            made.rollback()


def said(connection: SetWiseConnection) -> list[str]:
    return [row[0] for row in connection.ask("select said from told order by said")]


def test_what_is_asked_is_done_in_its_order(connection: SetWiseConnection) -> None:
    now, one = datetime.now(UTC), uuid4()
    first = connection.ask("select count(*)::int from told")
    connection.ask(INSERT, ([one], ["a 50%"]))
    then = connection.ask("select id, said, %s::timestamptz, %s from told", (now, "wörter"))
    assert then.rows() == [(one, "a 50%", now, "wörter")]
    assert first.rows() == [(0,)]
    assert connection.ask("select said from told where said like 'a 50%%'").rows() == [("a 50%",)]


def test_whatever_else_is_done_comes_after_what_was_asked(connection: SetWiseConnection) -> None:
    connection.ask(INSERT, ([uuid4()], ["a"]))
    assert connection.execute("select count(*) from told").fetchone() == (1,)


def test_the_first_error_is_raised_and_nothing_behind_it_happens(
    connection: SetWiseConnection,
) -> None:
    class QuickerError(RuntimeError):
        pass

    connection.send_asked(commit=True)
    one = uuid4()
    connection.ask(INSERT, ([one], ["a"]))
    connection.ask(INSERT, ([one], ["b"]), instead={psycopg.errors.UniqueViolation: QuickerError})
    behind = connection.ask("select 1")
    with pytest.raises(QuickerError):
        connection.send_asked(commit=True)
    with pytest.raises(psycopg.InterfaceError):
        behind.rows()
    connection.rollback()
    assert said(connection) == []
    with pytest.raises(psycopg.errors.DivisionByZero):
        connection.ask("select 1 / 0").rows()


def test_it_commits_with_what_was_asked_and_never_without(connection: SetWiseConnection) -> None:
    connection.ask(INSERT, ([uuid4()], ["a"]))
    with pytest.raises(psycopg.InterfaceError):
        connection.commit()
    connection.send_asked(commit=True)
    connection.ask(INSERT, ([uuid4()], ["b"]))
    connection.rollback()
    assert said(connection) == ["a"]


def test_a_statement_is_known_again_after_a_rollback(connection: SetWiseConnection) -> None:
    connection.commit()
    for _ in range(3):
        connection.execute("select 1", prepare=True)
        assert connection.ask("select 2").rows() == [(2,)]
        connection.rollback()


def test_many_rows_and_a_long_list_pass(connection: SetWiseConnection) -> None:
    ids = sorted(uuid4() for _ in range(50_000))
    connection.ask(INSERT, (ids, ["x" * 100] * len(ids)))
    assert [row[0] for row in connection.ask("select id from told order by id")] == ids


def test_what_cannot_be_written_is_an_error_at_once(connection: SetWiseConnection) -> None:
    for value in (1, None, [], [1]):
        with pytest.raises(TypeError):
            connection.ask("select %s", (value,))


def test_a_lost_connection_is_an_operational_error(
    connection: SetWiseConnection, urls: Urls
) -> None:
    own = connection.info.backend_pid
    connection.commit()
    with psycopg.connect(urls.superuser, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", (own,))
    connection.ask("select pg_sleep(0.2)")
    with pytest.raises(psycopg.OperationalError):
        connection.send_asked()
