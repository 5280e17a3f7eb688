"""A process that dies between two statements: at every one it ever comes to, once.

`Mortal` counts what a flow sends to the database. Before a statement, or after a commit, at which
it has not died yet, the connection is cut as the kernel cuts it when a process is killed: the
transaction is gone, nothing more is sent, and whatever would catch an error finds itself dead.
"""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from structlog.testing import capture_logs

from banyan.kernel.connection import SetWiseConnection
from banyan.kernel.work import current_database

Place = tuple[str, ...]
"""A place to die at: every statement of the transaction up to it."""


class PowerCutError(BaseException):
    """No error handler of the product may see this."""


class Mortal:
    """Lives a flow again and again until it comes through without dying."""

    def __init__(self) -> None:
        self.died: set[Place] = set()
        self._sent: list[str] = []
        self._is_dead = False
        self._thread = threading.get_ident()

    def live(self, flow: Callable[[], object], most_lives: int = 3000) -> int:
        """Run `flow`, which may be repeated, until it has died everywhere; return how often it did."""
        for lives in range(most_lives):
            if self._one(flow):
                return lives
        msg = f"still dying after {most_lives} lives"
        raise AssertionError(msg)

    def _one(self, flow: Callable[[], object]) -> bool:
        self._sent, self._is_dead = [], False
        try:
            with self._watched():
                flow()
        except BaseException:
            if not self._is_dead:
                raise
        if self._is_dead:
            # What the dead had open is closed; the next life connects anew.
            current_database().app.dispose()
            current_database().relay.dispose()
        return not self._is_dead

    def _come_to(self, connection: psycopg.Connection[Any], what: str) -> None:
        if self._is_dead:
            raise PowerCutError
        self._sent.append(what)
        place = tuple(self._sent)
        if place not in self.died:
            self.died.add(place)
            self._is_dead = True
            connection.pgconn.finish()
            raise PowerCutError

    def _watched_stroke(self) -> Callable[..., list[Any]]:
        stroke = SetWiseConnection.stroke

        def watched(connection: Any, asked: Any, *, commit: bool) -> list[Any]:
            if threading.get_ident() != self._thread:
                return stroke(connection, asked, commit=commit)
            # What travels together arrives one after the other.
            answers: list[Any] = []
            for one in asked:
                self._come_to(connection, one.statement)
                answers += stroke(connection, [one], commit=False)
            if commit:
                self._come_to(connection, "before commit")
                stroke(connection, [], commit=True)
                self._come_to(connection, "after commit")
                self._sent.clear()
            return answers

        return watched

    @contextmanager
    def _watched(self) -> Generator[None]:
        execute, commit = psycopg.Cursor.execute, psycopg.Connection.commit

        def watched_execute(cursor: Any, query: Any, *args: Any, **named: Any) -> Any:
            if threading.get_ident() == self._thread:
                self._come_to(cursor.connection, str(query))
            return execute(cursor, query, *args, **named)

        def watched_commit(connection: Any) -> None:
            if threading.get_ident() != self._thread:
                return commit(connection)
            self._come_to(connection, "before commit")
            commit(connection)
            self._come_to(connection, "after commit")
            self._sent.clear()
            return None

        rollback = psycopg.Connection.rollback

        def watched_rollback(connection: Any) -> None:
            self._sent.clear()
            if not self._is_dead:
                rollback(connection)

        with (
            capture_logs(),
            patch.object(psycopg.Cursor, "execute", watched_execute),
            patch.object(SetWiseConnection, "stroke", self._watched_stroke()),
            patch.object(psycopg.Connection, "commit", watched_commit),
            patch.object(psycopg.Connection, "rollback", watched_rollback),
        ):
            yield
