"""Segments: the files of journals, and reading them. `journal` says who writes them and when.

A segment is its head and then records, each with its length and checksum before it.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

MAGIC = b"BANYANJ1"
HEAD = Struct(">8s16sQ")
"""Magic, journal id, offset of the first record."""
FRAME = Struct(">II")
"""Length and checksum of the payload behind it."""
OPEN = ".open"
CLOSED = ".segment"
RECORD_MOST_BYTES = 1 << 16


class Segment(NamedTuple):
    """One file of a journal."""

    path: Path
    journal: UUID
    offset: int
    is_closed: bool


class Record(NamedTuple):
    """One record as the reader finds it."""

    journal: UUID
    offset: int
    """Bytes before it in its journal: grows from record to record."""
    payload: bytes


class Records(NamedTuple):
    """Whole records of one segment as they stand on disk, for who reads very many at once."""

    journal: UUID
    data: bytes
    base: int
    """Offset of the record that would begin with the first byte of `data`."""
    starts: list[int]
    """Where the payload of each record begins in `data`."""
    ends: list[int]
    """Where it ends."""

    @classmethod
    def none(cls, segment: Segment) -> "Records":
        """Return no records of `segment`."""
        return cls(segment.journal, b"", segment.offset, [], [])

    @property
    def last(self) -> int | None:
        """Offset of the last record; None when there is none."""
        return self.offset_of(self.starts[-1]) if self.starts else None

    def offset_of(self, start: int) -> int:
        """Return the offset of the record whose payload begins at `start`."""
        return start + (self.base - FRAME.size)

    def each(self) -> Iterator[Record]:
        """Yield them one by one."""
        for start, end in zip(self.starts, self.ends, strict=True):
            yield Record(self.journal, self.offset_of(start), self.data[start:end])


def segments(folder: Path) -> list[Segment]:
    """Return the segments below `folder`, oldest first."""
    found: list[Segment] = []
    for path in folder.rglob("*-*"):
        if path.suffix in {OPEN, CLOSED}:
            journal, _, offset = path.stem.partition("-")
            found.append(Segment(path, UUID(journal), int(offset, 16), path.suffix == CLOSED))
    return sorted(found, key=lambda segment: (segment.journal, segment.offset))


def read_segment(segment: Segment, after: int = -1, most_bytes: int = 8 << 20) -> Records:
    """Return the whole records of `segment` whose offset is above `after`.

    Stops at the first record that is torn or not whole yet, and after `most_bytes`. A record may
    be seen a moment before its flush returns; its offset stays its own, so shipping it is safe.
    """
    try:
        file = segment.path.open("rb")
    except FileNotFoundError:
        # Closed meanwhile: the same file under its last name.
        file = segment.path.with_suffix(CLOSED).open("rb")
    with file:
        head = file.read(HEAD.size)
        if len(head) < HEAD.size or head[:8] != MAGIC:
            return Records.none(segment)
        if after >= segment.offset:
            file.seek(HEAD.size + after - segment.offset)
        data = file.read(most_bytes)
        base = segment.offset + file.tell() - HEAD.size - len(data)
    starts, ends = _whole(data)
    if starts and base <= after:
        del starts[0], ends[0]  # the record at `after` itself
    return Records(segment.journal, data, base, starts, ends)


def _whole(data: bytes) -> tuple[list[int], list[int]]:
    """Return where the payloads begin and end that are whole and unharmed, up to the first not."""
    starts: list[int] = []
    ends: list[int] = []
    view, size, frame = memoryview(data), len(data), FRAME.size
    start = frame
    while start <= size:
        length, checksum = FRAME.unpack_from(data, start - frame)
        end = start + length
        # Zeros, which a power cut can leave at the end of a file, are no record.
        if not 0 < length <= RECORD_MOST_BYTES or end > size or crc32(view[start:end]) != checksum:
            break
        starts.append(start)
        ends.append(end)
        start = end + frame
    return starts, ends


def read_segments(folder: Path) -> Iterator[Record]:
    """Yield every whole record below `folder`, segment by segment, oldest first.

    What is shipped and moved away meanwhile is left out.
    """
    for segment in segments(folder):
        after: int | None = -1
        with contextlib.suppress(FileNotFoundError):
            while after is not None:
                found = read_segment(segment, after)
                yield from found.each()
                after = found.last
