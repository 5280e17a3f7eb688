"""Connections: hot paths and the rest on one wire, in order, and nobody who holds one for nothing."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from banyan.app.edge import wire
from banyan.app.edge.server import listening, server_of
from banyan.kernel.asgi import Head, Hot, Receive, Reply, Scope, Send, answer, header

DONE = Head(201, [(b"content-type", b"text/plain")])
SOON_SECONDS = 0.05


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Say which path it was and what came with it."""
    if scope["type"] == "lifespan":
        for _ in range(2):
            message = await receive()
            await send({"type": message["type"] + ".complete"})
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    said = b"asgi %b %b" % (scope["path"].encode(), body)
    await answer(send, 200, [(b"content-type", b"text/plain")], said)


def hot_paths(method: bytes, target: bytes) -> Hot | None:
    if method != b"POST" or not target.startswith(b"/hot/"):
        return None
    return take


def take(scope: Scope, body: bytes, reply: Reply) -> None:
    """Answer at once, soon, or not at all, as the path says."""
    what = scope["path"].removeprefix("/hot/")
    said = b"hot %b %b %b" % (what.encode(), body, header(scope, b"x-word").encode())
    if what == "broken":
        raise ValueError(what)
    if what == "soon":
        asyncio.get_running_loop().call_later(SOON_SECONDS, reply, DONE, said)
    elif what != "never":
        reply(DONE, said)


class Phone:
    """A client that sends bytes as they are and reads answers one by one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, *parts: bytes) -> None:
        self.writer.write(b"".join(parts))

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-2])
        }
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return int(head[0].split()[1]), headers, body

    async def is_closed(self) -> bool:
        return await self.reader.read() == b""


def post(path: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def served(talk: Callable[[Callable[[], Awaitable[Phone]]], Awaitable[None]]) -> None:
    """Serve the app while `talk` talks to it."""

    @asynccontextmanager
    async def house() -> AsyncGenerator[int]:
        socket = listening("127.0.0.1", 0)
        server = server_of(app, hot_paths)
        serving = asyncio.create_task(server.serve([socket]))
        port = socket.getsockname()[1]
        while not server.started:  # noqa: ASYNC110 - it says so by nothing else
            await asyncio.sleep(0.01)
        try:
            yield port
        finally:
            server.should_exit = True
            await serving

    async def whole() -> None:
        phones: list[Phone] = []
        async with house() as port:

            async def call() -> Phone:
                phone = Phone(*await asyncio.open_connection("127.0.0.1", port))
                phones.append(phone)
                return phone

            try:
                await talk(call)
            finally:
                for phone in phones:
                    phone.writer.close()

    asyncio.run(asyncio.wait_for(whole(), 60))


def test_one_connection_carries_both_kinds_one_after_another() -> None:
    async def talk(call: Any) -> None:
        phone = await call()
        for _ in range(3):
            phone.send(post("/hot/a", b"x", "X-Word: w"))
            status, headers, body = await phone.answer()
            assert (status, body) == (201, b"hot a x w")
            assert (headers["content-type"], headers["date"][-3:]) == ("text/plain", "GMT")
            phone.send(post("/cold", b"y"))
            status, _, body = await phone.answer()
            assert (status, body) == (200, b"asgi /cold y")

    served(talk)


def test_what_is_sent_ahead_is_answered_in_its_order() -> None:
    async def talk(call: Any) -> None:
        phone = await call()
        phone.send(post("/hot/soon"), post("/cold"), post("/hot/a"), post("/hot/soon"), post("/x"))
        bodies = [(await phone.answer())[2] for _ in range(5)]
        # Behind an answer that is still to come, a hot path is the app's, as any other.
        assert bodies == [
            b"hot soon  ",
            b"asgi /cold ",
            b"asgi /hot/a ",
            b"asgi /hot/soon ",
            b"asgi /x ",
        ]

    served(talk)


@pytest.mark.parametrize("path", ["/hot/a", "/cold"])
def test_who_would_rather_speak_another_protocol_is_answered_in_this_one(path: str) -> None:
    async def talk(call: Any) -> None:
        wishes = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
        # The second body would be a request of its own if it were read as one.
        for body in (b"x", post("/hot/inner")):
            phone = await call()
            phone.send(post(path, b"", *wishes).replace(b"Length: 0", b"Length: %d" % len(body)))
            await phone.writer.drain()
            await asyncio.sleep(0.05)
            phone.send(body)
            assert body in (await phone.answer())[2]
            phone.send(post("/cold", b"after"))
            assert (await phone.answer())[2] == b"asgi /cold after"

    served(talk)


def test_nobody_is_connected_through() -> None:
    async def talk(call: Any) -> None:
        phone = await call()
        phone.send(b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n")
        status, headers, body = await phone.answer()
        assert (status, headers["connection"]) == (405, "close")
        assert json.loads(body)["code"] == "method_not_allowed"

    served(talk)


def test_who_does_not_read_is_not_answered_without_end() -> None:
    """Hot answers wait for nobody; so a client that only asks has its asking stopped."""

    async def talk(call: Any) -> None:
        phone = await call()
        phone.writer.transport.pause_reading()
        asked = post("/hot/a", b"x" * 10_000)
        sent = 0
        for _ in range(3000):
            phone.send(asked)
            sent += 1
            try:
                await asyncio.wait_for(phone.writer.drain(), 1)
            except TimeoutError:
                break
        assert sent < 3000
        phone.writer.transport.resume_reading()
        for _ in range(sent):
            assert (await phone.answer())[0] == 201

    served(talk)


@pytest.mark.parametrize("target", ["/%68ot/a", "http://x/hot/a"])
def test_another_spelling_of_a_target_is_the_apps(target: str) -> None:
    async def talk(call: Any) -> None:
        phone = await call()
        phone.send(post(target))
        assert (await phone.answer())[2] == b"asgi /hot/a "

    served(talk)


def test_a_body_may_come_in_pieces_and_no_larger_than_it_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wire, "HOT_BODY_BYTES_MOST", 100)

    async def talk(call: Any) -> None:
        phone = await call()
        whole = post("/hot/a", b"12345")
        for at in range(len(whole)):
            phone.send(whole[at : at + 1])
            await phone.writer.drain()
            await asyncio.sleep(0)
        assert (await phone.answer())[2] == b"hot a 12345 "
        phone.send(post("/hot/a", b"1" * 101))
        status, headers, body = await phone.answer()
        assert (status, json.loads(body)["code"]) == (413, "body_too_large")
        assert headers["content-type"].startswith("application/problem+json")
        assert await phone.is_closed()

    served(talk)


def test_what_cannot_be_read_is_told_so_and_closed() -> None:
    async def talk(call: Any) -> None:
        for sent, status, code in (
            (b"\x16\x03\x01 hello", 400, "malformed"),
            (b"POST /hot/a HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400, "malformed"),
            (
                b"POST /hot/a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                400,
                "malformed",
            ),
        ):
            phone = await call()
            phone.send(sent)
            told, _, body = await phone.answer()
            assert (told, json.loads(body)["code"]) == (status, code)
            assert await phone.is_closed()

    served(talk)


def test_a_head_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_BYTES_MOST", 2000)

    async def talk(call: Any) -> None:
        phone = await call()
        phone.send(b"POST /hot/a HTTP/1.1\r\n")
        await phone.writer.drain()
        await asyncio.sleep(0.1)
        phone.send(*(b"X-%d: %b\r\n" % (number, b"x" * 50) for number in range(45)))
        status, _, body = await phone.answer()
        assert (status, json.loads(body)["code"]) == (413, "body_too_large")

    served(talk)


@pytest.mark.parametrize(
    "begun",
    [b"", b"POST /hot/a HT", post("/hot/a", b"12345")[:-1], post("/cold", b"12345")[:-1]],
    ids=["nothing", "half a head", "half a hot body", "half a body"],
)
def test_who_sends_nothing_more_is_not_waited_for(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "WHOLE_SECONDS_MOST", 0.2)
    monkeypatch.setattr(wire, "IDLE_SECONDS_MOST", 0.3)

    async def talk(call: Any) -> None:
        phone = await call()
        phone.send(begun)
        assert await phone.is_closed()

    served(talk)


def test_who_waits_for_a_slow_answer_is_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "WHOLE_SECONDS_MOST", 0.01)
    monkeypatch.setattr(wire, "IDLE_SECONDS_MOST", 0.01)
    monkeypatch.setattr("tests.edge.test_wire.SOON_SECONDS", 2.5)

    async def talk(call: Any) -> None:
        phone = await call()
        phone.send(post("/hot/soon"))
        assert (await phone.answer())[2] == b"hot soon  "

    served(talk)


def test_who_goes_before_the_answer_harms_nobody() -> None:
    async def talk(call: Any) -> None:
        gone = await call()
        gone.send(post("/hot/soon"))
        await gone.writer.drain()
        gone.writer.close()
        phone = await call()
        phone.send(post("/hot/soon"))
        assert (await phone.answer())[0] == 201

    served(talk)


def test_close_and_continue_are_kept() -> None:
    async def talk(call: Any) -> None:
        phone = await call()
        phone.send(post("/hot/a", b"", "Connection: close"))
        status, headers, _ = await phone.answer()
        assert (status, headers["connection"]) == (201, "close")
        assert await phone.is_closed()
        old = await call()
        old.send(b"POST /hot/a HTTP/1.0\r\nContent-Length: 0\r\n\r\n")
        assert (await old.answer())[0] == 201
        assert await old.is_closed()
        patient = await call()
        patient.send(post("/hot/a", b"", "Expect: 100-continue")[:-4], b"\r\n\r\n")
        assert (await patient.answer())[0] == 100
        assert (await patient.answer())[2] == b"asgi /hot/a "

    served(talk)


def test_a_fault_of_ours_is_told_without_its_trace() -> None:
    async def talk(call: Any) -> None:
        phone = await call()
        phone.send(post("/hot/broken"))
        status, _, body = await phone.answer()
        assert (status, json.loads(body)["code"]) == (500, "internal")
        assert b"ValueError" not in body

    served(talk)


def test_more_connections_than_it_holds_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "CONNECTIONS_MOST", 2)

    async def talk(call: Any) -> None:
        held = [await call(), await call()]
        for phone in held:
            phone.send(post("/hot/a"))
            assert (await phone.answer())[0] == 201
        status, headers, body = await (await call()).answer()
        assert (status, json.loads(body)["code"]) == (503, "overloaded")
        assert "retry-after" in headers

    served(talk)
