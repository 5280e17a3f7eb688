"""Pictures: uploads become pictures of our own making, in the sizes the pages need.

What was sent is never kept or shown. Its format and size are read from its head and refused before
a single pixel is decoded; then it is drawn anew, without EXIF, profile or animation.
"""

import hashlib
import io
import threading
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

from banyan.kernel import settings
from banyan.kernel.errors import Refused
from banyan.kernel.files import Files
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work, across_workspaces
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import Picture

WIDTHS = (160, 320, 640, 1280)
TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
UPLOAD_MOST_BYTES = 10 << 20
PIXELS_MOST = 30_000_000
SIDE_MOST = 12_000
"""No side may be longer, so that nothing is a mile wide and a pixel high."""
PICTURES_MOST = 20_000
STORED_MOST_BYTES = 5 << 30
"""What one workspace may keep."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_PAPER = (255, 255, 255)
_QUALITY = {"webp": 80, "jpg": 84}
# Decoding holds the whole picture in memory: two at a time.
_drawing = threading.BoundedSemaphore(2)
_files: list[Files] = []


class Drawn(NamedTuple):
    """A picture in all its sizes: file name → content."""

    width: int
    height: int
    sizes: dict[str, bytes]


def use_files(files: Files | None) -> None:
    """Let this process keep pictures in `files` (None: where the settings say)."""
    _files[:] = [] if files is None else [files]


def current_files() -> Files:
    """Return where this process keeps pictures."""
    if not _files:
        _files.append(Files.open(settings.load().files_url))
    return _files[0]


def drawn(content: bytes) -> Drawn:
    """Return `content` drawn anew in every size. Raises `picture_unreadable`, `picture_too_large`."""
    if len(content) > UPLOAD_MOST_BYTES:
        raise Refused(refusals.PICTURE_TOO_LARGE, most_pixels=PIXELS_MOST)
    with _drawing:
        try:
            with Image.open(io.BytesIO(content), formats=_FORMATS) as sent:
                _must_fit(sent.size)
                # A JPEG can be decoded small: no more than twice what the widest page shows.
                sent.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
                picture = _plain(ImageOps.exif_transpose(sent))
        except Refused:
            raise
        except Image.DecompressionBombError:
            raise Refused(refusals.PICTURE_TOO_LARGE, most_pixels=PIXELS_MOST) from None
        # Pillow raises many kinds of errors on broken files, struct's and zlib's among them.
        except (UnidentifiedImageError, OSError, ValueError,
                SyntaxError, ArithmeticError, LookupError, TypeError, MemoryError):  # fmt: skip
            raise Refused(refusals.PICTURE_UNREADABLE) from None
        sizes: dict[str, bytes] = {}
        shown = picture
        for width in reversed(WIDTHS):
            shown = _narrowed(shown, width)
            for ending in TYPES:
                sizes[f"{width}.{ending}"] = _encoded(shown, ending)
    return Drawn(min(picture.width, WIDTHS[-1]), _narrowed(picture, WIDTHS[-1]).height, sizes)


def _must_fit(size: tuple[int, int]) -> None:
    width, height = size
    if not 0 < width <= SIDE_MOST or not 0 < height <= SIDE_MOST or width * height > PIXELS_MOST:
        raise Refused(refusals.PICTURE_TOO_LARGE, most_pixels=PIXELS_MOST)


def _plain(picture: Image.Image) -> Image.Image:
    """Return only the pixels, on white where they let through."""
    has_holes = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    if has_holes:
        over = picture.convert("RGBA")
        paper = Image.new("RGBA", over.size, (*_PAPER, 255))
        return Image.alpha_composite(paper, over).convert("RGB")
    return picture.convert("RGB")


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    height = max(1, picture.height * width // picture.width)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, ending: str) -> bytes:
    made = io.BytesIO()
    if ending == "webp":
        picture.save(made, "WEBP", quality=_QUALITY[ending], method=2)
    else:
        picture.save(made, "JPEG", quality=_QUALITY[ending], optimize=True, progressive=True)
    return made.getvalue()


ROOM = "select count(*), coalesce(sum(stored_bytes), 0) from pictures where workspace_id = %s"
FIND = "select id, width, height from pictures where workspace_id = %s and digest = %s"
ADD = """
insert into pictures (workspace_id, id, digest, width, height, stored_bytes, created_at)
values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing
"""
OF = "select id, width, height from pictures where workspace_id = %s and id = any(%s)"


def known_picture(work: Work, content: bytes) -> Picture | None:
    """Return the picture that this very file became before, in this workspace."""
    digest = hashlib.sha256(content).digest()
    row = work.driver.execute(FIND, (work.workspace_id, digest)).fetchone()
    return Picture(*row) if row else None


def must_have_room(work: Work) -> None:
    """Raise `pictures_full` when the workspace keeps as much as it may."""
    row = work.driver.execute(ROOM, (work.workspace_id,)).fetchone()
    count, kept = row or (0, 0)
    if count >= PICTURES_MOST or kept >= STORED_MOST_BYTES:
        raise Refused(refusals.PICTURES_FULL)


def keep_files(workspace_id: UUID, content: bytes, made: Drawn) -> UUID:
    """Keep the sizes under the id that belongs to `content`; again is harmless. Return the id.

    Done before the row is written and outside its transaction: a picture that is named is there.
    """
    picture_id = picture_id_of(workspace_id, content)
    for name, size in made.sizes.items():
        current_files().put(workspace_id, f"pictures/{picture_id}/{name}", size)
    return picture_id


def picture_id_of(workspace_id: UUID, content: bytes) -> UUID:
    """Return the id that a file has as a picture of a workspace."""
    return derived_id(workspace_id, "picture", hashlib.sha256(content).hexdigest())


def add_picture(work: Work, content: bytes, made: Drawn) -> Picture:
    """Write the row of a picture whose files are kept; again is harmless."""
    picture_id = picture_id_of(work.workspace_id, content)
    stored = sum(map(len, made.sizes.values()))
    digest = hashlib.sha256(content).digest()
    row = (work.workspace_id, picture_id, digest, made.width, made.height, stored, work.now)
    work.driver.execute(ADD, row)
    return Picture(picture_id, made.width, made.height)


def pictures_of(work: Work, picture_ids: Sequence[UUID]) -> list[Picture]:
    """Return these pictures, in order. Raises `picture_not_found`."""
    rows = work.driver.execute(OF, (work.workspace_id, list(picture_ids)))
    found = {row[0]: Picture(*row) for row in rows}
    if any(picture_id not in found for picture_id in picture_ids):
        raise Refused(refusals.NO_SUCH_PICTURE)
    return [found[picture_id] for picture_id in picture_ids]


def pictures_kept(work: Work, picture_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these are pictures of this workspace."""
    rows = work.driver.execute(OF, (work.workspace_id, list(picture_ids)))
    return {row[0] for row in rows}


def picture_file(picture_id: UUID, name: str) -> bytes | None:
    """Return one size of a picture of any workspace, None when there is none.

    The address of a picture names no workspace, and says nothing about whose it is.
    """
    width, _, ending = name.partition(".")
    if ending not in TYPES or width not in map(str, WIDTHS):
        return None
    with across_workspaces() as connection:
        row = connection.exec_driver_sql(
            "select workspace_id from pictures where id = %s limit 1", (picture_id,)
        ).first()
    return current_files().get(row[0], f"pictures/{picture_id}/{name}") if row else None
