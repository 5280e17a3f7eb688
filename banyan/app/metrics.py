"""Prometheus metrics of every process, on a port of their own that only this machine reaches.

Each process writes its figures into files of one folder; whoever serves the port adds them up. The
folder must be named before `prometheus_client` is imported, which is why this module imports it
inside its functions.
"""

import contextlib
import os
import shutil
import struct
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import override

from banyan.kernel.asgi import Head, Hot, Receive, Reply, Scope, Send

if TYPE_CHECKING:
    from prometheus_client import Counter, Gauge, Histogram, Metric

    from banyan.app.edge.wire import HotPaths

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
HOT_STARTS = ("/s/", "/t")
HOT_ENDS = ("/grabs",)
RAW_HOT_STARTS, RAW_HOT_ENDS = (b"/s/",), (b"/grabs",)
HOT_KIND = "api/public"
"""Answered in microseconds and counted where they are kept: to measure each would cost a tenth of it."""

LOOKS = 5
LOOK_AGAIN_SECONDS = 0.05

Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


def use_folder(folder: Path, *, clean: bool) -> None:
    """Let this process and its children keep their figures in `folder`; `clean` drops old ones."""
    if clean and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[FOLDER] = str(folder)


def counter(name: str, words: str, labels: tuple[str, ...] = ()) -> "Counter":
    """Declare a counter `banyan_<name>_total`."""
    from prometheus_client import Counter  # noqa: PLC0415 - after the folder is named

    return Counter(f"banyan_{name}", words, labels)


def gauge(name: str, words: str, labels: tuple[str, ...] = ()) -> "Gauge":
    """Declare a gauge `banyan_<name>`; of several processes the most recent word counts."""
    from prometheus_client import Gauge  # noqa: PLC0415 - after the folder is named

    return Gauge(f"banyan_{name}", words, labels, multiprocess_mode="mostrecent")


def histogram(name: str, words: str, labels: tuple[str, ...] = ()) -> "Histogram":
    """Declare a histogram `banyan_<name>` of seconds."""
    from prometheus_client import Histogram  # noqa: PLC0415 - after the folder is named

    return Histogram(f"banyan_{name}", words, labels, buckets=SECONDS)


def serve(port: int) -> None:
    """Serve the figures of every process of the folder on 127.0.0.1:`port`, in a daemon thread.

    Raises OSError when the port is taken.
    """
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415
    from prometheus_client.registry import Collector  # noqa: PLC0415

    registry = CollectorRegistry()
    every = MultiProcessCollector(None, os.environ[FOLDER])

    class Patient(Collector):
        """Looks once more when a process was just making its file."""

        @override
        def collect(self) -> "Iterable[Metric]":
            for _ in range(LOOKS - 1):
                with contextlib.suppress(struct.error):
                    return cast("Iterable[Metric]", every.collect())
                time.sleep(LOOK_AGAIN_SECONDS)
            return cast("Iterable[Metric]", every.collect())

    registry.register(Patient())
    start_http_server(port, addr="127.0.0.1", registry=registry)


def measured(app: Asgi, hot_paths: "HotPaths") -> "tuple[Asgi, HotPaths]":
    """Return both with their requests counted and timed, by kind of path and class of status."""
    requests = _Requests()
    return requests.of_app(app), requests.of_hot_paths(hot_paths)


class _Requests:
    """The times of requests."""

    def __init__(self) -> None:
        self._all = histogram("http_request_seconds", "Time to the last byte", ("kind", "status"))
        self._known: dict[tuple[str, int], Histogram] = {}

    def _note(self, kind: str, status: int, begin: float) -> None:
        """Count one that began at `begin`; its histogram is found by its words once."""
        key = kind, status // 100
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._all.labels(kind, f"{key[1]}xx")
        found.observe(time.perf_counter() - begin)

    def of_app(self, app: Asgi) -> Asgi:
        def wrapped(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            # Handed on as it is, so that waking up a click runs through no layer of ours.
            if scope["type"] != "http":
                return app(scope, receive, send)
            path: str = scope["path"]
            if path.startswith(HOT_STARTS) or path.endswith(HOT_ENDS):
                return app(scope, receive, send)
            return timed(scope, receive, send)

        async def timed(scope: Scope, receive: Receive, send: Send) -> None:
            begin = time.perf_counter()
            status = 500

            async def sending(message: MutableMapping[str, Any]) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, sending)
            finally:
                # The first two words of the path: few values, and none of them a person's.
                kind = "/".join(scope["path"].split("/", 3)[1:3])
                self._note(kind if kind in KINDS else "other", status, begin)

        return wrapped

    def of_hot_paths(self, hot_paths: "HotPaths") -> "HotPaths":
        def found(method: bytes, target: bytes) -> "Hot | None":
            take = hot_paths(method, target)
            if take is None or target.startswith(RAW_HOT_STARTS) or target.endswith(RAW_HOT_ENDS):
                return take
            return partial(timed, take)

        def timed(take: "Hot", scope: Scope, body: bytes, reply: "Reply") -> None:
            begin = time.perf_counter()

            def replied(head: Head, content: bytes, more: bytes = b"", /) -> None:
                self._note(HOT_KIND, head.status, begin)
                reply(head, content, more)

            take(scope, body, replied)

        return found


KINDS = frozenset({"api/admin", "api/public", "console/", "h5/l", "h5/assets", "healthz", "readyz"})
