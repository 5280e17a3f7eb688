"""What the edge reads from a request and writes as an answer, for bare handlers and the framework.

A bare handler is an ASGI callable without a framework; it meets the same rules as any other.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from datetime import UTC, datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Protocol

from banyan.kernel.errors import Refused

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - a word for "unknown", not an address to listen on
RETRY_AFTER_SECONDS = 2
"""What a 503 asks callers to wait when nothing better is known."""

_proxy_hops = [0]


def trust_proxies(hops: int) -> None:
    """Say how many proxies of ours stand before this process; 0: clients connect directly."""
    _proxy_hops[0] = hops


def header(scope: Scope, name: bytes) -> str:
    """Return the first header called `name` (small letters), "" when absent."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""


def client_ip(scope: Scope) -> str:
    """Return the address of whoever asks, normalised; an IPv6 client is its /56 network.

    Only as many entries of X-Forwarded-For count as proxies are trusted, from the right: what a
    client writes there itself stands further left and changes nothing.
    """
    found = (scope.get("client") or ("",))[0]
    if hops := _proxy_hops[0]:
        chain = [
            part.strip()
            for key, value in scope["headers"]
            if key == b"x-forwarded-for"
            for part in value.decode("latin-1").split(",")
        ]
        if len(chain) >= hops:
            found = chain[-hops]
    try:
        address = ip_address(found)
    except ValueError:
        return NO_ADDRESS
    if address.version == 4:  # noqa: PLR2004
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{address.exploded[:17]}00::/56"


def language_of(scope: Scope) -> str:
    """Return "en" or "zh": `?lang=` first, then Accept-Language, Chinese when neither says."""
    query: bytes = scope.get("query_string") or b""
    for part in query.split(b"&"):
        if part.startswith(b"lang="):
            return "en" if part[5:7].lower() == b"en" else "zh"
    best, language = 0.0, "zh"
    for part in header(scope, b"accept-language").lower().split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if quality > best and tag[:2] in {"zh", "en"}:
            best, language = quality, tag[:2]
    return language


def asked_time(scope: Scope) -> datetime | None:
    """Return the moment `Banyan-Time` names (ISO 8601 with a zone), None when absent or unclear.

    Whether it counts is for the caller to decide: only in a sandbox, only by right.
    """
    text = header(scope, b"banyan-time")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def problem(
    refused: Refused, language: str, *, errors: Iterable[object] = ()
) -> tuple[int, list[Header], bytes]:
    """Return status, headers and body of the problem+json (RFC 9457) that tells of `refused`."""
    refusal, params = refused.refusal, refused.params
    body: dict[str, object] = {
        "type": f"/problems/{refusal.code}",
        "title": refusal.text(language, **params),
        "status": refusal.status,
        "code": refusal.code,
        "params": params,
    }
    if found := list(errors):
        body["errors"] = found
    headers = [
        (b"content-type", b"application/problem+json; charset=utf-8"),
        (b"content-language", b"en" if language == "en" else b"zh-CN"),
        (b"cache-control", b"no-store"),
    ]
    wait = params.get("seconds")
    if wait is None and refusal.status == 503:  # noqa: PLR2004
        wait = RETRY_AFTER_SECONDS
    if wait is not None:
        headers.append((b"retry-after", str(wait).encode()))
    return refusal.status, headers, json.dumps(body, ensure_ascii=False, default=str).encode()


class Head:
    """The status and the headers of an answer, written out once for many answers."""

    __slots__ = ("_written", "headers", "status")

    def __init__(self, status: int, headers: Iterable[Header]) -> None:
        """Write them as HTTP/1.1 has them."""
        self.status, self.headers = status, list(headers)
        lines = b"".join(b"%b: %b\r\n" % header for header in self.headers)
        self._written = b"HTTP/1.1 %d %b\r\n%bcontent-length: " % (
            status,
            HTTPStatus(status).phrase.encode(),
            lines,
        )

    def before(self, body: bytes, more: bytes = b"") -> bytes:
        """Return everything that goes before `body`; `more` is whole header lines."""
        return b"%b%d\r\n%b\r\n" % (self._written, len(body), more)


async def answer(send: Send, status: int, headers: list[Header], body: bytes = b"") -> None:
    """Send one whole answer."""
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Reply(Protocol):
    """Sends the answer of one request; called once, in the event loop."""

    def __call__(self, head: Head, body: bytes, more: bytes = b"", /) -> None:
        """Send `head`, whole header lines `more`, and `body` with its length."""
        ...


Hot = Callable[[Scope, bytes, Reply], None]
"""Takes a request, its whole body, and whom to tell: without a task of its own."""


async def over_asgi(take: Hot, scope: Scope, send: Send, body: bytes = b"") -> None:
    """Have `take` answer a request that came by ASGI."""
    told: asyncio.Future[tuple[Head, bytes, bytes]] = asyncio.get_running_loop().create_future()

    def reply(head: Head, content: bytes, more: bytes = b"", /) -> None:
        if not told.done():  # who asked may have been given up meanwhile
            told.set_result((head, content, more))

    take(scope, body, reply)
    head, content, more = await told
    lines = (line.partition(b": ") for line in more.splitlines())
    await answer(send, head.status, [*head.headers, *((k, v) for k, _, v in lines)], content)


async def refuse(scope: Scope, send: Send, refused: Refused) -> None:
    """Answer with the problem+json of `refused` in the caller's language."""
    await answer(send, *problem(refused, language_of(scope)))
