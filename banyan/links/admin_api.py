"""QR codes for members: to print, to put on a table."""

from typing import Annotated, Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from banyan.kernel.errors import Refused
from banyan.links.codes import MEDIA, qr_code
from banyan.links.queries import link_by_code
from banyan.links.refusals import LINK_UNKNOWN
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "campaigns.read"}


def _picture(
    caller: Caller, code: str, form: Literal["svg", "png"], *, as_file: bool
) -> Response[bytes]:
    with caller.work() as work:
        link = link_by_code(work, code)
    if link is None:
        raise Refused(LINK_UNKNOWN)
    headers = {"cache-control": "private, max-age=86400"}
    if as_file:
        headers["content-disposition"] = f'attachment; filename="qr-{link.code}.{form}"'
    return Response(qr_code(link.code, form), media_type=MEDIA[form], headers=headers)


@get("/api/admin/links/{code:str}/qr.svg", opt=READ, sync_to_thread=True)
def read_svg(
    caller: NamedDependency[Caller],
    code: FromPath[str],
    download: Annotated[bool, QueryParameter(name="download")] = False,  # noqa: FBT002 - a query
) -> Response[bytes]:
    """Return the QR code of a link of this workspace as SVG."""
    return _picture(caller, code, "svg", as_file=download)


@get("/api/admin/links/{code:str}/qr.png", opt=READ, sync_to_thread=True)
def read_png(
    caller: NamedDependency[Caller],
    code: FromPath[str],
    download: Annotated[bool, QueryParameter(name="download")] = False,  # noqa: FBT002 - a query
) -> Response[bytes]:
    """Return the QR code of a link of this workspace as PNG."""
    return _picture(caller, code, "png", as_file=download)


routes = [read_svg, read_png]
