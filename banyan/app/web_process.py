"""The web processes: Granian and its workers, each with the whole edge in it."""

import multiprocessing
import os
from typing import cast

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from banyan.app import metrics
from banyan.app.addresses import addresses
from banyan.app.logs import set_up
from banyan.app.parent import is_supervised, stop_with_parent
from banyan.kernel.settings import load

CONNECTIONS_WAITING_MOST = 4096
REQUESTS_AT_ONCE_MOST = 8192
"""Per worker. An open live stream is a request all its life, so this is the number of watchers."""
STOP_SECONDS_MOST = 5


def web() -> None:
    """Serve the public pages, the console and the API until SIGTERM."""
    settings = load()
    set_up("web")
    os.umask(0o077)
    if is_supervised():
        stop_with_parent()
        run(settings.host, settings.port, settings.web_processes)
        return
    from banyan.app.connected import connected  # noqa: PLC0415 - the supervised start needs none of it

    metrics.use_folder(settings.run / "metrics-web", clean=True)
    with connected(settings) as settings:
        metrics.serve(settings.metrics_port)
        os.environ.update(addresses(settings))
        run(settings.host, settings.port, settings.web_processes)


def run(host: str, port: int, processes: int) -> None:
    """Run the server in this process and its workers in theirs; returns when it was told to stop."""
    # A forked worker would inherit this process's threads' locks as they were.
    multiprocessing.set_start_method("spawn")
    server = Server(
        "banyan.app.web_worker:app",
        address=host,
        port=port,
        interface=cast("Interfaces", Interfaces.ASGI),
        workers=processes,
        http=cast("HTTPModes", HTTPModes.http1),
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        websockets=False,
        backlog=CONNECTIONS_WAITING_MOST,
        backpressure=REQUESTS_AT_ONCE_MOST,
        log_level=cast("LogLevels", LogLevels.warning),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS_MOST,
    )
    server.serve()
