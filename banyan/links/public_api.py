"""QR codes for participants: to show a friend across the table."""

import asyncio

from litestar import Response, get
from litestar.params import FromPath

from banyan.kernel.errors import Refused
from banyan.links.click import link_table
from banyan.links.codes import MEDIA, qr_code
from banyan.links.refusals import LINK_UNKNOWN


@get("/api/public/qr/{name:str}", opt={"audience": "public", "permission": None})
async def read_qr(name: FromPath[str]) -> Response[bytes]:
    """Return the QR code of any link as SVG; it says no more than the link itself."""
    code, _, form = name.rpartition(".")
    link = await link_table().find(code) if form == "svg" else None
    if link is None:
        raise Refused(LINK_UNKNOWN)
    picture = await asyncio.to_thread(qr_code, link.code, "svg")
    headers = {"cache-control": "public, max-age=86400"}
    return Response(picture, media_type=MEDIA["svg"], headers=headers)


routes = [read_qr]
