"""What analytics keeps of an event and of a telemetry record: one row each, no personal data."""

from collections.abc import Iterable
from functools import lru_cache
from struct import Struct
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from banyan.analytics.store import NOBODY
from banyan.kernel.journal import Record
from banyan.kernel.relay import Recorded
from banyan.links import telemetry_words, unpack_telemetry_numbers

REVERSED = "rewards.reversed"


class _Body(msgspec.Struct):
    """The fields of any event that analytics knows; others pass by."""

    person_id: UUID | None = None
    supporter_person_id: UUID | None = None
    beneficiary_person_id: UUID | None = None
    referrer_id: UUID | None = None
    owner_person_id: UUID | None = None
    quest_id: UUID | None = None
    generation: int = 0
    channel: str = ""
    counted: bool = False
    is_new_person: bool = False
    reason: str | None = None
    cost_minor: int = 0
    output_minor: int = 0


EventRow = tuple[Any, ...]
"""Values in the order of `store.COLUMNS`; the campaign stands second, the quest eleventh."""

_decode = msgspec.json.Decoder(_Body).decode


def event_row(event: Recorded) -> EventRow:
    """Return the row of an event. Raises `msgspec.ValidationError` for a body of other types."""
    body = _decode(event.body)
    cost = -body.cost_minor if event.name == REVERSED else body.cost_minor
    return (
        event.workspace_id,
        event.campaign_id or NOBODY,
        event.name,
        event.occurred_at,
        event.recorded_at,
        event.xid,
        event.position,
        event.id,
        body.person_id or body.supporter_person_id or body.beneficiary_person_id or NOBODY,
        body.referrer_id or body.owner_person_id or NOBODY,
        body.quest_id or NOBODY,
        body.generation,
        body.channel,
        body.counted,
        body.is_new_person,
        # Words a person typed (why a campaign was paused) stay in the database.
        (body.reason or "") if event.name in REASONED else "",
        cost,
        body.output_minor,
    )


REASONED = frozenset({"campaigns.supported", "campaigns.quest_lost", "rewards.refused"})


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
_pack_fixed = Struct("<4Qq10QB").pack
FIRST_CODE_MOST_BYTES = 127


class TelemetryBlock(NamedTuple):
    """Telemetry as the store reads it."""

    rows: bytes
    """ClickHouse's RowBinary, in the order of `TELEMETRY_COLUMNS`."""
    number: int
    campaigns: set[tuple[UUID, UUID]]
    """Workspace and campaign of each row."""
    last: int | None
    """Offset of the last record that was looked at; None when there was none."""


def telemetry_block(records: Iterable[Record]) -> TelemetryBlock:
    """Return the rows of telemetry records of one journal; what is no telemetry is passed over."""
    parts: list[bytes] = []
    places: set[tuple[int, int, int, int]] = set()
    last: int | None = None
    for journal, offset, payload in records:
        last = offset
        found = unpack_telemetry_numbers(payload)
        if found is None:
            continue
        one, code = found
        place = one[8:12]
        places.add(place)
        parts.append(
            _pack_fixed(
                *place,
                one.at_us,
                *_halves(journal),
                offset,
                one.visitor_high,
                one.visitor_low,
                one.address_hash,
                *one[12:16],
                one.flags,
            )
        )
        parts.append(_words(one.kind, one.channel, one.browser))
        parts.append(_first_code(code))
    campaigns = {(_id(high, low), _id(*campaign)) for high, low, *campaign in places}
    return TelemetryBlock(b"".join(parts), len(parts) // 3, campaigns, last)


def _id(high: int, low: int) -> UUID:
    return UUID(int=high << 64 | low)


@lru_cache(256)
def _halves(journal: UUID) -> tuple[int, int]:
    return journal.int >> 64, journal.int & 0xFFFF_FFFF_FFFF_FFFF


@lru_cache(4096)
def _words(kind: int, channel: int, browser: int) -> bytes:
    return b"".join(_text(word.encode()) for word in telemetry_words(kind, channel, browser))


def _first_code(code: bytes) -> bytes:
    # Codes of ours are short and plain; whatever else stands there is no code.
    return _text(code if code.isascii() and len(code) <= FIRST_CODE_MOST_BYTES else b"")


def _text(text: bytes) -> bytes:
    """Return a text of at most 127 bytes as RowBinary has it: its length first."""
    return bytes((len(text),)) + text
