"""What members and API keys may do with orders, parcels, collection and disputes, over HTTP."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from banyan import workspaces
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.store import disputing, shipping
from banyan.store.closing import cancel_order
from banyan.store.order_pages import OrderFilter, order_counts, order_list, order_page
from banyan.store.page_views import OrderListView, OrderPageView
from banyan.store.shelf import QUANTITY_MOST
from banyan.store.shipping import COMPANIES, ShipmentLine, ShipmentRequest
from banyan.store.views import DisputeView, Twin
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "orders.read"}
WRITE = {"audience": "member", "permission": "orders.write"}
AT_ONCE_MOST = 200

Quantity = Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MOST)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
State = Annotated[str | None, QueryParameter(name="state", max_length=20)]
Text = Annotated[str | None, QueryParameter(name="q", max_length=80)]
FirstDay = Annotated[date | None, QueryParameter(name="from")]
LastDay = Annotated[date | None, QueryParameter(name="to")]

T = TypeVar("T")


class Confirmations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Orders whose goods are with their buyers."""

    ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=AT_ONCE_MOST)]


class LineToShip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many of one line."""

    line_id: UUID
    quantity: Quantity


class ToShip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A parcel; without lines, it holds all that is left."""

    order_id: UUID
    company: Annotated[str, msgspec.Meta(max_length=20)]
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9-]+$")]
    lines: list[LineToShip] = []


class Shipments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parcels to enter."""

    items: Annotated[list[ToShip], msgspec.Meta(min_length=1, max_length=AT_ONCE_MOST)]


class Problem(msgspec.Struct, frozen=True):
    """Why one of many was refused, in the caller's language."""

    code: str
    title: str


class OneOfMany(msgspec.Struct, frozen=True):
    """What became of one order; a refusal is told, and its neighbours go on."""

    order_id: UUID
    problem: Problem | None = None


class Outcomes(msgspec.Struct, frozen=True):
    """An outcome each, in their order."""

    items: list[OneOfMany]


class Company(msgspec.Struct, frozen=True):
    """A shipping company."""

    key: str
    name: Twin


class CompanyPage(msgspec.Struct, frozen=True):
    """Every shipping company."""

    items: list[Company]
    next: str | None = None
    total: int | None = None


class ToCollect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code that a buyer shows."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why."""

    reason: Words


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the merchant says in a dispute."""

    words: Words


class Settled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a dispute ended."""

    outcome: Words


class DisputePage(msgspec.Struct, frozen=True):
    """Disputes."""

    items: list[DisputeView]
    next: str | None = None
    total: int | None = None


@get("/api/admin/orders", opt=READ, sync_to_thread=True)
def list_orders(
    caller: NamedDependency[Caller],
    in_state: State = None,
    q: Text = None,
    shop_id: FromQuery[UUID | None] = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    cursor: FromQuery[UUID | None] = None,
) -> OrderListView:
    """Return orders, the newest first. `q`: the beginning of a number, a code, a product's name."""
    wanted = OrderFilter(
        state=in_state, q=q, shop_id=shop_id, first_day=first_day, last_day=last_day
    )
    with caller.work() as work:
        return order_list(work, wanted, cursor=cursor)


@get("/api/admin/orders/counts", opt=READ, sync_to_thread=True)
def count_orders(
    caller: NamedDependency[Caller],
    q: Text = None,
    shop_id: FromQuery[UUID | None] = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
) -> dict[str, int]:
    """Return how many orders there are in each state."""
    wanted = OrderFilter(q=q, shop_id=shop_id, first_day=first_day, last_day=last_day)
    with caller.work() as work:
        return order_counts(work, wanted)


@get("/api/admin/orders/{order_id:uuid}", opt=READ, sync_to_thread=True)
def read_order(caller: NamedDependency[Caller], order_id: FromPath[UUID]) -> OrderPageView:
    """Return one order with all that belongs to it; the address only to who may ship it."""
    with caller.work() as work:
        page = order_page(work, order_id, with_buyer=True)
    if "orders.write" in caller.permissions:
        return page
    return msgspec.structs.replace(page, address=None)


def each(
    caller: Caller,
    wanted: Iterable[T],
    order_of: Callable[[T], UUID],
    do: Callable[[Work, T], None],
) -> Outcomes:
    """Do one thing to many orders, each in a transaction of its own."""
    outcomes: list[OneOfMany] = []
    for item in wanted:
        problem = None
        try:
            with caller.work() as work:
                do(work, item)
        except Refused as refused:
            said = refused.refusal
            problem = Problem(said.code, said.text(caller.language, **refused.params))
        outcomes.append(OneOfMany(order_of(item), problem))
    return Outcomes(outcomes)


@post("/api/admin/orders/confirmations", opt=WRITE, status_code=200, sync_to_thread=True)
def confirm(caller: NamedDependency[Caller], data: JSONBody[Confirmations]) -> Outcomes:
    """Say of many orders that their goods have been received."""

    def do(work: Work, order_id: UUID) -> None:
        shipping.confirm_receipt(work, order_id)
        workspaces.audit(work, "order.confirmed", str(order_id))

    return each(caller, data.ids, lambda order_id: order_id, do)


@post("/api/admin/orders/{order_id:uuid}/cancellation", opt=WRITE, sync_to_thread=True)
def cancel(
    caller: NamedDependency[Caller], order_id: FromPath[UUID], data: JSONBody[Why]
) -> OrderPageView:
    """Close an order that is not paid."""
    with caller.work() as work:
        cancel_order(work, order_id, data.reason)
        workspaces.audit(work, "order.cancelled", str(order_id), {"reason": data.reason})
        return order_page(work, order_id, with_buyer=True)


@get("/api/admin/shipping-companies", opt=READ, sync_to_thread=False)
def list_companies(caller: NamedDependency[Caller]) -> CompanyPage:  # noqa: ARG001 - guarded by it
    """Return the shipping companies."""
    return CompanyPage([Company(key, name) for key, name in COMPANIES.items()])


@post("/api/admin/orders/shipments", opt=WRITE, status_code=200, sync_to_thread=True)
def ship_many(caller: NamedDependency[Caller], data: JSONBody[Shipments]) -> Outcomes:
    """Enter parcels, many at once; entering one again is harmless."""

    def do(work: Work, item: ToShip) -> None:
        lines = tuple(ShipmentLine(line.line_id, line.quantity) for line in item.lines)
        shipping.ship(work, ShipmentRequest(item.order_id, item.company, item.number, lines))
        workspaces.audit(work, "order.shipped", str(item.order_id), {"company": item.company})

    return each(caller, data.items, lambda item: item.order_id, do)


@post("/api/admin/collections", opt=WRITE, status_code=200, sync_to_thread=True)
def collect(caller: NamedDependency[Caller], data: JSONBody[ToCollect]) -> OrderPageView:
    """Hand an order over for its code."""
    with caller.work() as work:
        order_id = shipping.collect(work, data.code)
        workspaces.audit(work, "order.collected", str(order_id))
        return order_page(work, order_id, with_buyer=True)


@get("/api/admin/disputes", opt=READ, sync_to_thread=True)
def list_disputes(caller: NamedDependency[Caller], in_state: State = None) -> DisputePage:
    """Return disputes, the newest first."""
    with caller.work() as work:
        return DisputePage(disputing.disputes(work, state=in_state))


@post("/api/admin/disputes/{dispute_id:uuid}/words", opt=WRITE, sync_to_thread=True)
def speak(
    caller: NamedDependency[Caller], dispute_id: FromPath[UUID], data: JSONBody[Said]
) -> DisputeView:
    """Answer the buyer."""
    with caller.work() as work:
        disputing.say_in_dispute(work, dispute_id, data.words)
        return disputing.dispute(work, dispute_id)


@post("/api/admin/disputes/{dispute_id:uuid}/closing", opt=WRITE, sync_to_thread=True)
def settle(
    caller: NamedDependency[Caller], dispute_id: FromPath[UUID], data: JSONBody[Settled]
) -> DisputeView:
    """End a dispute with the words of what was agreed."""
    with caller.work() as work:
        disputing.close_dispute(work, dispute_id, data.outcome)
        workspaces.audit(work, "dispute.settled", str(dispute_id), {"outcome": data.outcome})
        return disputing.dispute(work, dispute_id)


routes = [
    list_orders,
    count_orders,
    confirm,
    ship_many,
    read_order,
    cancel,
    list_companies,
    collect,
    list_disputes,
    speak,
    settle,
]
