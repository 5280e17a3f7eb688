"""What analytics keeps of a telemetry record: one row each, thousands packed at once.

Clicks come by the ten thousand. A step of Python for each would cost more than the store does, so
the records of a journal are turned into rows column by column.
"""

from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from banyan.kernel.segments import Records
from banyan.links import (
    TELEMETRY_FIELDS,
    TELEMETRY_KINDS,
    TELEMETRY_VERSION,
    telemetry_words,
)

TELEMETRY_COLUMNS = (
    "workspace_id",
    "campaign_id",
    "at",
    "journal",
    "offset",
    "visitor_id",
    "address_hash",
    "link_id",
    "quest_id",
    "flags",
    "kind",
    "channel",
    "browser",
    "first_code",
)
"""Columns in the order of a telemetry block: those of one width first."""
FIRST_CODE_MOST_BYTES = 127
PLAIN_MOST = 0x7F
_RECORD = np.dtype([*TELEMETRY_FIELDS])
_ROW = np.dtype(
    [
        ("workspace", "<u8", 2),
        ("campaign", "<u8", 2),
        ("at_us", "<u8"),
        ("journal", "<u8", 2),
        ("offset", "<u8"),
        ("visitor", "<u8", 2),
        ("address_hash", "<u8"),
        ("link", "<u8", 2),
        ("quest", "<u8", 2),
        ("flags", "u1"),
    ]
)
"""The columns of one width, as RowBinary has them: an id is its two halves, the high one first."""
_AS_THEY_ARE = [name for name in _ROW.names or () if name not in {"journal", "offset"}]

Bytes = NDArray[np.uint8]


class TelemetryBlock(NamedTuple):
    """Telemetry as the store reads it."""

    rows: bytes
    """ClickHouse's RowBinary, in the order of `TELEMETRY_COLUMNS`."""
    number: int
    campaigns: set[tuple[UUID, UUID]]
    """Workspace and campaign of each row."""


def telemetry_block(records: Records) -> TelemetryBlock:
    """Return the rows of the telemetry among `records`; what is none is passed over.

    Rows with the same words stand together; each tells its place in the journal.
    """
    data = np.frombuffer(records.data, np.uint8)
    starts = np.array(records.starts, np.int64)
    codes = np.array(records.ends, np.int64) - starts - _RECORD.itemsize
    starts, codes = starts[codes >= 0], codes[codes >= 0]
    found = _cut(data, starts, _RECORD.itemsize).view(_RECORD).reshape(-1)
    known = (found["version"] == TELEMETRY_VERSION) & (found["kind"] < len(TELEMETRY_KINDS))
    if not known.all():
        found, starts, codes = found[known], starts[known], codes[known]

    rows = np.empty(len(found), _ROW)
    for name in _AS_THEY_ARE:
        rows[name] = found[name]
    rows["journal"] = divmod(records.journal.int, 1 << 64)
    rows["offset"] = starts + records.offset_of(0)

    # Rows of one width are laid side by side: those whose words and length of code are the same.
    codes[codes > FIRST_CODE_MOST_BYTES] = 0
    alike = np.stack([found["kind"], found["channel"], found["browser"], codes.astype(np.uint8)], 1)
    key = alike.view(np.uint32).reshape(-1)
    order = np.argsort(key, kind="stable")
    ends = np.flatnonzero(np.diff(key[order])) + 1
    parts: list[bytes] = []
    for group in np.split(order, ends) if len(order) else []:
        kind, channel, browser, length = alike[group[0]].tolist()
        code = _cut(data, starts[group] + _RECORD.itemsize, length)
        parts += _packed(rows[group], _words(kind, channel, browser), code)
    return TelemetryBlock(b"".join(parts), len(rows), _campaigns(rows))


def _cut(data: Bytes, starts: NDArray[np.int64], length: int) -> Bytes:
    """Return `length` bytes from each of `starts`, a row each."""
    if not (length and len(starts)):
        return np.empty((len(starts), length), np.uint8)
    return sliding_window_view(data, length)[starts]


def _packed(rows: NDArray[np.void], words: bytes, codes: Bytes) -> list[bytes]:
    """Return `rows` with their words and first codes behind them."""
    # Codes of ours are plain; whatever else stands there is no code.
    plain = (codes <= PLAIN_MOST).all(axis=1)
    if not plain.all():
        none = np.empty((len(rows) - int(plain.sum()), 0), np.uint8)
        return [
            *_packed(rows[plain], words, codes[plain]),
            *_packed(rows[~plain], words, none),
        ]
    tail = np.frombuffer(words + bytes((codes.shape[1],)), np.uint8)
    width = _ROW.itemsize + len(tail)
    packed = np.empty((len(rows), width + codes.shape[1]), np.uint8)
    packed[:, : _ROW.itemsize] = rows.view(np.uint8).reshape(len(rows), _ROW.itemsize)
    packed[:, _ROW.itemsize : width] = tail
    packed[:, width:] = codes
    return [packed.tobytes()]


def _campaigns(rows: NDArray[np.void]) -> set[tuple[UUID, UUID]]:
    places = np.concatenate([rows["workspace"], rows["campaign"]], 1).astype(">u8")
    found: set[bytes] = set(places.view("V32").reshape(-1).tolist())
    return {(UUID(bytes=each[:16]), UUID(bytes=each[16:])) for each in found}


@lru_cache(4096)
def _words(kind: int, channel: int, browser: int) -> bytes:
    """Return the words for these numbers as RowBinary has them: each with its length first."""
    found = (word.encode() for word in telemetry_words(kind, channel, browser))
    return b"".join(bytes((len(word),)) + word for word in found)
