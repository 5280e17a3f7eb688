"""What members and API keys may do with discounts, over HTTP."""

from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from banyan import workspaces
from banyan.kernel import requests
from banyan.kernel.ids import new_id
from banyan.kernel.requests import RequestKey
from banyan.store import discounts
from banyan.store.discounts import DiscountFields, DiscountTermsView
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "store.read"}
WRITE = {"audience": "member", "permission": "store.write"}


class DiscountPage(msgspec.Struct, frozen=True):
    """Discounts."""

    items: list[DiscountTermsView]
    next: str | None = None
    total: int | None = None


@get("/api/admin/discounts", opt=READ, sync_to_thread=True)
def list_discounts(
    caller: NamedDependency[Caller], shop_id: FromQuery[UUID | None] = None
) -> DiscountPage:
    """Return the discounts, the newest first."""
    with caller.work() as work:
        return DiscountPage(discounts.discount_views(work, shop_id=shop_id))


@post("/api/admin/discounts", opt=WRITE, sync_to_thread=True)
def make_discount(
    caller: NamedDependency[Caller],
    data: JSONBody[DiscountFields],
    request_key: NamedDependency[RequestKey | None],
) -> DiscountTermsView:
    """Make a discount."""

    def effect() -> DiscountTermsView:
        discount_id = new_id()
        discounts.make_discount(work, discount_id, data)
        workspaces.audit(work, "store.discount_made", str(discount_id), {"name": data.name.zh})
        return discounts.discount_view(work, discount_id)

    with caller.work() as work:
        return requests.once(work, request_key, DiscountTermsView, effect)


@post("/api/admin/discounts/{discount_id:uuid}/ending", opt=WRITE, sync_to_thread=True)
def end_discount(caller: NamedDependency[Caller], discount_id: FromPath[UUID]) -> DiscountTermsView:
    """End a discount now; orders that stand keep what was taken off."""
    with caller.work() as work:
        discounts.end_discount(work, discount_id)
        workspaces.audit(work, "store.discount_ended", str(discount_id))
        return discounts.discount_view(work, discount_id)


routes = [list_discounts, make_discount, end_discount]
