"""The relay meets every event: late commits, outages and poison included."""

import json
import time
from collections.abc import Sequence
from uuid import UUID

import psycopg
import pytest

from banyan.kernel.connection import connect
from banyan.kernel.ids import new_id
from banyan.kernel.postgres import Urls
from banyan.kernel.relay import Consumer, Cursor, NotNow, Recorded, read_events
from banyan.kernel.work import Database


def record(connection: psycopg.Connection, workspace: UUID, *names: str) -> None:
    """Record one event a name in the transaction at hand, as `events.record` does."""
    connection.execute("select set_config('app.workspace_id', %s, true)", (str(workspace),))
    connection.cursor().executemany(
        "insert into events (workspace_id, id, name, occurred_at, actor, body)"
        " values (%s, %s, %s, now(), 'system', %s)",
        [(workspace, new_id(), name, json.dumps({"name": name})) for name in names],
    )


def newest(connection: psycopg.Connection) -> Cursor:
    """Return the place after everything recorded so far."""
    cursor = Cursor()
    while batch := read_events(connection, cursor):
        cursor = batch[-1].cursor
    return cursor


def until_readable(connection: psycopg.Connection) -> None:
    """Wait for transactions of other databases on this server: they share its horizon."""
    row = connection.execute(
        "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    ).fetchone()
    assert row is not None
    for _ in range(1000):
        horizon = connection.execute(
            "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= %s", row
        ).fetchone()
        if horizon == (True,):
            return
        time.sleep(0.02)
    pytest.fail("a transaction of another test has stayed open for 20 s")


@pytest.mark.usefixtures("database")
def test_a_transaction_that_commits_late_is_not_lost(urls: Urls, workspace: UUID) -> None:
    with (
        connect(urls.relay, autocommit=True) as relay,
        psycopg.connect(urls.app) as slow,
        psycopg.connect(urls.app) as quick,
    ):
        start = newest(relay)
        record(slow, workspace, "late")
        record(quick, workspace, "early")
        quick.commit()

        seen: list[str] = []
        cursor = start
        naive_seen: list[str] = []
        naive_position = start.position
        for finish_slow in (False, True):
            if finish_slow:
                slow.commit()
                until_readable(relay)
            for event in read_events(relay, cursor):
                seen.append(event.name)
                cursor = event.cursor
            # What a cursor on position alone would have read, beside it:
            rows = relay.execute(
                "select position, name from events where position > %s and workspace_id = %s"
                " order by position",
                (naive_position, workspace),
            ).fetchall()
            for position, name in rows:
                naive_seen.append(name)
                naive_position = position
        assert seen == ["late", "early"]
        assert naive_seen == ["early"], "the race this test is about did not happen"


@pytest.mark.usefixtures("database")
def test_the_cursor_survives_and_unwanted_events_are_passed_over(
    urls: Urls, workspace: UUID
) -> None:
    taken: list[str] = []

    def take(batch: Sequence[Recorded]) -> None:
        taken.extend(event.name for event in batch if event.workspace_id == workspace)

    name = f"test {workspace}"
    with (
        connect(urls.relay, autocommit=True) as relay,
        psycopg.connect(urls.app) as app,
    ):
        record(app, workspace, "a.one", "a.two", "a.one")
        app.commit()
        until_readable(relay)
        first = Consumer(name, urls.relay, take, most=2, wanted=frozenset({"a.one"}))
        while first.step(relay):
            pass
        record(app, workspace, "a.one")
        app.commit()
        until_readable(relay)
        again = Consumer(name, urls.relay, take, wanted=frozenset({"a.one"}))
        again.cursor = again._kept(relay)
        assert again.cursor > Cursor()
        while again.step(relay):
            pass
    assert taken == ["a.one", "a.one", "a.one"]


def test_one_poisoned_event_is_set_aside_and_the_rest_goes_on(
    urls: Urls, database: Database, workspace: UUID
) -> None:
    done: set[str] = set()

    def take(batch: Sequence[Recorded]) -> None:
        mine = [event for event in batch if event.workspace_id == workspace]
        if any(event.name == "p.poison" for event in mine):
            raise ValueError
        done.update(event.name for event in mine)

    name = f"test {workspace}"
    with (
        connect(urls.relay, autocommit=True) as relay,
        psycopg.connect(urls.app) as app,
    ):
        start = newest(relay)
        record(app, workspace, "p.a", "p.b", "p.poison", "p.c", "p.d")
        app.commit()
        until_readable(relay)
        consumer = Consumer(name, urls.relay, take)
        consumer.cursor = start
        assert consumer.step(relay) == 5
        rows = relay.execute(
            "select e.name, s.problem from relay_set_aside s join events e"
            " on e.id = s.event_id where s.consumer = %s",
            (name,),
        ).fetchall()
    assert done == {"p.a", "p.b", "p.c", "p.d"}
    assert rows == [("p.poison", "ValueError")]


@pytest.mark.usefixtures("database")
def test_a_consumer_that_cannot_now_keeps_its_place(urls: Urls, workspace: UUID) -> None:
    def take(_: Sequence[Recorded]) -> None:
        raise NotNow

    with (
        connect(urls.relay, autocommit=True) as relay,
        psycopg.connect(urls.app) as app,
    ):
        start = newest(relay)
        record(app, workspace, "n.one")
        app.commit()
        until_readable(relay)
        consumer = Consumer(f"test {workspace}", urls.relay, take)
        consumer.cursor = start
        with pytest.raises(NotNow):
            consumer.step(relay)
        assert consumer.cursor == start
