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
    """Flushes one file at a time."""

    def begin(self, file: int, landed: Landed) -> None:
        """Flush the data of the descriptor `file`. Raises OSError when that cannot begin."""
        ...

    def close(self) -> None:
        """Let go what it holds; nothing may be under way."""
        ...


def flusher(loop: asyncio.AbstractEventLoop) -> Flusher:
    """Return the best there is for `loop`; `BANYAN_FLUSH=thread` asks for the thread."""
    if os.environ.get("BANYAN_FLUSH") != "thread":
        try:
            return _BySystem(loop)
        except (ImportError, SystemError, NotImplementedError) as problem:
            log.warning("flush_in_thread", problem=str(problem))
    return _InThread(loop)


class _BySystem:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # Not every system has it: the package leaves the module out where it cannot be built.
        from caio.linux_aio import Context, Operation  # noqa: PLC0415

        self._loop = loop
        self._context = Context(max_requests=1)
        self._operation = Operation.fdsync
        self._landed: Landed | None = None
        loop.add_reader(self._context.fileno, self._rung)

    def begin(self, file: int, landed: Landed) -> None:
        operation = self._operation(file)
        operation.set_callback(self._answered)
        self._landed = landed
        try:
            self._context.submit(operation)  # pyright: ignore[reportUnknownMemberType]
        except (ValueError, OverflowError, SystemError) as problem:
            # The package's own names for what the system said.
            self._landed = None
            raise OSError(str(problem)) from problem

    def _rung(self) -> None:
        try:
            self._context.poll()
        except BlockingIOError:
            return
        self._context.process_events()

    def _answered(self, result: int) -> None:
        landed, self._landed = self._landed, None
        if landed is not None:
            # An error comes as the unsigned reading of a negative number.
            code = (1 << 64) - result if result >> 63 else 0
            landed(OSError(code, os.strerror(code)) if code else None)

    def close(self) -> None:
        self._loop.remove_reader(self._context.fileno)


class _InThread:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="flush")

    def begin(self, file: int, landed: Landed) -> None:
        def flushed(done: asyncio.Future[None]) -> None:
            problem = done.exception()
            if problem is not None and not isinstance(problem, OSError):
                problem = OSError(str(problem))  # whatever it was: not flushed is not kept
            landed(problem)

        self._loop.run_in_executor(self._thread, os.fdatasync, file).add_done_callback(flushed)

    def close(self) -> None:
        self._thread.shutdown(wait=False)
