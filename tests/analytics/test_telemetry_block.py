"""Telemetry goes into the store as blocks: what comes out is what a record says of itself."""

import os
from pathlib import Path
from uuid import UUID
from zlib import crc32

import pytest

from banyan.analytics.store import Store
from banyan.analytics.telemetry import TELEMETRY_COLUMNS, telemetry_block
from banyan.kernel.ids import new_id
from banyan.kernel.segments import FRAME, Records
from banyan.links import TelemetryRecord, records, unpack_telemetry

AT_US = 1_795_314_016_454_316


def record(kind: int, channel: int, browser: int, first_code: str, *, quest: bool) -> bytes:
    head = records.pack_head(
        records.VERSION, kind, 255 - kind, browser, AT_US + kind, os.urandom(16), os.urandom(8)
    )
    ids = [new_id().bytes for _ in range(3)]
    place = records.pack_place(*ids, new_id().bytes if quest else records.NOBODY)
    return records.pack(head, place, channel, first_code)


def stood(journal: UUID, payloads: list[bytes]) -> Records:
    """Return payloads as they would stand behind 70 bytes of a journal."""
    starts = [
        FRAME.size + sum(len(p) + FRAME.size for p in payloads[:n]) for n in range(len(payloads))
    ]
    ends = [start + len(payload) for start, payload in zip(starts, payloads, strict=True)]
    data = b"".join(FRAME.pack(len(payload), crc32(payload)) + payload for payload in payloads)
    return Records(journal, data, 70, starts, ends)


def told(found: TelemetryRecord) -> tuple[object, ...]:
    return (
        found.workspace_id,
        found.campaign_id,
        found.kind,
        found.at_us,
        found.visitor_id,
        found.address_hash,
        found.link_id,
        found.quest_id,
        found.channel,
        found.browser,
        found.flags,
        found.first_code,
    )


def test_a_block_says_what_its_records_say(tmp_path: Path) -> None:
    journal = new_id()
    payloads = [
        record(nth % len(records.KINDS), nth % 14, nth % 11, "k7" * (nth % 9), quest=nth % 2 == 0)
        for nth in range(300)
    ]
    payloads.insert(7, b"of no known form")
    records_read = stood(journal, payloads)
    block = telemetry_block(records_read)
    expected = [found for found in map(unpack_telemetry, payloads) if found is not None]
    assert block.number == len(expected) == 300
    assert block.campaigns == {(each.workspace_id, each.campaign_id) for each in expected}

    store = Store(f"chdb://{tmp_path}/store")
    try:
        store.prepare()
        store.add_block("telemetry", TELEMETRY_COLUMNS, block.rows)
        rows = store.rows(
            "select workspace_id, campaign_id, kind, toUnixTimestamp64Micro(at), visitor_id,"
            " address_hash, link_id, nullIf(quest_id, toUUID('00000000-0000-0000-0000-000000000000')),"
            " channel, browser, flags, first_code from telemetry order by offset"
        )
        assert rows == [told(each) for each in expected]
        assert store.shipped([journal]) == {journal: records_read.last}
    finally:
        store.close()


@pytest.mark.parametrize("code", [b"\xff\xfe", b"k" * 200])
def test_a_code_that_is_none_of_ours_is_left_out(code: bytes) -> None:
    payload = record(0, 0, 0, "", quest=True)
    plain = telemetry_block(stood(new_id(), [payload]))
    strange = telemetry_block(stood(new_id(), [payload + b"k7k7", payload + code]))
    assert plain.rows[-1:] == b"\0"
    assert strange.rows[-5:] == b"\x04k7k7"
    assert len(strange.rows) == 2 * len(plain.rows) + len(b"k7k7")


def test_nothing_of_telemetry_is_no_row() -> None:
    for payloads in ([], [b""], [b"of no known form"], [bytes(200)]):
        assert telemetry_block(stood(new_id(), payloads)) == (b"", 0, set())
