"""The wire: one HTTP client that is patient with a busy server and counts what it was told.

A request is repeated only when nothing was answered or the server said "later" (503, 429); a
repeated request carries the same idempotency key, so it can never be counted twice.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, NamedTuple, Self, cast
from uuid import uuid4

import aiohttp
import msgspec

_TRIES = 6
_PATIENCE_SECONDS = 150
"""How long to do as a server says that asks to come later: fifty codes take a minute of its limit."""


class Answer(NamedTuple):
    """What the server answered."""

    status: int
    body: Any
    cookies: dict[str, str]

    @property
    def code(self) -> str | None:
        """The stable code of a refusal, if it is one."""
        if not isinstance(self.body, dict):
            return None
        return cast("dict[str, Any]", self.body).get("code")


class Unexpected(Exception):  # noqa: N818 - it says what the answer was
    """The server answered what it should never answer here."""


class Wire:
    """A bounded number of connections to one server."""

    def __init__(self, address: str, *, connections: int, key: str | None = None) -> None:
        """Talk to `address` over at most `connections` at once, as the API key `key` if given."""
        self.address = address.rstrip("/")
        self.statuses: Counter[int] = Counter()
        self.repeats = 0
        self._key = key
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=60),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=60),
        )

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        await self._session.close()

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        cookies: Mapping[str, str] | None = None,
        at: datetime | None = None,
        once: bool | str = False,
        agent: str | None = None,
    ) -> Answer:
        """Send one request, at the simulated moment `at` if given.

        `once` gives it an idempotency key: the one that is given, or a new one.

        Raises `Unexpected` when the server cannot be reached or fails, after some tries.
        """
        headers: dict[str, str] = {"Accept-Language": "zh-CN"}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        if agent is not None:
            headers["User-Agent"] = agent
        if at is not None:
            headers["Banyan-Time"] = at.isoformat()
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if once:
            headers["Idempotency-Key"] = once if isinstance(once, str) else str(uuid4())
        data = None if body is None else msgspec.json.encode(body)
        if data is not None:
            headers["Content-Type"] = "application/json"
        wait_seconds, said, tries = 0.2, "nothing", 0
        until = time.monotonic() + _PATIENCE_SECONDS
        while tries < _TRIES and time.monotonic() < until:
            told_seconds = 0.0
            try:
                async with self._session.request(
                    method, self.address + path, data=data, headers=headers, allow_redirects=False
                ) as reply:
                    raw = await reply.read()
                    self.statuses[reply.status] += 1
                    if not _is_later(reply.status, raw):
                        return Answer(
                            reply.status,
                            _decoded(raw, reply.content_type),
                            {name: morsel.value for name, morsel in reply.cookies.items()},
                        )
                    said = f"{reply.status} {raw[:200]!r}"
                    told_seconds = _told_to_wait(reply)
            except (aiohttp.ClientError, TimeoutError) as problem:
                said = repr(problem)
            self.repeats += 1
            tries += not told_seconds  # to be told when to come again is no failure
            await asyncio.sleep(told_seconds or wait_seconds)
            wait_seconds = min(wait_seconds * 2, 5)
        msg = f"{method} {path}: {said}"
        raise Unexpected(msg)

    async def ask(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        """Send one request that must succeed, and return its body.

        Raises `Unexpected` for any refusal.
        """
        answer = await self.send(method, path, body, **more)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            msg = f"{method} {path}: {answer.status} {answer.body}"
            raise Unexpected(msg)
        return answer.body


def _is_later(status: int, raw: bytes) -> bool:
    """Whether the server says "later": busy, too often, or the same key is under way."""
    if status == HTTPStatus.CONFLICT:
        return b"in_flight" in raw
    return status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


def _told_to_wait(reply: aiohttp.ClientResponse) -> float:
    """Return for how many seconds who asks too often is told to wait; 0 for everybody else."""
    if reply.status != HTTPStatus.TOO_MANY_REQUESTS:
        return 0.0
    asked = reply.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 1.0


def _decoded(raw: bytes, kind: str) -> Any:
    return msgspec.json.decode(raw) if raw and "json" in kind else raw
