"""Columns: the lists that set-wise statements send, written to the wire a column at a time.

A hot transaction sends some eighty lists. Psycopg finds a dumper for each list and asks it for
every element, and a list of nothing but None has another type than one with a word in it, so that
one statement is planned in many variants. Here the statement itself says what its lists are
(`%b::uuid[]`), each is written in one stroke, and its type is always the same.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, LiteralString, NamedTuple, cast
from uuid import UUID

import psycopg
from psycopg.abc import Buffer, Params
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format

from banyan.kernel.ids import id_of

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
NULL: Final = (0xFFFF_FFFF).to_bytes(4)
ONE: Final = (1).to_bytes(4)
LENGTH_OF_ID: Final = 16 << 128
PLACEHOLDER: Final = re.compile(r"%(?:\((\w+)\))?[sbt](?:::(\w+)\[\])?")

Cell = Callable[[Any], bytes]


def _number(size: int) -> Cell:
    head = size.to_bytes(4)
    return lambda value: head + value.to_bytes(size, signed=True)


def _word(value: str) -> bytes:
    return _document(value.encode())


def _document(value: bytes | str) -> bytes:
    written = value if isinstance(value, bytes) else value.encode()
    return len(written).to_bytes(4) + written


def _moment(value: datetime) -> bytes:
    return b"\0\0\0\x08" + ((value - EPOCH) // MICROSECOND).to_bytes(8, signed=True)


def _flag(value: object) -> bytes:
    return b"\0\0\0\x01\x01" if value else b"\0\0\0\x01\x00"


def _id(value: UUID) -> bytes:
    return (LENGTH_OF_ID | value.int).to_bytes(20)


def _id_number(value: int) -> bytes:
    return (LENGTH_OF_ID | value).to_bytes(20)


class _Kind(NamedTuple):
    """A type of elements: how a cell is written, and as what a column of them is sent."""

    cell: Cell
    head: bytes
    sent: type[bytes]
    dumper: type[Dumper]


def _kind(oid: int, array_oid: int, cell: Cell) -> _Kind:
    class Sent(bytes):
        __slots__ = ()

    class SentDumper(Dumper):
        format = Format.BINARY

        def dump(self, obj: Any) -> Buffer | None:
            return obj

    SentDumper.oid = array_oid
    return _Kind(cell, oid.to_bytes(4), Sent, SentDumper)


KINDS: Final[Mapping[str, _Kind]] = {
    "uuid": _kind(2950, 2951, _id),
    "text": _kind(25, 1009, _word),
    "json": _kind(114, 199, _document),
    "smallint": _kind(21, 1005, _number(2)),
    "int": _kind(23, 1007, _number(4)),
    "bigint": _kind(20, 1016, _number(8)),
    "boolean": _kind(16, 1000, _flag),
    "timestamptz": _kind(1184, 1185, _moment),
}
"""By the name a statement casts to; the numbers are PostgreSQL's own."""


@lru_cache(512)
def _casts(statement: str) -> tuple[tuple[str | None, str | None], ...]:
    """Return the name (if any) and the cast to a list (if any) of each placeholder, in order."""
    return tuple((m[1], m[2]) for m in PLACEHOLDER.finditer(statement.replace("%%", "")))


def _written(named: str | None, value: Any) -> Any:
    if type(value) is not list:
        return value
    column = cast("list[Any]", value)
    if named is None and column and type(column[0]) is UUID:
        named = "uuid"
    kind = KINDS.get(named or "")
    if kind is None:
        return column
    cell = _id_number if named == "uuid" and column and type(column[0]) is int else kind.cell
    # By identity: to compare an id with None costs more than to write it.
    has_null = any(one is None for one in column)
    cells = (
        (NULL if one is None else cell(one) for one in column) if has_null else map(cell, column)
    )
    dimensions = len(column).to_bytes(4) + ONE if column else b""
    head = bool(column).to_bytes(4) + has_null.to_bytes(4) + kind.head + dimensions
    return kind.sent(head + b"".join(cells))


class SetWiseConnection(psycopg.Connection[Any]):
    """A connection whose `execute` writes lists as the casts of the statement say."""

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
                params = {
                    name: _written(by_name.get(name), value) for name, value in params.items()
                }
            else:
                params = [
                    _written(named, value) for (_, named), value in zip(casts, params, strict=True)
                ]
        return super().execute(cast("LiteralString", query), params, prepare=prepare, binary=binary)


class IdLoader(Loader):
    """Reads an id that comes as text."""

    def load(self, data: Buffer) -> UUID:
        """Return the UUID."""
        return id_of(int(bytes(data).replace(b"-", b""), 16))


class BinaryIdLoader(Loader):
    """Reads an id that comes as its bytes."""

    format = Format.BINARY

    def load(self, data: Buffer) -> UUID:
        """Return the UUID."""
        return id_of(int.from_bytes(data))


def connect(*arguments: Any, **keywords: Any) -> SetWiseConnection:
    """Connect as psycopg does."""
    made = SetWiseConnection.connect(*arguments, **keywords)
    for kind in KINDS.values():
        made.adapters.register_dumper(kind.sent, kind.dumper)
    made.adapters.register_loader("uuid", IdLoader)
    made.adapters.register_loader("uuid", BinaryIdLoader)
    return made
