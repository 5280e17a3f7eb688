"""The hot path of share links: look up, journal, redirect. No database, no framework.

`GET /s/{code}` answers once the click stands on disk. `POST /t` keeps what the page tells.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from hashlib import blake2b
from itertools import count
from typing import NamedTuple

import msgspec

from banyan.kernel.asgi import (
    Head,
    Receive,
    Reply,
    Scope,
    Send,
    answer,
    client_ip,
    language_of,
    over_asgi,
    problem,
    refuse,
)
from banyan.kernel.auth import Signer, signer
from banyan.kernel.cookies import cookie_line, read_cookies
from banyan.kernel.errors import INVALID, TOO_LARGE, Refused
from banyan.kernel.journal import Journal
from banyan.kernel.keys import current_keys
from banyan.kernel.settings import Settings
from banyan.kernel.work import current_database
from banyan.links.attribution import (
    ATTRIBUTION_COOKIE,
    COOKIE_SECONDS,
    SAME_TOUCH_SECONDS,
    Touch,
    read_touches,
    touched,
    touches_token,
)
from banyan.links.browsers import browser_of
from banyan.links.records import (
    IS_HEAD,
    IS_NEW_VISITOR,
    IS_PREFETCH,
    IS_QUEST_LINK,
    IS_SIMULATED,
    KIND_NUMBERS,
    NOBODY,
    VERSION,
    pack,
    pack_head,
)
from banyan.links.refusals import CLICK_NOT_KEPT, LINK_UNKNOWN
from banyan.links.table import KnownLink, LinkTable
from banyan.people import VISITOR_COOKIE, VISITOR_SECONDS, guest_from

TELEMETRY_MOST_BYTES = 4096
_CLICK = KIND_NUMBERS["click"]
_KNOWN_MOST = 8192
_VISITOR_BYTES = 16
_VISITORS_AT_ONCE = 256


class _Hot:
    """What the handlers of this process stand on."""

    table: LinkTable
    journal: Journal
    address_key: bytes
    visitors: Signer
    visitor_cookie: tuple[bytes, bytes]
    attribution_cookie: tuple[bytes, bytes]


_hot = _Hot()
_rows: dict[str, KnownLink] = {}


def link_table() -> LinkTable:
    """Return the link table of this web process."""
    return _hot.table


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[None]:
    """Hold a journal folder and the link table of this web process while it serves."""
    global _rows
    journal = _journal(settings)
    table = LinkTable(
        current_database().relay_url, settings.home / "links" / f"{journal.folder.name}.links"
    )
    await asyncio.to_thread(table.start)
    _hot.table, _hot.journal, _rows = table, journal, table.rows
    _hot.address_key = current_keys().newest("tokens").secret
    _hot.visitors = signer(VISITOR_COOKIE)
    _hot.visitor_cookie = cookie_line(VISITOR_COOKIE, seconds=VISITOR_SECONDS)
    _hot.attribution_cookie = cookie_line(ATTRIBUTION_COOKIE, seconds=COOKIE_SECONDS)
    try:
        yield
    finally:
        await journal.close()
        await asyncio.to_thread(table.stop)


def _journal(settings: Settings) -> Journal:
    for number in count():
        try:
            return Journal(settings.journal / f"web-{number}")
        except BlockingIOError:
            continue  # another web process holds that folder
    raise AssertionError


class _Browser(NamedTuple):
    """A browser as its cookies tell."""

    visitor: bytes
    touches: tuple[Touch, ...]


_NEW = _Browser(b"", ())
_browsers: dict[bytes, _Browser] = {}
_addresses: dict[tuple[str, bytes], bytes] = {}
_fresh_visitors: list[bytes] = []
_first_touches: dict[str, bytes] = {}
_first_touches_at = [0]
_CACHE = (b"cache-control", b"no-store")
_SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    ),
)
_COMMON = Head(302, [_CACHE, *_SAFE[:2]])
_ALLOWED = {"GET": 0, "HEAD": IS_HEAD}


def is_known(code: str) -> bool:
    """Whether `take_click` may answer for this link."""
    return code in _rows


def take_click(scope: Scope, _body: bytes, reply: Reply) -> None:
    """`GET /s/{code}` of a known link: 302 to the page, with the click kept first."""
    _take(scope, _rows[scope["path"][3:]], 0, reply)


async def handle_click(scope: Scope, receive: Receive, send: Send) -> None:
    """`GET|HEAD /s/{code}` of any link: what `take_click` does, for a request that came by ASGI."""
    _ = receive
    link = _rows.get(scope["path"][3:]) or await _look_up(scope, send)
    if link is None:
        return
    flags = _ALLOWED.get(scope["method"])
    if flags is None:
        await answer(send, 405, [(b"allow", b"GET, HEAD")])
        return
    await over_asgi(lambda scope, _, reply: _take(scope, link, flags, reply), scope, send)


def _take(scope: Scope, link: KnownLink, flags: int, reply: Reply) -> None:
    """Put the click into the journal; when it is kept, send its browser on."""
    now = clock = time.time()
    cookie, user_agent, forwarded, told = _headers(scope)
    browser, found = browser_of(user_agent)
    flags |= found | told
    if flags & IS_SIMULATED:
        now, flags = _simulated(scope, link, now, flags)
    if link.is_of_quest:
        flags |= IS_QUEST_LINK
    lines = link.location
    visitor, touches = (_browsers.get(cookie) or _recognise(cookie)) if cookie else _NEW
    if not visitor:
        flags |= IS_NEW_VISITOR
        visitor = _fresh_visitors.pop() if _fresh_visitors else _new_visitor()
        before, after = _hot.visitor_cookie
        token = _hot.visitors.token(visitor, clock + VISITOR_SECONDS)
        lines = b"%b%b%b%b" % (lines, before, token, after)
    if not touches and now == clock:
        lines += _first_touch(link.code, int(now))
    elif not touches or touches[-1].code != link.code or now - touches[-1].at > SAME_TOUCH_SECONDS:
        lines += _touch(touches, Touch(link.code, int(now)), clock)
    address = _address_hash(scope, forwarded)
    head = pack_head(VERSION, _CLICK, flags, browser, int(now * 1e6), visitor, address)
    first = touches[0].code if touches else ""

    def kept(fault: OSError | None) -> None:
        if fault is None:
            reply(_COMMON, b"", lines)
        else:
            status, headers, body = problem(Refused(CLICK_NOT_KEPT), language_of(scope))
            reply(Head(status, headers), body)

    _hot.journal.append(pack(head, link.place, link.channel_number, first)).then(kept)


def _new_visitor() -> bytes:
    """Return a random visitor id and lay in many more: every ask of the system is a pause."""
    chance = os.urandom(_VISITORS_AT_ONCE * _VISITOR_BYTES)
    _fresh_visitors.extend(
        chance[at : at + _VISITOR_BYTES] for at in range(0, len(chance), _VISITOR_BYTES)
    )
    return _fresh_visitors.pop()


def _first_touch(code: str, now: int) -> bytes:
    """Return the attribution cookie of who comes by `code` and had none: one a link and second."""
    if _first_touches_at[0] != now:
        _first_touches_at[0] = now
        _first_touches.clear()
    cookie = _first_touches.get(code)
    if cookie is None:
        cookie = _first_touches[code] = _touch((), Touch(code, now), now)
    return cookie


def _touch(touches: tuple[Touch, ...], touch: Touch, clock: float) -> bytes:
    before, after = _hot.attribution_cookie
    return before + touches_token(touched(touches, touch), clock).encode() + after


async def _look_up(scope: Scope, send: Send) -> KnownLink | None:
    """Return a link that is not known yet; None when the answer has been given already."""
    try:
        link = await _hot.table.find(scope["path"][3:])
    except Refused as refused:
        await refuse(scope, send, refused)
        return None
    if link is None:
        await _unknown(scope, send)
    return link


def _headers(scope: Scope) -> tuple[bytes, bytes, bytes, int]:
    cookie = user_agent = forwarded = b""
    flags = 0
    for name, value in scope["headers"]:
        if name == b"user-agent":
            user_agent = value
        elif name == b"cookie":
            cookie = value
        elif name == b"x-forwarded-for":
            forwarded = value
        elif name in {b"purpose", b"sec-purpose", b"x-moz"} and b"prefetch" in value:
            flags |= IS_PREFETCH
        elif name == b"banyan-time":
            flags |= IS_SIMULATED
    return cookie, user_agent, forwarded, flags


def _recognise(cookie: bytes) -> _Browser:
    """Read and check the cookies; who comes again with the same ones is known at once."""
    cookies = read_cookies(cookie.decode("latin-1"))
    visitor = _hot.visitors.verify(cookies.get(VISITOR_COOKIE))
    known = _Browser(
        visitor if visitor and len(visitor) == _VISITOR_BYTES else b"",
        read_touches(cookies.get(ATTRIBUTION_COOKIE)),
    )
    if known.visitor:
        if len(_browsers) >= _KNOWN_MOST:
            _browsers.clear()
        _browsers[cookie] = known
    return known


def _simulated(scope: Scope, link: KnownLink, now: float, flags: int) -> tuple[float, int]:
    """Let a simulated participant click at its own time; anybody else clicks now."""
    moment = guest_from(scope).now_in(link.workspace_id)
    return (now, flags & ~IS_SIMULATED) if moment is None else (moment.timestamp(), flags)


def _address_hash(scope: Scope, forwarded: bytes) -> bytes:
    """Return the keyed hash of the client's address: equal addresses can be seen, none read."""
    key = ((scope.get("client") or ("",))[0], forwarded)
    known = _addresses.get(key)
    if known is None:
        if len(_addresses) >= _KNOWN_MOST:
            _addresses.clear()
        address = client_ip(scope).encode()
        known = blake2b(
            address, digest_size=8, key=_hot.address_key, person=b"banyan address"
        ).digest()
        _addresses[key] = known
    return known


class _Told(msgspec.Struct):
    """What a page tells; `at` is the page's own clock and only kept, never believed."""

    code: str
    kind: str


_decode_told = msgspec.json.Decoder(_Told).decode


async def handle_telemetry(scope: Scope, receive: Receive, send: Send) -> None:
    """`POST /t` {code, kind}: keep it and answer 204. A visitor is known by its cookie alone."""
    if scope["method"] != "POST":
        await answer(send, 405, [(b"allow", b"POST")])
        return
    try:
        link, kind = await _told(receive)
        cookie, user_agent, forwarded, flags = _headers(scope)
        browser, found = browser_of(user_agent)
        flags |= found
        now = time.time()
        if flags & IS_SIMULATED:
            now, flags = _simulated(scope, link, now, flags)
        known = (_browsers.get(cookie) or _recognise(cookie)) if cookie else _NEW
        visitor = known.visitor
        if not visitor:
            # Without a cookie every page view would be a visitor of its own: kept, not counted.
            flags |= IS_NEW_VISITOR
            visitor = NOBODY
        if link.is_of_quest:
            flags |= IS_QUEST_LINK
        address = _address_hash(scope, forwarded)
        head = pack_head(VERSION, kind, flags, browser, int(now * 1e6), visitor, address)
        first = known.touches[0].code if known.touches else ""
        await _hot.journal.append(pack(head, link.place, link.channel_number, first))
    except Refused as refused:
        await refuse(scope, send, refused)
    except OSError:
        await refuse(scope, send, Refused(CLICK_NOT_KEPT))
    else:
        await answer(send, 204, [_CACHE])


async def _told(receive: Receive) -> tuple[KnownLink, int]:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(INVALID, problem="body")
        body += message.get("body", b"")
        if len(body) > TELEMETRY_MOST_BYTES:
            raise Refused(TOO_LARGE)
        if not message.get("more_body"):
            break
    try:
        told = _decode_told(body)
    except msgspec.MsgspecError:
        raise Refused(INVALID, problem="body") from None
    kind = KIND_NUMBERS.get(told.kind)
    if not kind:
        raise Refused(INVALID, problem="kind")
    link = await _hot.table.find(told.code)
    if link is None:
        raise Refused(LINK_UNKNOWN)
    return link, kind


_UNKNOWN_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Banyan</title>
<style>body{{font:17px/1.6 system-ui,"PingFang SC",sans-serif;margin:20vh auto;max-width:22em;
padding:0 24px;text-align:center;color:#1b3a2b;background:#f6f8f4}}
@media(prefers-color-scheme:dark){{body{{color:#e3ede6;background:#101813}}}}</style>
<p>{text}</p></html>"""


async def _unknown(scope: Scope, send: Send) -> None:
    language = language_of(scope)
    page = _UNKNOWN_PAGE.format(
        language="en" if language == "en" else "zh-CN", text=LINK_UNKNOWN.text(language)
    )
    headers = [(b"content-type", b"text/html; charset=utf-8"), _CACHE, *_SAFE]
    await answer(send, 404, headers, b"" if scope["method"] == "HEAD" else page.encode())
