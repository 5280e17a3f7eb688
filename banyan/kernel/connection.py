"""The connection of set-wise work: statements that need no answer of one another travel together.

A hot transaction has some twenty statements. Sent one by one, each costs two switches between
processes whose cores are full, and more work in the driver than the statement itself is. Here a
statement is asked, which sends nothing; when the first answer is looked at, everything asked so
far leaves in one stroke. Whatever else is done with the connection comes after what was asked.
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import Any, Final, LiteralString, NamedTuple, TypeVar, cast
from uuid import UUID

import psycopg
from psycopg import errors, pq
from psycopg.abc import Params, PQGen
from psycopg.abc import Transformer as TransformerOf
from psycopg.adapt import Transformer
from psycopg.waiting import Ready, Wait
from sqlalchemy.util.concurrency import await_, in_greenlet
from typing_extensions import override

from banyan.kernel.columns import KINDS, BinaryIdLoader, IdLoader, Written, moment, written

PLACEHOLDER: Final = re.compile(r"%(?:\((\w+)\))?[sbt](?:::(\w+)\[\])?")
TOKEN: Final = re.compile(r"%%|%(?:\((\w+)\))?[sbt]")

Row = tuple[Any, ...]
T = TypeVar("T")
Later = Callable[[], T]
"""What a question will be answered with: calling it sends all that was asked, unless that was done."""
Instead = Mapping[type[psycopg.Error], type[Exception]]
"""What to raise instead of an error of the database."""


@lru_cache(512)
def _casts(statement: str) -> tuple[tuple[str | None, str | None], ...]:
    """Return the name (if any) and the cast to a list (if any) of each placeholder, in order."""
    return tuple((m[1], m[2]) for m in PLACEHOLDER.finditer(statement.replace("%%", "")))


@lru_cache(512)
def _numbered(statement: str) -> bytes:
    """Return the statement with its placeholders as the server numbers them."""
    number = 0

    def place(found: re.Match[str]) -> str:
        nonlocal number
        if found[0] == "%%":
            return "%"
        number += 1
        return f"${number}"

    return TOKEN.sub(place, statement).encode()


class Asked:
    """A statement that was asked, and its rows."""

    __slots__ = ("_connection", "_found", "formats", "instead", "oids", "statement", "values")

    def __init__(
        self,
        connection: "SetWiseConnection",
        statement: str,
        values: list[bytes | None],
        oids: tuple[int, ...],
        instead: Instead | None,
    ) -> None:
        """Hold what is sent."""
        self._connection = connection
        self.statement = statement
        self.values = values
        self.oids = oids
        self.instead = instead
        self._found: list[Row] | None = None

    def rows(self) -> list[Row]:
        """Return its rows; sends all that was asked, unless that was done.

        Raises the first error of what was asked: then the transaction is over.
        """
        if self._found is None:
            self._connection.send_asked()
        if self._found is None:
            msg = "the transaction was over before this was answered"
            raise psycopg.InterfaceError(msg)
        return self._found

    def __iter__(self) -> Iterator[Row]:
        """Go through its rows."""
        return iter(self.rows())

    def give(self, rows: list[Row]) -> None:
        """Take its answer."""
        self._found = rows


class _Ready(NamedTuple):
    """A statement the server has prepared, or is about to."""

    name: bytes
    formats: list[int]


class SetWiseConnection(psycopg.Connection[Any]):
    """A connection that writes lists as the casts of the statement say, and can be asked ahead."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        """Begin with nothing asked and nothing prepared."""
        super().__init__(*arguments, **keywords)
        self._asked: list[Asked] = []
        self._known: dict[tuple[str, tuple[int, ...]], _Ready] = {}
        self._numbers = count()
        self._reader: TransformerOf | None = None

    @override
    def execute(
        self,
        query: Any,
        params: Params | None = None,
        *,
        prepare: bool | None = None,
        binary: bool = False,
    ) -> psycopg.Cursor[Any]:
        """Execute as psycopg does. Raises what Python raises for a value that is not of its cast."""
        if params and isinstance(query, str):
            casts = _casts(query)
            if isinstance(params, Mapping):
                by_name = dict(casts)
                params = {name: written(by_name.get(name), value) for name, value in params.items()}
            else:
                params = [
                    written(named, value) for (_, named), value in zip(casts, params, strict=True)
                ]
        return super().execute(cast("LiteralString", query), params, prepare=prepare, binary=binary)

    def ask(
        self, statement: str, params: Sequence[Any] = (), *, instead: Instead | None = None
    ) -> Asked:
        """Ask a statement with `%s` and `%b` in their order; it is sent with the next ones.

        Takes lists, ids, moments and texts. Its rows come in binary: cast what has no such form.
        An error of the database is raised by whoever sends it, as `instead` says.
        """
        values: list[bytes | None] = []
        oids: list[int] = []
        for (_, named), value in zip(_casts(statement), params, strict=True):
            kind = cast("type[object]", type(value))
            if kind is list:
                column = written(named, cast("list[Any]", value))
                if not isinstance(column, Written):
                    msg = f"a list without a type: {statement}"
                    raise TypeError(msg)
                values.append(column)
                oids.append(column.array)
            elif kind is UUID:
                values.append(value.bytes)
                oids.append(UUID_OID)
            elif kind is datetime:
                values.append(moment(value))
                oids.append(MOMENT_OID)
            elif kind is str:
                values.append(value.encode())
                oids.append(0)
            else:
                msg = f"cannot ask with {kind.__name__}: {statement}"
                raise TypeError(msg)
        asked = Asked(self, statement, values, tuple(oids), instead)
        self._asked.append(asked)
        return asked

    def send_asked(self, *, commit: bool = False) -> None:
        """Send all that was asked, and with `commit` the end of the transaction, in one stroke.

        Raises the first error; nothing behind it happened, nor did the commit.
        """
        asked, self._asked = self._asked, []
        if not (asked or commit):
            return
        with self.lock:
            answers = self.stroke(asked, commit=commit)
        reader = self._reader
        if reader is None:
            reader = self._reader = Transformer(self)
        for one, result in zip(asked, answers, strict=True):
            if result.ntuples:
                reader.set_pgresult(result)
                one.give(reader.load_rows(0, result.ntuples, tuple))
            else:
                one.give([])
        reader.set_pgresult(None)

    def stroke(self, asked: Sequence[Asked], *, commit: bool) -> list[pq.abc.PGresult]:
        """Send, wait and return the answer of each of `asked`. For `send_asked` alone."""
        pgconn = self.pgconn
        is_beginning = not self.autocommit and (
            pgconn.transaction_status == pq.TransactionStatus.IDLE
        )
        sent: list[tuple[str, Asked | None]] = []
        fresh: dict[tuple[str, tuple[int, ...]], _Ready] = {}
        pgconn.enter_pipeline_mode()
        try:
            if is_beginning:
                pgconn.send_query_params(self._get_tx_start_command(), None)
                sent.append(("begin", None))
            for one in asked:
                key = one.statement, one.oids
                ready = self._known.get(key) or fresh.get(key)
                if ready is None:
                    ready = fresh[key] = _Ready(
                        b"_asked_%d" % next(self._numbers),
                        [pq.Format.BINARY if oid else pq.Format.TEXT for oid in one.oids],
                    )
                    pgconn.send_prepare(ready.name, _numbered(one.statement), one.oids)
                    sent.append(("prepare", one))
                pgconn.send_query_prepared(ready.name, one.values, ready.formats, pq.Format.BINARY)
                sent.append(("ask", one))
            if commit:
                pgconn.send_query_params(b"COMMIT", None)
                sent.append(("commit", None))
            pgconn.pipeline_sync()
            results = self.wait(_answers(pgconn, len(sent)))
            pgconn.exit_pipeline_mode()
        except BaseException:
            # Halfway through nobody knows what the next answer belongs to.
            pgconn.finish()
            raise
        answers: list[pq.abc.PGresult] = []
        for (what, one), result in zip(sent, results, strict=True):
            if result.status not in DONE:
                self._raise(result, one.instead if one else None)
            if one is None:
                continue
            if what == "prepare":
                key = one.statement, one.oids
                self._known[key] = fresh[key]
            else:
                answers.append(result)
        return answers

    def _raise(self, result: pq.abc.PGresult, instead: Instead | None) -> None:
        problem = errors.error_from_result(result, encoding=self.info.encoding)
        for kind, other in (instead or {}).items():
            if isinstance(problem, kind):
                raise other from problem
        raise problem

    @override
    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Wait as psycopg does; what runs in the event loop's thread lets the loop go on meanwhile."""
        if not in_greenlet():
            return super().wait(gen, interval, timeout)
        try:
            wanted = next(gen)
            while True:
                wanted = gen.send(await_(_readiness(self.pgconn.socket, wanted)))
        except StopIteration as done:
            return done.value

    @override
    def cursor(self, *arguments: Any, **keywords: Any) -> Any:
        """Return a cursor as psycopg does, after what was asked."""
        if self._asked:
            self.send_asked()
        return super().cursor(*arguments, **keywords)

    @override
    def _commit_gen(self) -> PQGen[None]:
        if self._asked:
            msg = "something was asked and never sent"
            raise psycopg.InterfaceError(msg)
        return super()._commit_gen()

    @override
    def _deallocate(self, name: bytes | None) -> PQGen[None]:
        # Psycopg forgets every statement after a rollback, and ours with them.
        if name is None:
            self._known.clear()
        return super()._deallocate(name)

    @override
    def rollback(self) -> None:
        """Roll back as psycopg does; what was asked and not sent never happened."""
        self._asked.clear()
        super().rollback()


async def _readiness(socket: int, wanted: Wait) -> Ready:
    """Return what `socket` became ready for, of what is `wanted`."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Ready] = loop.create_future()

    def tell(ready: Ready) -> None:
        if not found.done():
            found.set_result(ready)

    try:
        if wanted & Wait.R:
            loop.add_reader(socket, tell, Ready.R)
        if wanted & Wait.W:
            loop.add_writer(socket, tell, Ready.W)
        return await found
    finally:
        loop.remove_reader(socket)
        loop.remove_writer(socket)


UUID_OID: Final = 2950
MOMENT_OID: Final = 1184
DONE: Final = frozenset({pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK})


def _answers(pgconn: pq.abc.PGconn, most: int) -> PQGen[list[pq.abc.PGresult]]:
    """Send what waits and return the answer of each of `most` statements, errors among them."""
    results: list[pq.abc.PGresult] = []
    while True:
        ready = yield Wait.RW if pgconn.flush() else Wait.R
        if not ready & Ready.R:
            continue
        pgconn.consume_input()
        while not pgconn.is_busy():
            result = pgconn.get_result()
            if result is None:
                if pgconn.status != pq.ConnStatus.OK:
                    msg = "the connection was lost"
                    raise psycopg.OperationalError(msg)
            elif result.status == pq.ExecStatus.PIPELINE_SYNC:
                if len(results) != most:
                    msg = f"{len(results)} answers for {most} statements"
                    raise psycopg.OperationalError(msg)
                return results
            else:
                results.append(result)


def connect(*arguments: Any, **keywords: Any) -> SetWiseConnection:
    """Connect as psycopg does."""
    made = SetWiseConnection.connect(*arguments, **keywords)
    for kind in KINDS.values():
        made.adapters.register_dumper(kind.sent, kind.dumper)
    made.adapters.register_loader("uuid", IdLoader)
    made.adapters.register_loader("uuid", BinaryIdLoader)
    return made
