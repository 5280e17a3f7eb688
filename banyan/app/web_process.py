"""The web processes: one, or a parent that keeps several of them up."""

import os
import signal
import sys
import time
from types import FrameType

from banyan.app import metrics
from banyan.app.addresses import addresses
from banyan.app.child import Child
from banyan.app.logs import set_up
from banyan.app.parent import is_supervised, stop_with_parent
from banyan.kernel.settings import Settings, load

WATCH_SECONDS = 0.2
STOP_SECONDS_MOST = 8.0
"""Less than whoever started us waits for us: nobody else could end a worker that hangs."""


def web() -> None:
    """Serve the public pages, the console and the API until SIGTERM."""
    settings = load()
    os.umask(0o077)
    if is_supervised():
        stop_with_parent()
        _keep_up(settings)
        return
    set_up("web")
    from banyan.app.connected import connected  # noqa: PLC0415 - the supervised start needs none
    from banyan.app.serve import must_be_free  # noqa: PLC0415 - of this

    must_be_free(settings.host, settings.port, "BANYAN_PORT")

    metrics.use_folder(settings.run / "metrics-web", clean=True)
    with connected(settings) as settings:
        metrics.serve(settings.metrics_port)
        os.environ.update(addresses(settings))
        _keep_up(settings)


def _keep_up(settings: Settings) -> None:
    """Start the workers, start again what dies, until SIGTERM or Ctrl-C; then let them finish."""
    is_stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal is_stopping
        is_stopping = True

    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, stop)
    command = [sys.executable, "-m", "banyan.app.web_worker"]
    workers = [
        Child(f"web worker {number}", command, os.environ, None)
        for number in range(settings.web_processes)
    ]
    for worker in workers:
        worker.start()
    while not is_stopping:
        time.sleep(WATCH_SECONDS)
        for worker in workers:
            if worker.is_dead:
                worker.start_when_due()
    for worker in workers:
        worker.ask_to_stop()
    until = time.monotonic() + STOP_SECONDS_MOST
    for worker in workers:
        worker.wait(max(0.1, until - time.monotonic()))
