"""A connection: HTTP/1.1 as uvicorn speaks it, the hottest paths answered without a task of their own.

A request of the house is an ASGI call with a task, an event and a dozen dictionaries. The paths
that `HotPaths` knows need none of it: the request is handed over when it is whole, and whoever
carries it out calls back with the answer.

What keeps a connection from being held for nothing stands here too: a head or a hot body that does
not become whole in time, a head without end, and more connections than this process will hold.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from banyan.app.edge.problems import MALFORMED, OVERLOADED, WRONG_METHOD, refused_for
from banyan.kernel.asgi import Head, Hot, Scope, problem
from banyan.kernel.errors import TOO_LARGE, Refused

WHOLE_SECONDS_MOST = 15.0
"""How long the head of a request may take to come, and then its body."""
IDLE_SECONDS_MOST = 75.0
"""How long a connection may stand without a request: longer than a proxy keeps one."""
HEAD_BYTES_MOST = 1 << 16
HOT_BODY_BYTES_MOST = 1 << 14
CLOSE = b"connection: close\r\n"
WISHES = frozenset({b"connection", b"upgrade", b"http2-settings"})
CONNECTIONS_MOST = 8192
"""Per process. A live stream holds its connection as long as its page is open."""


HotPaths = Callable[[bytes, bytes], Hot | None]
"""Who takes `(method, target)` without a task; nobody where the target is not in its plain form."""


class Wire(HttpToolsProtocol):
    """One connection."""

    hot_paths: ClassVar[HotPaths]
    date_line: ClassVar[bytes] = b""
    """`date: …` with its end, kept by the server."""
    parser: Any
    scope: Any
    cycle: Any
    is_in_head = False
    head_bytes = 0
    idle_since = 0.0

    @override
    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.idle_since = self.loop.time()
        if len(self.connections) > CONNECTIONS_MOST:
            self.end_with(Refused(OVERLOADED))

    @override
    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self.head_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except HttpParserError:
            self.end_with(Refused(MALFORMED))
        except HttpParserUpgrade as upgrade:
            self._stay(data[upgrade.args[0] :])
        if self.is_in_head and self.head_bytes > HEAD_BYTES_MOST:
            self.end_with(Refused(TOO_LARGE))

    def _stay(self, rest: bytes) -> None:
        """Go on in HTTP/1.1 with who would rather speak HTTP/2 or WebSocket; `rest` is unread.

        The parser has given the connection up: its body would be read as a request. So another
        one reads the same head again, without the wish.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            self.end_with(Refused(WRONG_METHOD))
            return
        lines = [b"%b %b HTTP/%b" % (method, self.url, version)]
        lines += [b"%b: %b" % each for each in self.headers if each[0] not in WISHES]
        self.parser = HttpRequestParser(self)
        self.is_in_head = False
        self.data_received(b"\r\n".join([*lines, b"", rest]))

    def end_with(self, refused: Refused) -> None:
        """Say why, and close."""
        status, headers, body = problem(refused, "zh")
        head = Head(status, headers)
        self.transport.write(head.before(body, CLOSE) + body)
        self.transport.close()

    @override
    def on_message_begin(self) -> None:
        # The scope is made when it is known who reads it.
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self.is_in_head, self.head_bytes, self.idle_since = True, 0, self.loop.time()

    @override
    def on_headers_complete(self) -> None:
        self.is_in_head = False
        self.idle_since = self.loop.time()
        if self.transport.is_closing() or self.parser.should_upgrade():
            return
        url, headers, is_expecting = self.url, self.headers, self.expect_100_continue
        before, parser = self.cycle, self.parser
        if before is None or before.response_complete:
            method: bytes = parser.get_method()
            take = type(self).hot_paths(method, url)
            if take is not None and not is_expecting:
                scope = {
                    "type": "http",
                    "method": method.decode(),
                    "path": url.decode("ascii"),
                    "query_string": b"",
                    "headers": headers,
                    "client": self.client,
                }
                keep_alive = parser.get_http_version() != "1.0" and parser.should_keep_alive()
                self.cycle = _Hot(self, take, scope, keep_alive=keep_alive)
                return
        super().on_message_begin()
        self.url, self.expect_100_continue = url, is_expecting
        self.headers = self.scope["headers"] = headers
        super().on_headers_complete()

    @override
    def on_message_complete(self) -> None:
        cycle = self.cycle
        if self.parser.should_upgrade():
            return
        if type(cycle) is _Hot:
            cycle.begin()
        else:
            super().on_message_complete()

    @override
    def pause_writing(self) -> None:
        # Who does not read what was answered is asked no more either: hot answers wait for nobody.
        super().pause_writing()
        self.flow.pause_reading()

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        self.flow.resume_reading()

    @override
    def on_response_complete(self) -> None:
        # As uvicorn does, but for a timer an answer: `close_if_idle` looks at all connections.
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        if not self.flow.write_paused:
            self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self.idle_since = self.loop.time()

    def close_if_idle(self) -> None:
        """Close what nobody asks anything on, or reads from, and what does not become whole."""
        waited = self.loop.time() - self.idle_since
        if waited <= WHOLE_SECONDS_MOST:
            return
        if self.transport.is_closing():
            if waited > IDLE_SECONDS_MOST:
                self.transport.abort()
            return
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete:
            is_over = self.is_in_head or waited > IDLE_SECONDS_MOST
        else:
            is_over = cycle.more_body
        if is_over:
            self.transport.close()


class _Hot:
    """A request of a hot path and its answer; stands where uvicorn's cycle of a request would."""

    __slots__ = (
        "_scope",
        "_take",
        "_wire",
        "body",
        "disconnected",
        "keep_alive",
        "more_body",
        "response_complete",
    )

    def __init__(self, wire: Wire, take: Hot, scope: Scope, *, keep_alive: bool) -> None:
        self._wire, self._take, self._scope, self.keep_alive = wire, take, scope, keep_alive
        self.body = b""
        self.more_body = True
        self.response_complete = self.disconnected = False

    @property
    def message_event(self) -> "_Hot":
        """What uvicorn rings when something of the body came, or the connection went."""
        return self

    def set(self) -> None:
        """Something of the body came, or the connection went."""
        if len(self.body) > HOT_BODY_BYTES_MOST and not self.response_complete:
            self.response_complete = True
            self._wire.end_with(Refused(TOO_LARGE))

    def begin(self) -> None:
        """Hand the whole request over."""
        if self.response_complete:
            return
        self.more_body = False
        try:
            self._take(self._scope, self.body, self.reply)
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked is told
            self.response_complete = True
            self._wire.end_with(refused_for(error))

    def reply(self, head: Head, body: bytes, more: bytes = b"", /) -> None:
        """Send the answer, and begin what waits behind it on this connection."""
        if self.response_complete:
            return
        self.response_complete = True
        wire = self._wire
        transport = wire.transport
        if not (self.disconnected or transport.is_closing()):
            if self.keep_alive:
                transport.write(head.before(body, Wire.date_line + more) + body)
            else:
                transport.write(head.before(body, Wire.date_line + more + CLOSE) + body)
                transport.close()
        wire.on_response_complete()
