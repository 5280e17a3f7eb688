"""The journal: records on local disk that are kept once they are answered.

One folder belongs to one process. Records go to append-only segments, each with its length and
checksum; what comes while the disk flushes is written together and flushed next, so that one flush
serves all of it. Whoever ships segments knows every record by (journal id, offset), which no later
record ever takes again.
"""

import asyncio
import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID
from zlib import crc32

from banyan.kernel.flushing import Flusher, flusher
from banyan.kernel.ids import new_id
from banyan.kernel.segments import CLOSED, FRAME, HEAD, MAGIC, OPEN, segments

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
        self._flushing: Round | None = None
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
            if self._flushing is None:
                # The rest of this turn of the event loop joins the round.
                loop.call_soon(self._begin)
        self._waiting.append(_pack_frame(len(record), crc32(record)))
        self._waiting.append(record)
        return made

    async def close(self) -> None:
        """Flush what waits, close the segment and let the folder go."""
        while (flush := self._round or self._flushing) is not None:
            await asyncio.wait([flush])
        if self._flusher is not None:
            self._flusher.close()
        self._writer.close()
        os.close(self._lock)

    def _begin(self) -> None:
        """Write what waits and have it flushed, unless a flush is under way: its end begins this."""
        made = self._round
        if made is None or self._flushing is not None:
            return
        data = b"".join(self._waiting)
        self._waiting, self._round, self._flushing = [], None, made
        if self._flusher is None:
            self._flusher = flusher(made.get_loop())
        try:
            self._flusher.begin(self._writer.write(data), self._landed)
        except OSError as problem:
            self._landed(problem)

    def _landed(self, problem: OSError | None) -> None:
        made, self._flushing = self._flushing, None
        self._writer.end(is_kept=problem is None)
        if made is not None:
            made.end(problem)
        if self._round is not None:
            # What the answers bring with them in this turn joins it.
            self._round.get_loop().call_soon(self._begin)


class _Writer:
    """The open segment. `write` and `end` take turns."""

    def __init__(self, folder: Path, journal: UUID, most_bytes: int, most_seconds: float) -> None:
        self._folder = folder
        self._journal = journal
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._file = -1
        self._path = folder
        self._size = 0
        self._offset = 0
        self._written = 0
        self._opened_at = 0.0

    def write(self, data: bytes) -> int:
        """Hand `data` to the system and return the file to flush."""
        self._written = len(data)
        if self._file >= 0 and (
            self._size >= self._most_bytes
            or time.monotonic() - self._opened_at >= self._most_seconds
        ):
            self.close()
        if self._file < 0:
            self._open()
        if os.write(self._file, data) != len(data):
            msg = "the disk took a part of the records"
            raise OSError(msg)
        return self._file

    def end(self, *, is_kept: bool) -> None:
        """Count what was written last, or after an OSError take it back."""
        self._offset += self._written
        if is_kept:
            self._size += self._written
        elif self._file >= 0:
            # What the disk holds now is unknown. The next segment begins beyond these offsets, so
            # that a record shipped from here never shares its offset with another one.
            self._cut()
            self.close()

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
