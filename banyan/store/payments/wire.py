"""One HTTP exchange with a provider: bounded in time and size, no redirects, TLS checked.

Connections are kept for the next exchange with the same host: a handshake costs a provider's whole
round trip and more of our time than the request.
"""

import http.client
import ssl
import time
from collections import deque
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import NamedTuple
from urllib.parse import urlsplit

from banyan.store.payments.ports import Unreachable

TIMEOUT_SECONDS = 8
ANSWER_MOST_BYTES = 64 << 20
IDLE_MOST_NS = 20 * 10**9
"""Shorter than providers keep an idle connection."""
IDLE_MOST = 32
"""Connections kept to one host."""

Host = tuple[str, str, int]
_idle: dict[Host, deque[tuple[int, http.client.HTTPConnection]]] = {}
_lock = Lock()


class Answer(NamedTuple):
    """What came back; header names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


def exchange(method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
    """Send one request. Raises Unreachable for anything but a whole answer.

    On a kept connection that the other side has given up, it is sent once more on a new one: every
    request to a provider bears a number under which it is done once.
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = (parts.scheme, parts.hostname or "", port)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        if (kept := _take(host)) is not None:
            try:
                return _ask(host, kept, method, target, headers, body)
            except (ConnectionError, http.client.BadStatusLine):
                kept.close()
        return _ask(host, _connection(host), method, target, headers, body)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(str(error) or type(error).__name__) from error


def _ask(
    host: Host,
    connection: http.client.HTTPConnection,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
) -> Answer:
    is_whole = False
    try:
        connection.request(method, target, body=body or None, headers=dict(headers))
        response = connection.getresponse()
        received = response.read(ANSWER_MOST_BYTES + 1)
        if len(received) > ANSWER_MOST_BYTES:
            msg = "the answer is too large"
            raise Unreachable(msg)
        names = {name.lower(): value for name, value in response.getheaders()}
        is_whole = response.isclosed() and not response.will_close
        return Answer(response.status, names, received)
    finally:
        if is_whole:
            _keep(host, connection)
        else:
            connection.close()


def _take(host: Host) -> http.client.HTTPConnection | None:
    """Return the connection that was used last, None when there is none that may still be open."""
    stale: list[http.client.HTTPConnection] = []
    found = None
    with _lock:
        idle = _idle.get(host, deque())
        if idle and time.monotonic_ns() - idle[-1][0] < IDLE_MOST_NS:
            found = idle.pop()[1]
        else:
            # The newest has been idle for too long, so all of them have.
            stale = [connection for _, connection in idle]
            idle.clear()
    for connection in stale:
        connection.close()
    return found


def _keep(host: Host, connection: http.client.HTTPConnection) -> None:
    with _lock:
        idle = _idle.setdefault(host, deque())
        idle.append((time.monotonic_ns(), connection))
        oldest = idle.popleft()[1] if len(idle) > IDLE_MOST else None
    if oldest is not None:
        oldest.close()


def _connection(host: Host) -> http.client.HTTPConnection:
    scheme, name, port = host
    if scheme == "https":
        return http.client.HTTPSConnection(name, port, timeout=TIMEOUT_SECONDS, context=_tls())
    return http.client.HTTPConnection(name, port, timeout=TIMEOUT_SECONDS)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Return the context of all connections: reading the authorities takes longer than a call."""
    return ssl.create_default_context()
