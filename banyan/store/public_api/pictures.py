"""Pictures, over HTTP: made once, never changed, kept by browsers for ever."""

from uuid import UUID

from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from banyan.kernel.errors import Refused
from banyan.store import catalogue_refusals as refusals
from banyan.store.pictures import TYPES, picture_file

SHARED = {"audience": "public", "permission": None, "shared": True}
FOR_EVER = "public, max-age=31536000, immutable"


@get(
    "/pictures/{picture_id:uuid}/{name:str}",
    opt=SHARED,
    include_in_schema=False,
    sync_to_thread=True,
)
def read_picture(picture_id: FromPath[UUID], name: FromPath[str]) -> Response[bytes]:
    """Return one size of a picture, as `640.webp`."""
    found = picture_file(picture_id, name)
    if found is None:
        raise Refused(refusals.NO_SUCH_PICTURE)
    return Response(
        found,
        media_type=TYPES[name.rpartition(".")[2]],
        headers={"Cache-Control": FOR_EVER, "Cross-Origin-Resource-Policy": "same-site"},
    )


routes = [read_picture]
