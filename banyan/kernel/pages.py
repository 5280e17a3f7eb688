"""Pages of long lists: a cursor names the last row seen, so nothing is skipped and nothing counted."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import datetime
from uuid import UUID

from banyan.kernel.errors import INVALID, Refused

PAGE_MOST = 100
"""Rows of a page; nobody may ask for more."""
_MOST_CHARACTERS = 200


def cursor_after(at: datetime, row_id: UUID) -> str:
    """Return the cursor that continues after the row made at `at` with `row_id`."""
    return urlsafe_b64encode(f"{at.isoformat()}|{row_id}".encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return what a cursor names, None for the first page. Raises `invalid` for anything else."""
    if not cursor:
        return None
    if len(cursor) > _MOST_CHARACTERS:
        raise Refused(INVALID, problem="cursor")
    try:
        at, _, row_id = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("|")
        moment = datetime.fromisoformat(at)
        found = moment, UUID(row_id)
    except (Base64Error, ValueError):
        raise Refused(INVALID, problem="cursor") from None
    if moment.tzinfo is None:
        raise Refused(INVALID, problem="cursor")
    return found
