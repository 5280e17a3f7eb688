"""What analytics keeps of an event: one row each, no personal data.

Rows are packed here as the store reads them, which costs a fifth of handing it columns.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec

from banyan.analytics.store import NOBODY
from banyan.kernel.relay import Recorded

REVERSED = "rewards.reversed"

Amount = Annotated[int, msgspec.Meta(gt=-(1 << 62), lt=1 << 62)]


class _Body(msgspec.Struct):
    """The fields of any event that analytics knows; others pass by."""

    person_id: UUID | None = None
    supporter_person_id: UUID | None = None
    beneficiary_person_id: UUID | None = None
    referrer_id: UUID | None = None
    owner_person_id: UUID | None = None
    quest_id: UUID | None = None
    generation: Annotated[int, msgspec.Meta(ge=0, lt=1 << 32)] = 0
    channel: str = ""
    counted: bool = False
    is_new_person: bool = False
    reason: str | None = None
    cost_minor: Amount = 0
    output_minor: Amount = 0


_NOTHING = _Body()
_decode = msgspec.json.Decoder(_Body).decode
_pack_event = Struct("<4QqqQQ8QIBBqq").pack
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
EVENT_COLUMNS = (
    "workspace_id",
    "campaign_id",
    "at",
    "recorded_at",
    "xid",
    "position",
    "id",
    "person_id",
    "referrer_id",
    "quest_id",
    "generation",
    "counted",
    "is_new_person",
    "cost_minor",
    "output_minor",
    "name",
    "channel",
    "reason",
)
"""Columns in the order of an event block: those of one width first."""


class EventBlock(NamedTuple):
    """Events as the store reads them."""

    rows: bytes
    """ClickHouse's RowBinary, in the order of `EVENT_COLUMNS`."""
    campaigns: set[tuple[UUID, UUID]]
    """Workspace and campaign of each row that has a campaign."""
    quests: set[UUID]
    unread: list[str]
    """Names of events whose body has another shape: their rows are there, with nothing of it."""


def event_block(events: Iterable[Recorded]) -> EventBlock:
    """Return the rows of events. None is left out, for the store keeps the relay's place."""
    parts: list[bytes] = []
    campaigns: set[tuple[UUID, UUID]] = set()
    quests: set[UUID] = set()
    unread: list[str] = []
    for event in events:
        name = event.name
        try:
            body = _decode(event.body)
        except msgspec.MsgspecError:
            unread.append(name)
            body = _NOTHING
        campaign_id = event.campaign_id or NOBODY
        quest_id = body.quest_id or NOBODY
        if event.campaign_id is not None:
            campaigns.add((event.workspace_id, campaign_id))
        if body.quest_id is not None:
            quests.add(quest_id)
        person_id = body.person_id or body.supporter_person_id or body.beneficiary_person_id
        parts.append(
            _pack_event(
                *_halves(event.workspace_id),
                *_halves(campaign_id),
                (event.occurred_at - _EPOCH) // _MICROSECOND,
                (event.recorded_at - _EPOCH) // _MICROSECOND,
                event.xid,
                event.position,
                *_split(event.id),
                *_split(person_id or NOBODY),
                *_split(body.referrer_id or body.owner_person_id or NOBODY),
                *_split(quest_id),
                body.generation,
                body.counted,
                body.is_new_person,
                -body.cost_minor if name == REVERSED else body.cost_minor,
                body.output_minor,
            )
        )
        # Words a person typed (why a campaign was paused) stay in the database.
        reason = (body.reason or "") if name in REASONED else ""
        parts.append(_event_words(name, body.channel, reason))
    return EventBlock(b"".join(parts), campaigns, quests, unread)


REASONED = frozenset({"campaigns.supported", "campaigns.quest_lost", "rewards.refused"})


def _split(of: UUID) -> tuple[int, int]:
    number = of.int
    return number >> 64, number & 0xFFFF_FFFF_FFFF_FFFF


_halves = lru_cache(256)(_split)


@lru_cache(4096)
def _event_words(name: str, channel: str, reason: str) -> bytes:
    return b"".join(_text(word.encode()) for word in (name, channel, reason))


def _text(text: bytes) -> bytes:
    """Return a text of any length as RowBinary has it: its length first, seven bits a byte."""
    head = bytearray()
    length = len(text)
    while length > 0x7F:  # noqa: PLR2004 - what seven bits hold
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head) + text
