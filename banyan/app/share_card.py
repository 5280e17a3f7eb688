"""The picture of a link, for the chats that show one: the page's cover, or a card that is drawn.

A chat asks without cookies and from anywhere, so the card is the same for everybody.
"""

import asyncio
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from banyan import links
from banyan.campaigns import UNKNOWN_LINK, ShareWords, cover_of, share_words
from banyan.campaigns.public_api import find_link
from banyan.creatives import draw_share_picture
from banyan.kernel.errors import Refused
from banyan.links import KnownLink
from banyan.people import Guest

CACHE = "public, max-age=3600"
"""A merchant who edits the page sees the new card within the hour."""
ENDINGS = {".en.png": "en", ".png": "zh"}


def picture_address(code: str, page: dict[str, Any], language: str) -> str:
    """Return the absolute address of the picture for the link `code`."""
    cover = cover_of(page)
    if cover is not None:
        return links.absolute(f"/pictures/{cover}/640.jpg")
    ending = ".en.png" if language.startswith("en") else ".png"
    return links.absolute(f"/h5/card/{code}{ending}")


@get("/h5/card/{name:str}", opt={"audience": "public", "permission": None}, include_in_schema=False)
async def read_card(guest: NamedDependency[Guest], name: FromPath[str]) -> Response[bytes]:
    """Return the drawn card of a link, as `CODE.png` or `CODE.en.png`. Raises `unknown_link`."""
    ending = next((one for one in ENDINGS if name.endswith(one)), None)
    if ending is None:
        raise Refused(UNKNOWN_LINK)
    link = await find_link(name.removesuffix(ending))
    card = await asyncio.to_thread(_drawn, guest, link, ENDINGS[ending])
    return Response(card, media_type="image/png", headers={"Cache-Control": CACHE})


def _drawn(guest: Guest, link: KnownLink, language: str) -> bytes:
    return draw_share_picture(*_words(guest, link, language))


def _words(guest: Guest, link: KnownLink, language: str) -> ShareWords:
    with guest.work(link.workspace_id) as work:
        return share_words(work, link.campaign_id, language)


routes = [read_card]
