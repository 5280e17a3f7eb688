"""What a signed-in buyer does with orders, over HTTP. Placing one is the edge's hot path."""

import io
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import segno
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from banyan.kernel import requests
from banyan.kernel.errors import NOT_FOUND, Refused
from banyan.kernel.requests import RequestKey
from banyan.people import Guest
from banyan.store import disputing, refusals
from banyan.store.beginning import code_to_scan
from banyan.store.closing import cancel_order
from banyan.store.order_pages import OrderFilter, buyer_page, order_list, refund_view
from banyan.store.orders import order_view
from banyan.store.page_views import OrderListView, OrderPageView
from banyan.store.public_api.mine import known
from banyan.store.quotes import quote
from banyan.store.refunding import RefundLine, ask_refund
from banyan.store.shelf import QUANTITY_MOST, Item, merged
from banyan.store.shipping import confirm_receipt
from banyan.store.views import QuoteView, RefundView

MINE = {"audience": "participant", "permission": None}

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
State = Annotated[str | None, QueryParameter(name="state", max_length=20)]


class Asked(msgspec.Struct, frozen=True):
    """So many of one SKU; what is no quantity is refused with a word of its own."""

    sku_id: UUID
    quantity: Any


class ToQuote(msgspec.Struct, frozen=True):
    """What somebody thinks of ordering. Prices and totals are not read."""

    lines: Annotated[list[Asked], msgspec.Meta(max_length=200)]
    fulfilment: Literal["delivery", "collection"] = "delivery"
    address_id: UUID | None = None


class LineBack(msgspec.Struct, frozen=True):
    """So many of one line to give back."""

    line_id: UUID
    quantity: Any


class ToRefund(msgspec.Struct, frozen=True):
    """What a buyer wants back, and why."""

    lines: Annotated[list[LineBack], msgspec.Meta(min_length=1, max_length=100)]
    reason: Words


class Complaint(msgspec.Struct, frozen=True):
    """What a buyer does not agree with."""

    words: Words
    refund_id: UUID | None = None


class Why(msgspec.Struct, frozen=True):
    """Why."""

    reason: Words = "cancelled by the buyer"


class Said(msgspec.Struct, frozen=True):
    """What a side of a dispute says."""

    words: Words


def whole(quantity: object) -> int:
    """Return a quantity that is one. Raises `quantity_invalid`."""
    if type(quantity) is not int or not 1 <= quantity <= QUANTITY_MOST:
        raise Refused(refusals.QUANTITY_INVALID)
    return quantity


@post("/api/public/quotes", opt=MINE, status_code=200, sync_to_thread=True)
def make_quote(guest: NamedDependency[Guest], data: JSONBody[ToQuote]) -> QuoteView:
    """Return what an order would come to, line by line."""
    me = known(guest)
    items = merged(Item(line.sku_id, whole(line.quantity)) for line in data.lines)
    with guest.work(me.workspace_id) as work:
        return quote(work, items, data.fulfilment)


@get("/api/public/orders", opt=MINE, sync_to_thread=True)
def list_orders(
    guest: NamedDependency[Guest], in_state: State = None, cursor: FromQuery[UUID | None] = None
) -> OrderListView:
    """Return my orders, the newest first."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return order_list(work, OrderFilter(state=in_state), buyer_id=me.person_id, cursor=cursor)


@get("/api/public/orders/{order_id:uuid}", opt=MINE, sync_to_thread=True)
def read_order(guest: NamedDependency[Guest], order_id: FromPath[UUID]) -> OrderPageView:
    """Return my order; somebody else's is not found."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        return buyer_page(work, order_id, me.person_id)


@get("/api/public/orders/{order_id:uuid}/collection.svg", opt=MINE, sync_to_thread=True)
def read_collection_code(
    guest: NamedDependency[Guest], order_id: FromPath[UUID]
) -> Response[bytes]:
    """Return my collection code as a QR code; not found before the order is paid."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        code = order_view(work, order_id, me.person_id).collection_code
    if code is None:
        raise Refused(NOT_FOUND)
    return drawn(code)


@get("/api/public/orders/{order_id:uuid}/payment.svg", opt=MINE, sync_to_thread=True)
def read_payment_code(guest: NamedDependency[Guest], order_id: FromPath[UUID]) -> Response[bytes]:
    """Return the QR code that a wallet scans to pay my order; not found when none is to be paid."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        code = code_to_scan(work, order_id, me.person_id)
    if code is None:
        raise Refused(NOT_FOUND)
    return drawn(code)


def drawn(code: str) -> Response[bytes]:
    """Return a QR code as a picture that nobody keeps."""
    picture = io.BytesIO()
    segno.make_qr(code, error="m").save(picture, kind="svg", scale=8, border=2)
    return Response(
        picture.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )


@post("/api/public/orders/{order_id:uuid}/cancellation", opt=MINE, sync_to_thread=True)
def cancel(
    guest: NamedDependency[Guest], order_id: FromPath[UUID], data: JSONBody[Why]
) -> OrderPageView:
    """Close my order that is not paid."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        cancel_order(work, order_id, data.reason, buyer_id=me.person_id)
        return buyer_page(work, order_id, me.person_id)


@post("/api/public/orders/{order_id:uuid}/receipt", opt=MINE, sync_to_thread=True)
def receive(guest: NamedDependency[Guest], order_id: FromPath[UUID]) -> OrderPageView:
    """Say that my goods are here."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        confirm_receipt(work, order_id, buyer_id=me.person_id)
        return buyer_page(work, order_id, me.person_id)


@post("/api/public/orders/{order_id:uuid}/refunds", opt=MINE, sync_to_thread=True)
def want_back(
    guest: NamedDependency[Guest],
    order_id: FromPath[UUID],
    data: JSONBody[ToRefund],
    request_key: NamedDependency[RequestKey | None],
) -> RefundView:
    """Ask for money back for some of my order."""
    me = known(guest)
    wanted = [RefundLine(line.line_id, whole(line.quantity)) for line in data.lines]

    def do() -> RefundView:
        made = ask_refund(work, order_id, wanted, data.reason, buyer_id=me.person_id)
        return refund_view(work, made)

    with guest.work(me.workspace_id) as work:
        return requests.once(work, request_key, RefundView, do)


@post("/api/public/orders/{order_id:uuid}/disputes", opt=MINE, sync_to_thread=True)
def complain(
    guest: NamedDependency[Guest], order_id: FromPath[UUID], data: JSONBody[Complaint]
) -> OrderPageView:
    """Open a dispute about my order."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        disputing.open_dispute(
            work, order_id, data.words, buyer_id=me.person_id, refund_id=data.refund_id
        )
        return buyer_page(work, order_id, me.person_id)


@post(
    "/api/public/disputes/{dispute_id:uuid}/words", opt=MINE, status_code=204, sync_to_thread=True
)
def speak(guest: NamedDependency[Guest], dispute_id: FromPath[UUID], data: JSONBody[Said]) -> None:
    """Add to my dispute."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        disputing.say_in_dispute(work, dispute_id, data.words, buyer_id=me.person_id)


@post(
    "/api/public/disputes/{dispute_id:uuid}/withdrawal",
    opt=MINE,
    status_code=204,
    sync_to_thread=True,
)
def withdraw(
    guest: NamedDependency[Guest], dispute_id: FromPath[UUID], data: JSONBody[Said]
) -> None:
    """Withdraw my dispute."""
    me = known(guest)
    with guest.work(me.workspace_id) as work:
        disputing.close_dispute(work, dispute_id, data.words, buyer_id=me.person_id)


routes = [
    make_quote,
    list_orders,
    read_order,
    read_collection_code,
    read_payment_code,
    cancel,
    receive,
    want_back,
    complain,
    speak,
    withdraw,
]
