"""Columns: the lists that set-wise statements send, written to the wire a column at a time.

A hot transaction sends some eighty lists. Psycopg finds a dumper for each list and asks it for
every element, and a list of nothing but None has another type than one with a word in it, so that
one statement is planned in many variants. Here the statement itself says what its lists are
(`%b::uuid[]`), each is written in one stroke, and its type is always the same.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, NamedTuple, cast
from uuid import UUID

from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format

from banyan.kernel.ids import id_of

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
NULL: Final = (0xFFFF_FFFF).to_bytes(4)
ONE: Final = (1).to_bytes(4)
LENGTH_OF_ID: Final = 16 << 128
SELDOM_WHOLE: Final = frozenset({"boolean", "timestamptz"})
"""What is looked through for None before it is written: there, None would not fail as such."""
WORDS: Final = frozenset({"text", "json"})

Cell = Callable[[Any], bytes]


def _number(size: int) -> Cell:
    head = size.to_bytes(4)
    return lambda value: head + value.to_bytes(size, signed=True)


def _word(value: str) -> bytes:
    written = value.encode()
    return len(written).to_bytes(4) + written


def _document(value: bytes | str) -> bytes:
    written = value if isinstance(value, bytes) else value.encode()
    return len(written).to_bytes(4) + written


def moment(value: datetime) -> bytes:
    """Return a moment as the wire has it."""
    return ((value - EPOCH) // MICROSECOND).to_bytes(8, signed=True)


def _moment(value: datetime) -> bytes:
    return b"\0\0\0\x08" + moment(value)


def _flag(value: object) -> bytes:
    return b"\0\0\0\x01\x01" if value else b"\0\0\0\x01\x00"


def _id(value: UUID) -> bytes:
    return (LENGTH_OF_ID | value.int).to_bytes(20)


def _id_number(value: int) -> bytes:
    return (LENGTH_OF_ID | value).to_bytes(20)


class Written(bytes):
    """A list as the wire has it; each type of elements has a class of its own."""

    __slots__ = ()
    array: ClassVar[int]
    """PostgreSQL's number of the type."""


class _Kind(NamedTuple):
    """A type of elements: how a cell is written, and as what a column of them is sent."""

    cell: Cell
    head: bytes
    sent: type[Written]
    dumper: type[Dumper]


def _kind(oid: int, array_oid: int, cell: Cell) -> _Kind:
    class Sent(Written):
        __slots__ = ()
        array = array_oid

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


def written(named: str | None, value: Any) -> Any:
    """Return a list as the wire has it, as the type `named`; anything else as it is.

    Raises what Python raises for a value that is not of that type.
    """
    if type(value) is not list:
        return value
    column = cast("list[Any]", value)
    if named is None and column and type(column[0]) is UUID:
        named = "uuid"
    kind = KINDS.get(named or "")
    if kind is None:
        return column
    cell = _id_number if named == "uuid" and column and type(column[0]) is int else kind.cell
    if named in WORDS and column and column[0] is not None:
        # A crowd has come by the same channel and so on: one word is written once.
        count = column.count(column[0])
        if count == len(column):
            return kind.sent(_head(kind, count, has_null=False) + kind.cell(column[0]) * count)
    # By identity: to compare an id with None costs more than to write it.
    has_null = any(one is None for one in column) if named in SELDOM_WHOLE else None
    cells = b""
    if not has_null:
        try:
            cells = b"".join(map(cell, column))
        except AttributeError:
            # Most lists are whole, so that is tried before anybody looks.
            has_null = True
    if has_null:
        cells = b"".join([NULL if one is None else cell(one) for one in column])
    return kind.sent(_head(kind, len(column), has_null=bool(has_null)) + cells)


def _head(kind: _Kind, count: int, *, has_null: bool) -> bytes:
    dimensions = count.to_bytes(4) + ONE if count else b""
    return bool(count).to_bytes(4) + has_null.to_bytes(4) + kind.head + dimensions


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
