"""The open-loop generator sends every request once and tells what became of each."""

import asyncio

from banyan.app.bench import openloop

REQUESTS = 300


async def load() -> tuple[list[float], list[int], list[bytes]]:
    """Drive a server that answers in two pieces, and hangs up on the last request of all."""
    seen: list[bytes] = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.read(1000):
            seen.append(head)
            if head.startswith(b"GET /hang-up "):
                break
            writer.write(b"HTTP/1.1 201 Created\r\nContent-Le")
            await writer.drain()
            await asyncio.sleep(0)
            writer.write(b"ngth: 2\r\n\r\nok")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        connections = await openloop.connect("127.0.0.1", port, 8)
        requests = [b"GET /%d HTTP/1.1\r\n\r\n" % nth for nth in range(REQUESTS - 1)]
        requests.append(b"GET /hang-up HTTP/1.1\r\n\r\n")
        waits, statuses = await openloop.drive(connections, requests, per_second=3000)
        for connection in connections:
            if connection.transport is not None:
                connection.transport.close()
    assert sorted(seen) == sorted(requests)
    return waits, statuses, requests


def test_every_request_leaves_once_and_a_broken_connection_is_no_answer() -> None:
    waits, statuses, requests = openloop.run(load())
    assert statuses == [201] * (len(requests) - 1) + [0]
    assert all(wait > 0 for wait in waits)
