"""The journal: records on local disk that are kept once they are answered.

One folder belongs to one process. Records go to append-only segments, each with its length and
checksum; whatever waits is written together and one `fdatasync` serves all of it: in the event loop
while the disk is quick, in a thread when it is not. Whoever ships segments knows every record by
(journal id, offset), which no later record ever takes again.
"""

import asyncio
import fcntl
import os
import time
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from uuid import UUID
from zlib import crc32

from banyan.kernel.ids import new_id
from banyan.kernel.segments import CLOSED, FRAME, HEAD, MAGIC, OPEN, segments

_pack_frame = FRAME.pack
BUSY_PARTS = 8
"""A round of more than four records says that many are coming: two parts a record."""
ROUND_SECONDS = 0.002
"""Under load a round begins at most this often."""
QUICK_SECONDS = 0.002
"""A disk that flushes quicker than this is flushed by the event loop itself.

A thread would spend longer on getting the interpreter back from a busy loop than the disk takes.
"""
SLOW_ROUNDS = 256
"""So many rounds go to the thread before the loop tries again whether the disk is quick."""


class _Round(asyncio.Future[None]):
    """What all records of one flush wait for.

    A request that is cancelled must not cancel its neighbours: it learns of it after the flush.
    """

    def cancel(self, msg: object | None = None) -> bool:
        _ = msg
        return False


class Journal:
    """Appends records durably. Belongs to one event loop; close it to flush what waits.

    Raises BlockingIOError when another process holds `folder`.
    """

    def __init__(
        self, folder: Path, *, segment_bytes: int = 32 << 20, segment_seconds: float = 300
    ) -> None:
        """Take `folder`, close what a crash left open there, and begin a journal of a new id."""
        folder.mkdir(parents=True, exist_ok=True)
        self.id = new_id()
        self.folder = folder
        self._lock = _lock(folder)
        _close_left_over(folder)
        self._writer = _Writer(folder, self.id, segment_bytes, segment_seconds)
        self._waiting: list[bytes] = []
        self._round: _Round | None = None
        self._not_before = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writing: _Round | None = None
        self._flush_seconds = 0.0
        self._rounds_in_thread = 0
        self._orders: SimpleQueue[tuple[list[bytes], _Round] | None] = SimpleQueue()
        self._thread = Thread(target=self._write, name="journal", daemon=True)
        self._thread.start()

    def append(self, record: bytes) -> asyncio.Future[None]:
        """Append `record`; it is durable when the future is done. OSError: it is not kept.

        Awaiting is the caller's part: nothing is kept for sure before.
        """
        made = self._round
        if made is None:
            loop = self._loop = self._loop or asyncio.get_running_loop()
            made = self._round = _Round(loop=loop)
            if self._writing is None:
                # The rest of this turn of the event loop joins the round.
                loop.call_soon(self._hand_over)
        self._waiting.append(_pack_frame(len(record), crc32(record)))
        self._waiting.append(record)
        return made

    async def close(self) -> None:
        """Flush what waits, close the segment and let the folder go."""
        while (flush := self._round or self._writing) is not None:
            await asyncio.wait([flush])
        self._orders.put(None)
        await asyncio.to_thread(self._thread.join)
        self._writer.close()
        os.close(self._lock)

    def _hand_over(self) -> None:
        if self._round is None or self._writing is not None:
            return
        now = time.monotonic()
        if now < self._not_before:
            loop = self._round.get_loop()
            loop.call_at(loop.time() + self._not_before - now, self._hand_over)
            return
        if len(self._waiting) > BUSY_PARTS:
            # Under load, rounds of a few records would spend the machine on flushing.
            self._not_before = now + ROUND_SECONDS
        parts, made = self._waiting, self._round
        self._waiting, self._round = [], None
        if self._rounds_in_thread:
            self._rounds_in_thread -= 1
            self._writing = made
            self._orders.put((parts, made))
            return
        problem = self._flush(parts)
        self._flush_seconds += (time.monotonic() - now - self._flush_seconds) / 4
        if self._flush_seconds > QUICK_SECONDS:
            self._flush_seconds = QUICK_SECONDS
            self._rounds_in_thread = SLOW_ROUNDS
        _tell(made, problem)

    def _flush(self, parts: list[bytes]) -> OSError | None:
        try:
            self._writer.write(b"".join(parts))
        except OSError as error:
            return error
        return None

    def _landed(self, landed: _Round, problem: OSError | None) -> None:
        self._writing = None
        _tell(landed, problem)
        self._hand_over()

    def _write(self) -> None:
        while (order := self._orders.get()) is not None:
            parts, landed = order
            problem = self._flush(parts)
            try:
                landed.get_loop().call_soon_threadsafe(self._landed, landed, problem)
            except RuntimeError:
                return  # the event loop has ended: nobody waits any more


def _tell(made: _Round, problem: OSError | None) -> None:
    if problem is None:
        made.set_result(None)
    else:
        made.set_exception(problem)
        made.exception()  # told to whoever waits; if nobody does any more, that is no fault


class _Writer:
    """The open segment; used by the event loop or by the writer thread, never by both at once."""

    def __init__(self, folder: Path, journal: UUID, most_bytes: int, most_seconds: float) -> None:
        self._folder = folder
        self._journal = journal
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._file = -1
        self._path = folder
        self._size = 0
        self._offset = 0
        self._opened_at = 0.0

    def write(self, data: bytes) -> None:
        """Write `data` and wait for the disk. After an OSError nothing of it counts as kept."""
        if self._file >= 0 and (
            self._size >= self._most_bytes
            or time.monotonic() - self._opened_at >= self._most_seconds
        ):
            self.close()
        if self._file < 0:
            self._open()
        try:
            _write_whole(self._file, data)
            os.fdatasync(self._file)
        except OSError:
            # What the disk holds now is unknown. The next segment begins beyond these offsets, so
            # that a record shipped from here never shares its offset with another one.
            self._cut()
            self._offset += len(data)
            self.close()
            raise
        self._size += len(data)
        self._offset += len(data)

    def close(self) -> None:
        """Close the segment under the name that says nothing is added any more."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
            self._path.rename(self._path.with_suffix(CLOSED))

    def _open(self) -> None:
        path = self._folder / f"{self._journal.hex}-{self._offset:016x}{OPEN}"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            os.write(file, HEAD.pack(MAGIC, self._journal.bytes, self._offset))
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError:
            os.close(file)
            path.unlink(missing_ok=True)
            self._offset += 1
            raise
        self._file, self._path, self._size = file, path, HEAD.size
        self._opened_at = time.monotonic()

    def _cut(self) -> None:
        try:
            os.ftruncate(self._file, self._size)
        except OSError:
            return  # the reader stops at the torn record, which nobody was told is kept


def close_abandoned(folder: Path) -> None:
    """Close the open segments of journal folders below `folder` whose process is gone."""
    for owned in {segment.path.parent for segment in segments(folder) if not segment.is_closed}:
        try:
            lock = _lock(owned)
        except BlockingIOError:
            continue
        try:
            _close_left_over(owned)
        finally:
            os.close(lock)


def _write_whole(file: int, data: bytes) -> None:
    if os.write(file, data) != len(data):
        msg = "the disk took a part of the records"
        raise OSError(msg)


def _lock(folder: Path) -> int:
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise
    return lock


def _close_left_over(folder: Path) -> None:
    for path in folder.glob(f"*{OPEN}"):
        path.rename(path.with_suffix(CLOSED))
