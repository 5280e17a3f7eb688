"""The wire to providers: connections are kept, and one that was given up costs nobody an answer."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import ClassVar

import pytest

from banyan.store.payments.ports import Unreachable
from banyan.store.payments.wire import exchange


class House(BaseHTTPRequestHandler):
    """A provider that counts its connections, and hangs up when it is told to."""

    protocol_version = "HTTP/1.1"
    connections: ClassVar[list[object]] = []
    bodies: ClassVar[list[bytes]] = []
    hangs_up: ClassVar[Event] = Event()
    hung_up: ClassVar[Event] = Event()

    def setup(self) -> None:
        super().setup()
        self.connections.append(self.client_address)

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
        # Not announced, as a provider's load balancer does it.
        self.close_connection = self.hangs_up.is_set()

    def finish(self) -> None:
        super().finish()
        self.hung_up.set()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@pytest.fixture
def house() -> Iterator[str]:
    House.connections.clear()
    House.bodies.clear()
    House.hangs_up.clear()
    House.hung_up.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), House)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/pay"
    server.shutdown()
    server.server_close()


def test_one_connection_serves_many_exchanges(house: str) -> None:
    for nth in range(5):
        assert exchange("POST", house, {}, b"%d" % nth).body == b"ok"
    assert len(House.connections) == 1
    assert House.bodies == [b"0", b"1", b"2", b"3", b"4"]


def test_a_connection_that_was_given_up_is_made_anew(house: str) -> None:
    House.hangs_up.set()
    assert exchange("POST", house, {}, b"a").status == 200
    assert House.hung_up.wait(5)
    House.hangs_up.clear()
    assert exchange("POST", house, {}, b"b").status == 200
    assert House.bodies == [b"a", b"b"]
    assert len(House.connections) == 2


def test_nobody_there_is_unreachable(house: str) -> None:
    exchange("POST", house, {}, b"a")
    with pytest.raises(Unreachable):
        exchange("POST", "http://127.0.0.1:9/", {}, b"a")
