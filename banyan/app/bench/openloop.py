"""Open-loop load: requests leave on a timetable, whatever the answers do.

A closed loop waits for a slow answer before it asks again and so hides it; here the wait counts
from the moment at which the request was due. The generator shares the machine with what it
measures, so a request costs it as little as can be: one write, one read, no task.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from math import floor
from time import perf_counter
from typing import Any, TypeVar, cast

import uvloop
from typing_extensions import override

T = TypeVar("T")

LEAD_SECONDS = 0.05
"""From the call of `drive` to the moment the first request is due."""
TICK_SECONDS = 0.001


class Answer(asyncio.Protocol):
    """One keep-alive connection: one request at a time, its answer's status and the moment."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self.transport: asyncio.Transport | None = None
        self._seen = b""
        self._told: Callable[[int, bytes], None] | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports stand beside asyncio's classes, not below them.
        self.transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, found, body = self._seen.partition(b"\r\n\r\n")
        if not found or self._told is None:
            return
        lower = head.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) >= length:
            self._seen = b""
            self._tell(int(head[9:12]), body[:length])

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._tell(0, b"")

    def send(self, request: bytes, told: Callable[[int, bytes], None]) -> None:
        """Send `request`; `told` hears the answer's status (0: the connection broke) and body."""
        self._told = told
        if self.transport is None or self.transport.is_closing():
            self._tell(0, b"")
        else:
            self.transport.write(request)

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send `request`; return the answer's status (0: the connection broke) and body."""
        waiting: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self.send(request, lambda status, body: waiting.set_result((status, body)))
        return await waiting

    def _tell(self, status: int, body: bytes) -> None:
        told, self._told = self._told, None
        if told is not None:
            told(status, body)


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end on the quicker event loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


async def connect(host: str, port: int, count: int) -> list[Answer]:
    """Open `count` keep-alive connections."""
    loop = asyncio.get_running_loop()
    made: list[Answer] = []
    for _ in range(count):
        _, protocol = await loop.create_connection(Answer, host, port)
        made.append(protocol)
    return made


async def drive(
    connections: Sequence[Answer], requests: Sequence[bytes], *, per_second: float
) -> tuple[list[float], list[int]]:
    """Send `requests` at `per_second`; return seconds from due to answered, and the statuses.

    A request that finds no connection free leaves late and waits all the same.
    """
    free = deque(connections)
    waits = [0.0] * len(requests)
    statuses = [0] * len(requests)
    begin = perf_counter() + LEAD_SECONDS
    done = asyncio.Event()
    answered = 0

    def leave(nth: int, connection: Answer) -> None:
        def told(status: int, _: bytes) -> None:
            nonlocal answered
            statuses[nth] = status
            waits[nth] = perf_counter() - (begin + nth / per_second)
            free.append(connection)
            answered += 1
            if answered == len(requests):
                done.set()

        connection.send(requests[nth], told)

    sent = 0
    while sent < len(requests):
        due = min(len(requests), floor((perf_counter() - begin) * per_second) + 1)
        while sent < due and free:
            leave(sent, free.popleft())
            sent += 1
        await asyncio.sleep(TICK_SECONDS)
    await done.wait()
    return waits, statuses
