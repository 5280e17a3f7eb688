"""Routes: the outbox."""

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.types import ControllerRouterHandler

from banyan.kernel.pages import PAGE_MOST, cursor_after, read_cursor
from banyan.messages.outbox import MessageView, outbox_page
from banyan.workspaces import Caller


class OutboxPage(msgspec.Struct):
    """Messages, the newest first."""

    items: list[MessageView]
    next: str | None = None
    total: int | None = None


@get(
    "/api/admin/outbox",
    opt={"audience": "member", "permission": "outbox.read"},
    sync_to_thread=True,
)
def read_outbox(
    caller: NamedDependency[Caller], cursor: FromQuery[str | None] = None
) -> OutboxPage:
    """Return a page of the outbox; what a code says is readable in a sandbox only."""
    with caller.work() as work:
        found = list(outbox_page(work, before=read_cursor(cursor), most=PAGE_MOST))
    more = len(found) == PAGE_MOST
    return OutboxPage(found, cursor_after(found[-1].created_at, found[-1].id) if more else None)


routes: list[ControllerRouterHandler] = [read_outbox]
