"""Telemetry records as they stand in the journal: one click or page event in about 100 bytes.

A record carries everything analytics needs, so reading it asks no table. The layout is fixed by
its version; kinds, channels and browsers are numbered by their place and only ever added to.
"""

from struct import Struct
from typing import NamedTuple
from uuid import UUID

VERSION = 1

KINDS = ("click", "view", "press", "share_opened", "copied", "qr_shown", "rules_read", "left")
"""`click`: a share link was opened. The rest is what the page tells."""
CHANNELS = (
    "other",
    "wechat_group",
    "moments",
    "official_account",
    "wecom",
    "douyin",
    "xiaohongshu",
    "weibo",
    "sms",
    "email",
    "offline",
    "web",
    "seed",
    "path",
)
BROWSERS = ("other", "wechat", "wecom", "douyin", "weibo", "ios", "android", "desktop", "bot")

IS_BOT = 1
IS_PREFETCH = 2
IS_HEAD = 4
IS_NEW_VISITOR = 8
IS_SIMULATED = 16
IS_QUEST_LINK = 32
NOT_A_PERSON = IS_BOT | IS_PREFETCH | IS_HEAD
"""Kept, but not counted as somebody who came."""

_HEAD = Struct(">BBBBQ16s8s")
_PLACE = Struct(">16s16s16s16s")
HEAD_BYTES = _HEAD.size
PLACE_BYTES = _PLACE.size
NOBODY = bytes(16)
FIELDS = (
    ("version", "u1"),
    ("kind", "u1"),
    ("flags", "u1"),
    ("browser", "u1"),
    ("at_us", ">u8"),
    ("visitor", ">u8", 2),
    ("address_hash", ">u8"),
    ("workspace", ">u8", 2),
    ("campaign", ">u8", 2),
    ("link", ">u8", 2),
    ("quest", ">u8", 2),
    ("channel", "u1"),
)
"""The layout before the first code, as numpy names it; an id is its two halves."""

pack_head = _HEAD.pack
"""Pack version, kind, flags, browser, unix microseconds, visitor, hash of the address."""
pack_place = _PLACE.pack
"""Pack the ids of workspace, campaign, link and quest (16 zero bytes for none)."""

KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}
CHANNEL_NUMBERS = {channel: number for number, channel in enumerate(CHANNELS)}


class TelemetryRecord(NamedTuple):
    """One decoded record."""

    kind: str
    flags: int
    browser: str
    at_us: int
    """Unix microseconds."""
    visitor_id: UUID
    address_hash: int
    workspace_id: UUID
    campaign_id: UUID
    link_id: UUID
    quest_id: UUID | None
    channel: str
    first_code: str
    """Code of the first link this visitor opened, "" when this is the first."""


def pack(head: bytes, place: bytes, channel: int, first_code: str) -> bytes:
    """Return the record of a packed head and place."""
    return head + place + bytes((channel,)) + first_code.encode("ascii")


def unpack(record: bytes) -> TelemetryRecord | None:
    """Return the record, None when it is of a version or kind this code does not know."""
    if len(record) <= HEAD_BYTES + PLACE_BYTES or record[0] != VERSION or record[1] >= len(KINDS):
        return None
    _, kind, flags, browser, at_us, visitor, address = _HEAD.unpack_from(record)
    workspace, campaign, link, quest = _PLACE.unpack_from(record, HEAD_BYTES)
    channel = record[HEAD_BYTES + PLACE_BYTES]
    kind_word, channel_word, browser_word = words(kind, channel, browser)
    return TelemetryRecord(
        kind_word,
        flags,
        browser_word,
        at_us,
        UUID(bytes=visitor),
        int.from_bytes(address),
        UUID(bytes=workspace),
        UUID(bytes=campaign),
        UUID(bytes=link),
        UUID(bytes=quest) if quest != NOBODY else None,
        channel_word,
        record[HEAD_BYTES + PLACE_BYTES + 1 :].decode("ascii", "replace"),
    )


def words(kind: int, channel: int, browser: int) -> tuple[str, str, str]:
    """Return the words for the numbers of a kind, a channel and a browser."""
    return (
        KINDS[kind],
        CHANNELS[channel] if channel < len(CHANNELS) else "other",
        BROWSERS[browser] if browser < len(BROWSERS) else "other",
    )
