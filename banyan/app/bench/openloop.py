"""Open-loop load: requests leave on a timetable, whatever the answers do.

A closed loop waits for a slow answer before it asks again and so hides it; here the wait counts
from the moment at which the request was due.
"""

import asyncio
from collections.abc import Sequence
from time import perf_counter

from typing_extensions import override


class Answer(asyncio.Protocol):
    """One keep-alive connection: one request at a time, its answer's status and the moment."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self.transport: asyncio.Transport | None = None
        self._seen = b""
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, found, body = self._seen.partition(b"\r\n\r\n")
        if not found or self._waiting is None:
            return
        lower = head.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) >= length:
            self._seen = b""
            waiting, self._waiting = self._waiting, None
            if not waiting.done():
                waiting.set_result((int(head[9:12]), body[:length]))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((0, b""))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send `request`; return the answer's status (0: the connection broke) and body."""
        if self.transport is None or self.transport.is_closing():
            return 0, b""
        self._waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._waiting


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
    """Send `requests` at `per_second`; return seconds from due to answered, and the statuses."""
    free: asyncio.Queue[Answer] = asyncio.Queue()
    for connection in connections:
        free.put_nowait(connection)
    waits = [0.0] * len(requests)
    statuses = [0] * len(requests)
    begin = perf_counter() + 0.05

    async def one(nth: int, connection: Answer) -> None:
        statuses[nth], _ = await connection.ask(requests[nth])
        waits[nth] = perf_counter() - (begin + nth / per_second)
        free.put_nowait(connection)

    running: set[asyncio.Task[None]] = set()
    for nth in range(len(requests)):
        early = begin + nth / per_second - perf_counter()
        if early > 0:
            await asyncio.sleep(early)
        task = asyncio.create_task(one(nth, await free.get()))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    return waits, statuses
