"""The journal keeps what it answered: through torn tails, kill -9, full disks and cancellation."""

import asyncio
import errno
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from banyan.kernel.flushing import Landed, problem_of
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
def test_what_comes_in_one_turn_while_the_disk_flushes_shares_a_flush(
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
def test_flushes_are_told_in_their_order_over_many_segments(
    tmp_path: Path, flush: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANYAN_FLUSH", flush)

    async def run() -> list[int]:
        journal = Journal(tmp_path, segment_bytes=500)
        told: list[int] = []
        rounds: list[Round] = []
        for number in range(400):
            rounds.append(journal.append(b"%d" % number))
            rounds[-1].then(lambda problem, number=number: told.append(-1 if problem else number))
            await (rounds[-1] if number % 20 == 0 else asyncio.sleep(0))
        await asyncio.gather(*rounds)
        await journal.close()
        return told

    assert asyncio.run(run()) == list(range(400))
    assert payloads(tmp_path) == [b"%d" % number for number in range(400)]
    assert len(segments(tmp_path)) > 2


class ByHand:
    """A journal whose flushes end when, and how, the test says."""

    def __init__(self, folder: Path, **terms: int) -> None:
        self.journal = Journal(folder, **terms)
        self.landings: list[Landed] = []
        self.told: list[tuple[bytes, bool]] = []
        """What was told, in its order: the record, and whether it is kept."""

    def flusher(self, loop: asyncio.AbstractEventLoop, *, most: int) -> "ByHand":
        _ = loop, most
        return self

    def begin(self, file: int, landed: Landed) -> None:
        _ = file
        self.landings.append(landed)

    def close(self) -> None:
        """As a flusher is."""

    async def append(self, *records: bytes) -> None:
        """Append each in a turn of its own."""
        for record in records:
            made = self.journal.append(record)
            made.then(lambda problem, record=record: self.told.append((record, problem is None)))
            await asyncio.sleep(0)

    async def land(self, nth: int, problem: OSError | None = None) -> None:
        self.landings[nth](problem)
        await asyncio.sleep(0)


Scene = Callable[[ByHand], Awaitable[None]]


def played(folder: Path, scene: Scene, monkeypatch: pytest.MonkeyPatch, **terms: int) -> ByHand:
    async def run() -> ByHand:
        hand = ByHand(folder, **terms)
        monkeypatch.setattr("banyan.kernel.journal.flusher", hand.flusher)
        await scene(hand)
        await hand.journal.close()
        return hand

    return asyncio.run(run())


def test_a_flush_that_lands_early_waits_for_those_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(hand: ByHand) -> None:
        await hand.append(b"0", b"1", b"2")
        await hand.land(2)
        await hand.land(1)
        assert hand.told == []
        await hand.land(0)
        assert hand.told == [(b"0", True), (b"1", True), (b"2", True)]

    played(tmp_path, scene, monkeypatch)


def test_so_many_flushes_are_under_way_and_the_rest_shares_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(hand: ByHand) -> None:
        await hand.append(*(b"%d" % number for number in range(FLUSHES_MOST + 3)))
        assert len(hand.landings) == FLUSHES_MOST
        await hand.land(0)
        assert len(hand.landings) == FLUSHES_MOST + 1
        for nth in range(1, FLUSHES_MOST + 1):
            await hand.land(nth)

    hand = played(tmp_path, scene, monkeypatch)
    assert hand.told == [(b"%d" % number, True) for number in range(FLUSHES_MOST + 3)]


def test_when_one_flush_fails_none_under_way_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(hand: ByHand) -> None:
        await hand.append(b"before")
        await hand.land(0)
        await hand.append(b"1", b"2", b"3")
        await hand.land(2, OSError("disk"))
        assert hand.told == [(b"before", True), (b"1", False), (b"2", False), (b"3", False)]
        assert payloads(tmp_path) == [b"before"]
        await hand.append(b"after")
        await hand.land(1)  # too late: nobody waits for these any more
        await hand.land(3, OSError("disk"))
        assert len(hand.told) == 4
        await hand.land(4)
        assert hand.told[4:] == [(b"after", True)]

    played(tmp_path, scene, monkeypatch)
    before, after = read_segments(tmp_path)
    assert [before.payload, after.payload] == [b"before", b"after"]
    assert after.offset >= before.offset + sum(8 + len(each) for each in (b"before", b"1", b"2"))


def test_a_full_segment_is_closed_when_nothing_of_it_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(hand: ByHand) -> None:
        await hand.append(b"x" * 200)
        await hand.append(b"1")
        await hand.land(0)  # full from here on
        await hand.append(b"2")
        assert len(hand.landings) == 2
        await hand.land(1)
        assert len(hand.landings) == 3
        await hand.land(2)

    played(tmp_path, scene, monkeypatch, segment_bytes=200)
    assert len(segments(tmp_path)) == 2
    assert payloads(tmp_path) == [b"x" * 200, b"1", b"2"]


def test_a_segment_that_cannot_be_renamed_or_opened_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(hand: ByHand) -> None:
        await hand.append(b"before")
        await hand.land(0)
        (segment,) = segments(tmp_path)
        (segment.path.with_suffix(".segment") / "in the way").mkdir(parents=True)
        await hand.append(b"1")
        taken = segment.path.with_name(f"{segment.path.stem[:-16]}{8 + 6 + 8 + 1:016x}.open")
        taken.touch()
        await hand.land(1, OSError("disk"))
        await hand.append(b"2")
        assert hand.told == [(b"before", True), (b"1", False), (b"2", False)]
        await hand.append(b"after")
        await hand.land(2)
        assert hand.told[3:] == [(b"after", True)]

    played(tmp_path, scene, monkeypatch)
    left = [each for each in segments(tmp_path) if each.path.is_file()]
    kept = [record.payload for each in left for record in read_segment(each).each()]
    assert kept == [b"before", b"after"]


def test_zeros_at_the_end_of_a_file_are_no_records(tmp_path: Path) -> None:
    async def write() -> None:
        journal = Journal(tmp_path)
        await journal.append(b"kept")
        await journal.close()

    asyncio.run(write())
    (segment,) = segments(tmp_path)
    with segment.path.open("ab") as file:
        file.write(bytes(4096))
    assert payloads(tmp_path) == [b"kept"]


def test_what_the_system_answers_is_read_as_it_means_it() -> None:
    assert problem_of(0) is None
    told = problem_of((1 << 64) - errno.EIO)
    assert told is not None
    assert told.errno == errno.EIO


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
