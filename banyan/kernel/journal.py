"""The journal: records on local disk that are kept once they are answered.

One folder belongs to one process. Records go to append-only segments, each with its length and
checksum; what comes in one turn of the event loop is written together, so that one flush serves all
of it. While one flush is under way the next may begin; they are told in their order. Whoever ships
segments knows every record by (journal id, offset), which no later record ever takes again.
"""

import asyncio
import contextlib
import fcntl
import os
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID
from zlib import crc32

from banyan.kernel.flushing import Flusher, flusher
from banyan.kernel.ids import new_id
from banyan.kernel.segments import CLOSED, FRAME, HEAD, MAGIC, OPEN, segments

FLUSHES_MOST = 4
"""Where a flush takes a millisecond, whoever comes while one is under way need not wait for two."""
_pack_frame = FRAME.pack


class Round(asyncio.Future[None]):
    """What all records of one flush wait for; OSError: they are not kept.

    A request that is cancelled must not cancel its neighbours: it learns of it after the flush.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make the round of what comes next."""
        super().__init__(loop=loop)
        self._told: list[Callable[[OSError | None], None]] = []

    def then(self, told: Callable[[OSError | None], None]) -> None:
        """Have `told` called as soon as it is known: cheaper than a callback of its own."""
        self._told.append(told)

    def end(self, problem: OSError | None) -> None:
        """Tell everybody."""
        for told in self._told:
            try:
                told(problem)
            except Exception as error:  # noqa: BLE001 - one must not keep it from the others
                self.get_loop().call_exception_handler({"message": "told", "exception": error})
        if problem is None:
            self.set_result(None)
        else:
            self.set_exception(problem)
            self.exception()  # told to whoever waits; if nobody does any more, that is no fault

    def cancel(self, msg: object | None = None) -> bool:
        """Go on."""
        _ = msg
        return False


class _Flush:
    """Some records on their way to the disk."""

    __slots__ = ("bytes", "has_landed", "round")

    def __init__(self, made: Round, size: int) -> None:
        self.round = made
        self.bytes = size
        self.has_landed = False


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
        self._round: Round | None = None
        self._under_way: deque[_Flush] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._flusher: Flusher | None = None

    def append(self, record: bytes) -> Round:
        """Append `record`; it is durable when the round has ended. OSError: it is not kept.

        Awaiting is the caller's part: nothing is kept for sure before.
        """
        made = self._round
        if made is None:
            loop = self._loop = self._loop or asyncio.get_running_loop()
            made = self._round = Round(loop)
            if len(self._under_way) < FLUSHES_MOST:
                # The rest of this turn of the event loop joins the round.
                loop.call_soon(self._begin)
        self._waiting.append(_pack_frame(len(record), crc32(record)))
        self._waiting.append(record)
        return made

    async def close(self) -> None:
        """Flush what waits, close the segment and let the folder go."""
        while rounds := [*(flush.round for flush in self._under_way), *filter(None, [self._round])]:
            await asyncio.wait(rounds)
        if self._flusher is not None:
            self._flusher.close()
        self._writer.close()
        os.close(self._lock)

    def _begin(self) -> None:
        """Write what waits and have it flushed, unless the end of another flush begins this."""
        made, under_way = self._round, self._under_way
        if made is None or len(under_way) >= FLUSHES_MOST:
            return
        if self._writer.is_full:
            if under_way:
                return  # a segment is closed when nothing of it is under way
            self._writer.close()
        data = b"".join(self._waiting)
        flush = _Flush(made, len(data))
        self._waiting, self._round = [], None
        under_way.append(flush)
        try:
            if self._flusher is None:
                self._flusher = flusher(made.get_loop(), most=FLUSHES_MOST)
            file = self._writer.write(data)
            self._flusher.begin(file, partial(self._landed, flush))
        except OSError as problem:
            self._landed(flush, problem)
        except RuntimeError as problem:  # no thread is to be had
            self._landed(flush, OSError(str(problem)))

    def _landed(self, flush: _Flush, problem: OSError | None) -> None:
        """Tell, in their order, all whose records are kept now, or that none under way is."""
        under_way = self._under_way
        if flush not in under_way:
            return  # given up with another one
        over: list[_Flush] = []
        flush.has_landed = True
        if problem is None:
            while under_way and under_way[0].has_landed:
                over.append(under_way.popleft())
            self._writer.keep(sum(each.bytes for each in over))
        else:
            over.extend(under_way)
            under_way.clear()
            self._writer.cut()
        for each in over:
            each.round.end(problem)
        if self._round is not None:
            # What the answers bring with them in this turn joins it.
            self._round.get_loop().call_soon(self._begin)


class _Writer:
    """The open segment."""

    def __init__(self, folder: Path, journal: UUID, most_bytes: int, most_seconds: float) -> None:
        self._folder = folder
        self._journal = journal
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        # One for each flush that may be under way: the system tells every descriptor once that
        # the disk failed, and would tell only one of two flushes that share one.
        self._files: deque[int] = deque()
        self._path = folder
        self._kept = 0
        self._offset = 0
        self._opened_at = 0.0

    @property
    def is_full(self) -> bool:
        """Whether the next record begins another segment."""
        return bool(self._files) and (
            self._kept >= self._most_bytes
            or time.monotonic() - self._opened_at >= self._most_seconds
        )

    def write(self, data: bytes) -> int:
        """Hand `data` to the system and return the descriptor to flush."""
        if not self._files:
            self._open()
        self._offset += len(data)
        file = self._files[0]
        self._files.rotate()
        if os.write(file, data) != len(data):
            msg = "the disk took a part of the records"
            raise OSError(msg)
        return file

    def keep(self, size: int) -> None:
        """Count the next `size` bytes as kept."""
        self._kept += size

    def cut(self) -> None:
        """Take back what was written and is not kept.

        What the disk holds of it is unknown. The next segment begins beyond these offsets, so that
        a record shipped from here never shares its offset with another one.
        """
        if not self._files:
            return
        with contextlib.suppress(OSError):
            # What stays all the same, whole, is shipped: told as not kept, and kept.
            os.ftruncate(self._files[0], self._kept)
        self.close()

    def close(self) -> None:
        """Close the segment under the name that says nothing is added any more.

        A disk that fails keeps nobody from being told: the other name is read all the same.
        """
        files, self._files = self._files, deque()
        for file in files:
            with contextlib.suppress(OSError):
                os.close(file)
        if files:
            with contextlib.suppress(OSError):
                self._path.rename(self._path.with_suffix(CLOSED))

    def _open(self) -> None:
        path = self._folder / f"{self._journal.hex}-{self._offset:016x}{OPEN}"
        flags = os.O_WRONLY | os.O_APPEND
        files: list[int] = []
        try:
            files.append(os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600))
            os.write(files[0], HEAD.pack(MAGIC, self._journal.bytes, self._offset))
            files.extend(os.open(path, flags) for _ in range(1, FLUSHES_MOST))
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError:
            self._offset += 1  # another name next time: this one may not go away
            with contextlib.suppress(OSError):
                for file in files:
                    os.close(file)
                path.unlink(missing_ok=True)
            raise
        self._files, self._path, self._kept = deque(files), path, HEAD.size
        self._opened_at = time.monotonic()


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
