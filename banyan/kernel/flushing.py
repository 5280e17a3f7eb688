"""Waiting for the disk beside the event loop.

Linux flushes a file by itself and rings when it is done (`io_submit`, since 4.18). Elsewhere, or
where a container forbids it, a thread waits; it then has to get the interpreter back from a busy
loop, which takes longer than a quick disk.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

Landed = Callable[[OSError | None], None]
"""Told in the event loop when the disk has answered; what went wrong, or None."""


class Flusher(Protocol):
    """Flushes files. Several flushes may be under way; they end in any order."""

    def begin(self, file: int, landed: Landed) -> None:
        """Flush the data of the descriptor `file`. Raises OSError when that cannot begin."""
        ...

    def close(self) -> None:
        """Let go what it holds; nobody waits for a flush any more."""
        ...


def flusher(loop: asyncio.AbstractEventLoop, *, most: int) -> Flusher:
    """Return the best there is for `loop` and up to `most` flushes at once.

    `BANYAN_FLUSH=thread` asks for threads.
    """
    threads = _InThreads(loop, most)
    if os.environ.get("BANYAN_FLUSH") != "thread":
        try:
            return _BySystem(loop, most, threads)
        except (ImportError, SystemError, NotImplementedError) as problem:
            log.warning("flush_in_thread", problem=str(problem))
    return threads


def problem_of(result: int) -> OSError | None:
    """Return what an answer of the system says: an error is the unsigned reading of its negative."""
    code = (1 << 64) - result if result >> 63 else 0
    return OSError(code, os.strerror(code)) if code else None


class _BySystem:
    def __init__(self, loop: asyncio.AbstractEventLoop, most: int, threads: Flusher) -> None:
        # Not every system has it: the package leaves the module out where it cannot be built.
        from caio.linux_aio import Context, Operation  # noqa: PLC0415

        self._loop = loop
        self._context = Context(max_requests=most)
        self._operation = Operation.fdsync
        self._threads = threads
        loop.add_reader(self._context.fileno, self._rung)

    def begin(self, file: int, landed: Landed) -> None:
        operation = self._operation(file)
        operation.set_callback(lambda result: landed(problem_of(result)))
        try:
            self._context.submit(operation)  # pyright: ignore[reportUnknownMemberType]
        except (ValueError, OverflowError, SystemError):
            # The package's own names for a refusal. A thread is told whether it is the file.
            self._threads.begin(file, landed)

    def _rung(self) -> None:
        try:
            self._context.poll()
        except BlockingIOError:
            return
        self._context.process_events()

    def close(self) -> None:
        self._loop.remove_reader(self._context.fileno)
        self._threads.close()


class _InThreads:
    def __init__(self, loop: asyncio.AbstractEventLoop, most: int) -> None:
        self._loop = loop
        self._threads = ThreadPoolExecutor(most, thread_name_prefix="flush")

    def begin(self, file: int, landed: Landed) -> None:
        # Whoever gives the flush up closes `file`, and its number may soon be another file's.
        own = os.dup(file)

        def flush() -> None:
            try:
                os.fdatasync(own)
            finally:
                os.close(own)

        def flushed(done: asyncio.Future[None]) -> None:
            problem = done.exception()
            if problem is not None and not isinstance(problem, OSError):
                problem = OSError(str(problem))  # whatever it was: not flushed is not kept
            landed(problem)

        self._loop.run_in_executor(self._threads, flush).add_done_callback(flushed)

    def close(self) -> None:
        self._threads.shutdown(wait=False)
