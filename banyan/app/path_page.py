"""A pathway's page: the rule by which visitors are led, and the visitor's own way on."""

import asyncio
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from sqlalchemy.exc import SQLAlchemyError

from banyan import pathways
from banyan.app.edge.problems import refused_for
from banyan.app.pages import html_answer, this_page
from banyan.campaigns.public_api import find_link
from banyan.kernel.errors import Refused
from banyan.links import KnownLink
from banyan.pathways import PathState
from banyan.people import Guest

VISITOR = {"audience": "visitor", "permission": None}


def _state(guest: Guest, link: KnownLink) -> PathState:
    with guest.work(link.workspace_id) as work:
        return pathways.lead(work, link.code, guest.person_in(link.workspace_id))


@get("/h5/p/{code:str}", opt=VISITOR, include_in_schema=False)
async def show_pathway(guest: NamedDependency[Guest], code: FromPath[str]) -> Response[bytes]:
    """Return the page of a pathway: always HTML, also for an unknown one or while all is down."""
    try:
        state = await asyncio.to_thread(_state, guest, await find_link(code))
    except (Refused, OSError, SQLAlchemyError) as error:
        return _without_state(error, guest.language)
    is_english = guest.language.startswith("en")
    page = this_page().page(
        {"path": msgspec.to_builtins(state)},
        title=state.title.en if is_english else state.title.zh,
        summary=state.host,
        address=pathways.entry_url(code),
        language=guest.language,
    )
    return html_answer(200, page)


@get("/api/public/paths/{code:str}", opt=VISITOR)
async def read_pathway(guest: NamedDependency[Guest], code: FromPath[str]) -> PathState:
    """Return the page's state again, for a visitor who has just signed in."""
    return await asyncio.to_thread(_state, guest, await find_link(code))


def _without_state(error: Exception, language: str) -> Response[bytes]:
    refused = refused_for(error)
    title = refused.refusal.text(language, **refused.params)
    state: dict[str, Any] = {
        "path": None,
        "problem": {"code": refused.refusal.code, "title": title},
    }
    page = this_page().page(state, title=title, summary="", address="", language=language)
    return html_answer(refused.refusal.status, page)


routes: list[ControllerRouterHandler] = [show_pathway, read_pathway]
