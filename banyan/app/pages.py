"""The participants' page: one HTML answer with the page's state inside it.

The built `h5/dist/index.html` is read once and again only when it changes. What a merchant or a
participant wrote is data here, never markup: text is escaped for the place it goes to.
"""

import asyncio
import html
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.exc import SQLAlchemyError

from banyan import links
from banyan.app.edge.problems import refused_for
from banyan.app.share_card import picture_address
from banyan.campaigns.public_api import find_link, state_for
from banyan.kernel.errors import Refused
from banyan.kernel.settings import Settings
from banyan.people import Guest

AnyRequest = Request[Any, Any, Any]

_STATE = re.compile(rb'(<script\b[^>]*\bid="state"[^>]*>)(.*?)(</script>)', re.DOTALL)
_TITLE = re.compile(rb"<title>.*?</title>", re.DOTALL)
_LANGUAGE = re.compile(rb'<html\b[^>]*\blang="[^"]*"')
_HEAD = b"<!--head-->"

_DANGEROUS = (
    (b"&", b"\\u0026"),
    (b"<", b"\\u003c"),
    (b">", b"\\u003e"),
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)

_PLAIN = b"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Banyan</title>
<!--head--></head><body><main id="app"></main>
<script type="application/json" id="state"></script></body></html>
"""
"""Served while the pages are not built: the state is there, and the words a person needs."""


def json_inhtml_answer(value: object) -> bytes:
    """Return `value` as JSON that cannot end the script element it stands in."""
    encoded = msgspec.json.encode(value)
    for raw, safe in _DANGEROUS:
        encoded = encoded.replace(raw, safe)
    return encoded


class Pages:
    """The built page of `web_dist/h5/dist`, filled for each answer."""

    def __init__(self, web_dist: Path) -> None:
        """Remember where the built pages are; they may be built later."""
        self._path = web_dist / "h5" / "dist" / "index.html"
        self._changed_ns = -1
        self._template = _PLAIN

    def page(
        self,
        state: object,
        *,
        title: str,
        summary: str,
        address: str,
        language: str,
        picture: str = "",
    ) -> bytes:
        """Return the page with `state` inside, and the words a chat shows for its link."""
        template = self._read()
        filled = _STATE.sub(
            lambda found: found[1] + json_inhtml_answer(state) + found[3], template, count=1
        )
        filled = _TITLE.sub(b"", filled, count=1)
        spoken = b'<html lang="en"' if language.startswith("en") else b'<html lang="zh-CN"'
        filled = _LANGUAGE.sub(spoken, filled, count=1)
        return filled.replace(_HEAD, _head(title, summary, address, picture), 1)

    def _read(self) -> bytes:
        try:
            changed_ns = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return _PLAIN
        if changed_ns != self._changed_ns:
            self._template = self._path.read_bytes()
            self._changed_ns = changed_ns
        return self._template


def _head(title: str, summary: str, address: str, picture: str) -> bytes:
    said = {
        "og:type": "website",
        "og:title": title,
        "og:description": summary,
        "og:url": address,
    } | ({"og:image": picture} if picture else {})
    lines = [
        f"<title>{html.escape(title)}</title>",
        f'<meta name="description" content="{html.escape(summary)}">',
        *(f'<meta property="{key}" content="{html.escape(text)}">' for key, text in said.items()),
    ]
    return "\n".join(lines).encode()


_pages: list[Pages] = []


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[None]:
    """Keep the built page of this web process."""
    _pages[:] = [Pages(settings.web_dist)]
    try:
        yield
    finally:
        _pages.clear()


@get("/h5/l/{code:str}", opt={"audience": "visitor", "permission": None}, include_in_schema=False)
async def show_page(
    request: AnyRequest, guest: NamedDependency[Guest], code: FromPath[str]
) -> Response[bytes]:
    """Return the page of a link: always HTML, also for an unknown link or while all is down."""
    try:
        link = await find_link(code)
        agent = str(request.headers.get("user-agent", ""))
        state = await asyncio.to_thread(state_for, guest, link, agent)
    except (Refused, OSError, SQLAlchemyError) as error:
        return _without_state(error, guest.language)
    said = state.campaign.page
    card: dict[str, dict[str, str]] = said.get("share") or {}
    language = guest.language
    return html_answer(
        200,
        _pages[0].page(
            state,
            title=_spoken(card.get("title"), language)
            or _spoken(said["title"], language)
            or state.campaign.name,
            summary=_spoken(card.get("text"), language) or _spoken(said["subtitle"], language),
            address=links.share_url(code),
            language=language,
            picture=picture_address(code, said, language),
        ),
    )


@get(
    "/h5/preview",
    opt={"audience": "public", "permission": None},
    include_in_schema=False,
    sync_to_thread=False,
)
def show_preview(guest: NamedDependency[Guest]) -> Response[bytes]:
    """Return the page without a state: the console fills it while a campaign is being made."""
    page = _pages[0].page(None, title="Banyan", summary="", address="", language=guest.language)
    return html_answer(200, page)


def _without_state(error: Exception, language: str) -> Response[bytes]:
    refused = refused_for(error)
    title = refused.refusal.text(language, **refused.params)
    state = {"problem": {"code": refused.refusal.code, "title": title}}
    page = _pages[0].page(state, title=title, summary="", address="", language=language)
    return html_answer(refused.refusal.status, page)


def this_page() -> Pages:
    """Return the built page of this web process."""
    return _pages[0]


def html_answer(status: int, page: bytes) -> Response[bytes]:
    """Answer with a page; nobody keeps it, for it knows who asked."""
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    return Response(
        page, status_code=status, media_type="text/html; charset=utf-8", headers=headers
    )


def _spoken(words: Mapping[str, str] | None, language: str) -> str:
    if not words:
        return ""
    return (words["en"] if language.startswith("en") else "") or words["zh"]


routes = [show_page, show_preview]
