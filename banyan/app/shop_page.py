"""A shop's page: the participants' page with the shop's front inside it."""

import asyncio
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.exc import SQLAlchemyError

from banyan import people, store
from banyan.app.edge.problems import refused_for
from banyan.app.pages import html_answer, this_page
from banyan.kernel.errors import Refused
from banyan.people import Guest
from banyan.store import Me, PageProblem, ShopFront, ShopHome, ShopState

SUMMARY_MOST = 80


@get(
    "/h5/shop/{slug:str}", opt={"audience": "visitor", "permission": None}, include_in_schema=False
)
async def show_shop(guest: NamedDependency[Guest], slug: FromPath[str]) -> Response[bytes]:
    """Return the page of a shop: always HTML, also for an unknown shop or while all is down."""
    try:
        seen = store.window()
        home = await seen.shop(slug)
        front = msgspec.json.decode(await seen.front(home), type=ShopFront)
        me = await asyncio.to_thread(_me, guest, home)
    except (Refused, OSError, SQLAlchemyError) as error:
        return _without_front(error, guest.language)
    shop = front.shop
    return html_answer(
        200,
        this_page().page(
            _state(ShopState(front=front, me=me)),
            title=shop.name,
            summary=shop.introduction.replace("\n", " ")[:SUMMARY_MOST],
            address=store.shop_url(shop.slug),
            language=guest.language,
        ),
    )


def _me(guest: Guest, home: ShopHome) -> Me | None:
    person_id = guest.person_in(home.workspace_id)
    if person_id is None:
        return None
    with guest.work(home.workspace_id) as work:
        return Me(person_id, people.names_masked(work, [person_id]).get(person_id, "**"))


def _without_front(error: Exception, language: str) -> Response[bytes]:
    refused = refused_for(error)
    title = refused.refusal.text(language, **refused.params)
    state = _state(ShopState(front=None, problem=PageProblem(refused.refusal.code, title)))
    page = this_page().page(state, title=title, summary="", address="", language=language)
    return html_answer(refused.refusal.status, page)


def _state(state: ShopState) -> dict[str, Any]:
    return {"shop": msgspec.to_builtins(state)}


routes = [show_shop]
