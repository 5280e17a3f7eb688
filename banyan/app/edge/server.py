"""The server of one web process: uvicorn with connections of ours, on a port shared among processes."""

import socket
from email.utils import formatdate
from typing import Any, cast

import uvicorn
from typing_extensions import override

from banyan.app.edge.wire import HotPaths, Wire

CONNECTIONS_WAITING_MOST = 4096
STOP_SECONDS_MOST = 5
TICKS_A_SECOND = 10


def serve(app: Any, hot_paths: HotPaths, host: str, port: int) -> None:
    """Serve the ASGI `app` until SIGTERM, then finish what was asked.

    Raises OSError when the port is taken by somebody who does not share it.
    """
    server_of(app, hot_paths).run([listening(host, port)])


def server_of(app: Any, hot_paths: HotPaths) -> uvicorn.Server:
    """Return the server of the ASGI `app`, whose hot paths are answered without it."""

    class HouseWire(Wire):
        pass

    HouseWire.hot_paths = staticmethod(hot_paths)
    config = uvicorn.Config(
        app,
        http=HouseWire,
        loop="uvloop",
        interface="asgi3",
        lifespan="on",
        ws="none",
        backlog=CONNECTIONS_WAITING_MOST,
        timeout_graceful_shutdown=STOP_SECONDS_MOST,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
    )
    return _Server(config)


class _Server(uvicorn.Server):
    @override
    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_A_SECOND == 0:
            Wire.date_line = b"date: %b\r\n" % formatdate(usegmt=True).encode()
            for wire in cast("list[Wire]", list(self.server_state.connections)):
                wire.close_if_idle()
        return await super().on_tick(counter)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket of its own on a shared port: the system spreads new connections evenly.

    One socket for all would fill the process that is quickest to accept. It listens when the house
    is built, so that nobody waits at one that is still starting.
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((host, port))
    made.setblocking(False)
    return made
