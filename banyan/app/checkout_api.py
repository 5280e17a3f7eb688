"""The checkout over HTTP: what an order would come to with one's coupons. Nothing is taken."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from banyan.app.coupon_checkout import Checkout, checkout
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.people import Guest
from banyan.store import Item, merged

MINE = {"audience": "participant", "permission": None}


class Line(msgspec.Struct, frozen=True):
    """So many of one SKU; what is no quantity is refused with a word of its own."""

    sku_id: UUID
    quantity: Any


class ToCheckOut(msgspec.Struct, frozen=True):
    """What somebody thinks of ordering. `coupon_ids` None chooses the best; [] uses none."""

    lines: Annotated[list[Line], msgspec.Meta(max_length=200)]
    fulfilment: Literal["delivery", "collection"] = "delivery"
    coupon_ids: Annotated[list[UUID], msgspec.Meta(max_length=20)] | None = None


@post("/api/public/checkouts", opt=MINE, status_code=200, sync_to_thread=True)
def check_out(guest: NamedDependency[Guest], data: JSONBody[ToCheckOut]) -> Checkout:
    """Return what an order would come to, line by line, and my coupons for it."""
    me = guest.participant
    if me is None:
        raise Refused(NOT_SIGNED_IN)
    items = merged(Item(line.sku_id, line.quantity) for line in data.lines)
    chosen = None if data.coupon_ids is None else list(dict.fromkeys(data.coupon_ids))
    with guest.work(me.workspace_id) as work:
        return checkout(work, me.person_id, items, data.fulfilment, chosen)


routes: list[ControllerRouterHandler] = [check_out]
