"""One HTTP exchange with a provider: bounded in time and size, no redirects, TLS checked."""

import http.client
import ssl
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from banyan.store.payments.ports import Unreachable

TIMEOUT_SECONDS = 8
ANSWER_MOST_BYTES = 64 << 20


class Answer(NamedTuple):
    """What came back; header names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


def exchange(method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
    """Send one request. Raises Unreachable for anything but a whole answer."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(
            parts.hostname or "", port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", port, timeout=TIMEOUT_SECONDS)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body=body or None, headers=dict(headers))
        response = connection.getresponse()
        received = response.read(ANSWER_MOST_BYTES + 1)
        if len(received) > ANSWER_MOST_BYTES:
            msg = "the answer is too large"
            raise Unreachable(msg)
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, received)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(str(error) or type(error).__name__) from error
    finally:
        connection.close()
