"""Sheets that people send: CSV in the encodings of this trade, and XLSX. Pure, and bounded.

Everything is text: a number that a spreadsheet would round stays as it was typed. An XLSX file is
read as a stream with an eye on what it unpacks to, so that neither a bomb nor a cell in the last
corner of the sheet costs memory.
"""

import csv
import io
import re
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from banyan.kernel.errors import Refused
from banyan.store import catalogue_refusals as refusals

FILE_MOST_BYTES = 10 << 20
UNPACKED_MOST_BYTES = 120 << 20
ENTRIES_MOST = 2000
ROWS_MOST = 5000
COLUMNS_MOST = 100
CELL_MOST = 32_767
"""What one cell of a spreadsheet holds at most."""

CSV_TYPES = ("text/csv", "application/vnd.ms-excel", "application/csv", "text/plain")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_ZIP = b"PK\x03\x04"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = (",", "\t", ";", "|")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PIECE = 1 << 16


class Row(NamedTuple):
    """A row as the spreadsheet numbers it, its cells as text."""

    number: int
    cells: list[str]


def read_sheet(content: bytes) -> tuple[Row, list[Row]]:
    """Return the head and the rows that hold anything.

    Raises `file_unreadable`, `file_too_long`.
    """
    if len(content) > FILE_MOST_BYTES:
        raise _too_long()
    rows = _xlsx_rows(content) if content.startswith(_ZIP) else _csv_rows(content)
    head: Row | None = None
    kept: list[Row] = []
    for row in rows:
        if len(row.cells) > COLUMNS_MOST and any(row.cells[COLUMNS_MOST:]):
            raise _too_long()
        cells = [cell.strip() for cell in row.cells[:COLUMNS_MOST]]
        if not any(cells):
            continue
        if head is None:
            head = Row(row.number, cells)
            continue
        if len(kept) == ROWS_MOST:
            raise _too_long()
        kept.append(Row(row.number, cells))
    if head is None:
        raise Refused(refusals.FILE_UNREADABLE)
    return head, kept


def _too_long() -> Refused:
    return Refused(refusals.FILE_TOO_LONG, most=ROWS_MOST, most_columns=COLUMNS_MOST)


def _csv_rows(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        # A cell may hold line ends: the row is numbered as the spreadsheet would.
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Refused(refusals.FILE_UNREADABLE) from None
        yield Row(number, cells)


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            encodings = [encoding]
            break
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(refusals.FILE_UNREADABLE)


def _xlsx_rows(content: bytes) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = {entry.filename: entry for entry in book.infolist()}
            if len(names) > ENTRIES_MOST or len(book.infolist()) != len(names):
                raise Refused(refusals.FILE_UNREADABLE)
            unpacked = _Unpacked()
            shared: list[str] = []
            if strings := names.get("xl/sharedStrings.xml"):
                shared = _Strings().read(unpacked.pieces(content, strings))
            sheet = names.get("xl/worksheets/sheet1.xml") or next(
                (names[name] for name in sorted(names) if name.startswith("xl/worksheets/sheet")),
                None,
            )
            if sheet is None:
                raise Refused(refusals.FILE_UNREADABLE)
            yield from _Cells(shared).read(unpacked.pieces(content, sheet))
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError,
            ValueError, LookupError, OSError):  # fmt: skip
        raise Refused(refusals.FILE_UNREADABLE) from None


class _Unpacked:
    """Unpacks entries and counts, whatever the archive says of their sizes."""

    def __init__(self) -> None:
        self._bytes = 0

    def pieces(self, content: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield what `entry` holds. Raises `file_too_long` beyond what any sheet needs."""
        if entry.flag_bits & 0x1 or entry.compress_type not in {
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        }:
            raise Refused(refusals.FILE_UNREADABLE)
        at = entry.header_offset
        name, extra = (
            int.from_bytes(content[at + place : at + place + 2], "little") for place in (26, 28)
        )
        begins = at + 30 + name + extra
        packed = memoryview(content)[begins : begins + entry.compress_size]
        inflating = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
        for place in range(0, len(packed), _PIECE):
            rest = bytes(packed[place : place + _PIECE])
            while rest:
                piece = inflating.decompress(rest, _PIECE) if inflating else rest
                rest = inflating.unconsumed_tail if inflating else b""
                self._bytes += len(piece)
                if self._bytes > UNPACKED_MOST_BYTES:
                    raise _too_long()
                yield piece


class _Xml(ABC):
    """Reads XML as it comes. Entities and document types are refused."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._say
        self._said: list[str] = []
        self._said_letters = 0
        self._hears = False

    def _refuse(self, *_: object) -> None:
        raise Refused(refusals.FILE_UNREADABLE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.begin(name.rpartition(" ")[2], attributes)

    def _end(self, name: str) -> None:
        self.end(name.rpartition(" ")[2])

    def _say(self, text: str) -> None:
        if self._hears and self._said_letters < CELL_MOST:
            self._said.append(text)
            self._said_letters += len(text)

    def hear(self) -> None:
        """Keep the text from here on."""
        self._hears = True

    def heard(self) -> str:
        """Return the text kept, and keep no more."""
        text = "".join(self._said)[:CELL_MOST]
        self._said, self._said_letters, self._hears = [], 0, False
        return text

    def feed(self, piece: bytes) -> None:
        """Read on."""
        self._parser.Parse(piece, False)

    def close(self) -> None:
        """Read to the end."""
        self._parser.Parse(b"", True)

    @abstractmethod
    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Meet an element."""

    @abstractmethod
    def end(self, name: str) -> None:
        """Leave an element."""


class _Strings(_Xml):
    """The texts that cells name by number; a reading aid (`rPh`) is not part of one."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: list[str] = []
        self._parts: list[str] = []
        self._aside = False

    def read(self, pieces: Iterator[bytes]) -> list[str]:
        for piece in pieces:
            self.feed(piece)
        self.close()
        return self._texts

    def begin(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        if name == "rPh":
            self._aside = True
        elif name == "t" and not self._aside:
            self.hear()

    def end(self, name: str) -> None:
        if name == "rPh":
            self._aside = False
        elif name == "t" and not self._aside:
            self._parts.append(self.heard())
        elif name == "si":
            self._texts.append("".join(self._parts))
            self._parts = []


class _Cells(_Xml):
    """The rows of a sheet, each as wide as its last cell that holds anything."""

    def __init__(self, shared: list[str]) -> None:
        super().__init__()
        self._shared = shared
        self._rows: list[Row] = []
        self._number = 0
        self._cells: list[str] = []
        self._column = 0
        self._type = "n"
        self._value = ""

    def read(self, pieces: Iterator[bytes]) -> Iterator[Row]:
        for piece in pieces:
            self.feed(piece)
            yield from self._rows
            self._rows = []
        self.close()
        yield from self._rows

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._cells, self._column = [], 0
        elif name == "c":
            found = _CELL.fullmatch(attributes.get("r", ""))
            self._column = _column(found[1]) if found else self._column + 1
            self._type = attributes.get("t", "n")
            self._value = ""
        elif name in {"v", "t"}:
            self.hear()

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self._value += self.heard()
        elif name == "c" and self._value:
            # A cell far to the right: the row is refused for its width, not built.
            if self._column > COLUMNS_MOST:
                raise _too_long()
            text = self._shared[int(self._value)] if self._type == "s" else self._value
            if self._type == "e":
                text = ""
            self._cells += [""] * (self._column - len(self._cells))
            self._cells[self._column - 1] = text
        elif name == "row" and self._cells:
            self._rows.append(Row(self._number, self._cells))


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place
