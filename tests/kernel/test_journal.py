"""The journal keeps what it answered: through torn tails, kill -9, full disks and cancellation."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from banyan.kernel.journal import FLUSHES_MOST, Journal, Round, close_abandoned
from banyan.kernel.segments import read_segment, read_segments, segments
from tests.disks import break_disk


def payloads(folder: Path) -> list[bytes]:
    return [record.payload for record in read_segments(folder)]


def test_answered_records_are_read_in_order_with_growing_offsets(tmp_path: Path) -> None:
    async def write() -> None:
        journal = Journal(tmp_path)
        await asyncio.gather(*(journal.append(b"%d" % number) for number in range(500)))
        await journal.append(b"last")
        await journal.close()

    asyncio.run(write())
    records = list(read_segments(tmp_path))
    assert [record.payload for record in records] == [b"%d" % n for n in range(500)] + [b"last"]
    offsets = [record.offset for record in records]
    assert offsets == sorted(set(offsets))
    assert len({record.journal for record in records}) == 1


def test_segments_rotate_and_reading_resumes_after_an_offset(tmp_path: Path) -> None:
    async def write() -> None:
        journal = Journal(tmp_path, segment_bytes=300)
        for number in range(40):
            await journal.append(b"record %03d" % number)
        await journal.close()

    asyncio.run(write())
    found = segments(tmp_path)
    assert len(found) > 1
    assert all(segment.is_closed for segment in found)
    first = list(read_segment(found[0]).each())
    rest = read_segment(found[0], after=first[2].offset)
    assert list(rest.each()) == first[3:]
    assert rest.last == first[-1].offset
    assert read_segment(found[0], after=first[-1].offset).last is None
    assert payloads(tmp_path) == [b"record %03d" % number for number in range(40)]


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_a_torn_tail_loses_only_itself(tmp_path: Path, damage: str) -> None:
    async def write(*records: bytes) -> None:
        journal = Journal(tmp_path)
        for record in records:
            await journal.append(record)
        await journal.close()

    asyncio.run(write(b"one", b"two", b"three"))
    (segment,) = segments(tmp_path)
    data = bytearray(segment.path.read_bytes())
    if damage == "cut":
        del data[-2:]
    else:
        data[-1] ^= 1
    segment.path.write_bytes(data)
    assert payloads(tmp_path) == [b"one", b"two"]
    asyncio.run(write(b"four"))
    assert payloads(tmp_path) == [b"one", b"two", b"four"]


def test_one_process_a_folder_and_a_dead_one_leaves_it(tmp_path: Path) -> None:
    async def run() -> None:
        journal = Journal(tmp_path / "web-0")
        await journal.append(b"kept")
        with pytest.raises(BlockingIOError):
            Journal(tmp_path / "web-0")
        close_abandoned(tmp_path)
        assert not segments(tmp_path)[0].is_closed
        await journal.close()

    asyncio.run(run())
    (segment,) = segments(tmp_path)
    segment.path.rename(segment.path.with_suffix(".open"))
    close_abandoned(tmp_path)
    assert segments(tmp_path)[0].is_closed


def test_a_cancelled_caller_does_not_cancel_its_neighbours(tmp_path: Path) -> None:
    async def run() -> None:
        journal = Journal(tmp_path)

        async def keep(record: bytes) -> None:
            await journal.append(record)

        tasks = [asyncio.create_task(keep(b"%d" % number)) for number in range(3)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert outcomes[0] is None
        assert outcomes[2] is None
        assert isinstance(outcomes[1], asyncio.CancelledError)
        await journal.close()

    asyncio.run(run())
    assert payloads(tmp_path) == [b"0", b"1", b"2"]


@pytest.mark.parametrize("flush", ["", "thread"])
def test_a_failing_disk_is_told_and_offsets_are_never_reused(
    tmp_path: Path, flush: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANYAN_FLUSH", flush)

    async def run() -> None:
        journal = Journal(tmp_path)
        await journal.append(b"before")
        break_disk(tmp_path)
        told: list[OSError | None] = []
        refused = journal.append(b"refused")
        refused.then(told.append)
        with pytest.raises(OSError, match=r"[Ii]nvalid"):
            await refused
        assert [type(each) for each in told] == [OSError]
        await journal.append(b"after")
        await journal.close()

    asyncio.run(run())
    records = list(read_segments(tmp_path))
    assert [record.payload for record in records] == [b"before", b"after"]
    refused_offset = records[0].offset + 8 + len(b"before")
    assert records[1].offset > refused_offset


@pytest.mark.parametrize("flush", ["", "thread"])
def test_what_comes_while_the_disk_flushes_shares_the_next_flush(
    tmp_path: Path, flush: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANYAN_FLUSH", flush)

    async def run() -> list[Round]:
        journal = Journal(tmp_path)
        first = journal.append(b"first")
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # its flush has begun, and nobody has heard of its end yet
        rounds = [journal.append(b"%d" % number) for number in range(100)]
        await asyncio.gather(first, *rounds)
        await journal.close()
        return [first, *rounds]

    rounds = asyncio.run(run())
    assert len({id(each) for each in rounds}) == 2
    assert len(payloads(tmp_path)) == 101


@pytest.mark.parametrize("flush", ["", "thread"])
def test_flushes_under_way_at_once_are_told_in_their_order(
    tmp_path: Path, flush: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANYAN_FLUSH", flush)

    async def run() -> tuple[list[int], int]:
        journal = Journal(tmp_path, segment_bytes=2000)
        told: list[int] = []
        rounds: list[Round] = []
        at_once = 0
        for number in range(400):
            made = journal.append(b"%d" % number)
            if made not in rounds:
                rounds.append(made)
            made.then(lambda problem, number=number: told.append(-1 if problem else number))
            await asyncio.sleep(0)
            at_once = max(at_once, sum(not each.done() for each in rounds))
        await asyncio.gather(*rounds)
        await journal.close()
        return told, at_once

    told, at_once = asyncio.run(run())
    assert told == list(range(400))
    assert payloads(tmp_path) == [b"%d" % number for number in range(400)]
    # What waits for its turn, beside those under way.
    assert 2 < at_once <= FLUSHES_MOST + 1


@pytest.mark.parametrize("flush", ["", "thread"])
def test_when_the_disk_fails_all_that_is_under_way_fails(
    tmp_path: Path, flush: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANYAN_FLUSH", flush)

    async def run() -> None:
        journal = Journal(tmp_path)
        await journal.append(b"before")
        break_disk(tmp_path)
        rounds: list[Round] = []
        for number in range(3):
            rounds.append(journal.append(b"refused %d" % number))
            await asyncio.sleep(0)
        told = await asyncio.gather(*rounds, return_exceptions=True)
        assert len({id(each) for each in rounds}) > 1
        assert isinstance(told[0], OSError)
        for number, problem in enumerate(told):
            # Who came after the failure was known has a new segment, and is kept.
            is_kept = b"refused %d" % number in payloads(tmp_path)
            assert is_kept == (problem is None)
        await journal.append(b"after")
        await journal.close()

    asyncio.run(run())
    assert payloads(tmp_path)[0] == b"before"
    assert payloads(tmp_path)[-1] == b"after"
    offsets = [record.offset for record in read_segments(tmp_path)]
    assert offsets == sorted(set(offsets))


WRITER = """
import asyncio, sys
from pathlib import Path
from banyan.kernel.journal import Journal

async def main():
    journal = Journal(Path(sys.argv[1]), segment_bytes=20_000)
    async def client(name):
        number = 0
        while True:
            record = f"{sys.argv[2]}:{name}:{number}".encode()
            await journal.append(record)
            sys.stdout.write(record.decode() + "\\n")
            number += 1
    async def flush():
        while True:
            await asyncio.sleep(0.005)
            sys.stdout.flush()
    await asyncio.gather(flush(), *(client(n) for n in range(32)))

asyncio.run(main())
"""


def test_kill_9_keeps_every_answered_record_once(tmp_path: Path) -> None:
    answered: set[str] = set()
    for life in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "journal"), str(life)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(300)]
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
        process.wait()
        process.stdout.close()
        whole = "".join(lines) + rest
        # The last line may be torn by the kill: its answer never left whole.
        answered.update(whole.split("\n")[:-1])
    kept = [record.payload.decode() for record in read_segments(tmp_path / "journal")]
    assert len(kept) == len(set(kept))
    assert len(answered) >= 1200
    assert answered <= set(kept)
