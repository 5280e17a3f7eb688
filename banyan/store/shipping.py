"""Shipping: parcels, receipt by the buyer, and collection in the shop by a code (核销)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.events import Event, record
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work, across_workspaces
from banyan.store import refusals
from banyan.store.campaign_orders import must_not_be_held
from banyan.store.events import OrderCompleted, OrderDelivered, OrderShipped
from banyan.store.orders import LineInHand, OrderInHand, Step, lines_of, lock_order, take_steps
from banyan.store.refunding import RETURN_DAYS
from banyan.store.states import COMPLETED, DELIVERED, PAID, PART_SHIPPED, SHIPPED
from banyan.store.views import Twin

RECEIPT_DAYS = 15
"""After so long on the way, a parcel counts as received."""
MOST_AT_ONCE = 500

COMPANIES: dict[str, Twin] = {
    "sf": Twin("顺丰速运", "SF Express"),
    "jd": Twin("京东快递", "JD Express"),
    "yto": Twin("圆通速递", "YTO Express"),
    "zto": Twin("中通快递", "ZTO Express"),
    "sto": Twin("申通快递", "STO Express"),
    "yunda": Twin("韵达快递", "Yunda Express"),
    "jtexpress": Twin("极兔速递", "J&T Express"),
    "ems": Twin("邮政 EMS", "China Post EMS"),
    "postal": Twin("邮政快递包裹", "China Post"),
    "deppon": Twin("德邦快递", "Deppon"),
    "best": Twin("百世快递", "Best Express"),
    "own": Twin("商家配送", "The merchant's own delivery"),
    "other": Twin("其他", "Another company"),
}
"""Shipping companies by key."""


class ShipmentLine(NamedTuple):
    """So many of one line in a parcel."""

    line_id: UUID
    quantity: int


class ShipmentRequest(NamedTuple):
    """A parcel to enter. No lines: everything that is left to send."""

    order_id: UUID
    company: str
    number: str
    lines: tuple[ShipmentLine, ...] = ()


def ship(work: Work, request: ShipmentRequest) -> UUID:
    """Enter one parcel; the same parcel entered again is the same one. Return its id.

    Raises `order_not_found`, `shipping_company_unknown`, `order_state`, `nothing_to_ship`,
    `order_line_not_found`, `quantity_invalid`.
    """
    if request.company not in COMPANIES:
        raise Refused(refusals.NO_SUCH_COMPANY)
    order = lock_order(work, request.order_id)
    shipment_id = derived_id(
        "shipment", work.workspace_id, order.id, request.company, request.number
    )
    known = work.driver.execute(
        "select 1 from shipments where workspace_id = %s and id = %s",
        (work.workspace_id, shipment_id),
    ).fetchone()
    if known is not None:
        return shipment_id
    if order.state not in {PAID, PART_SHIPPED} or order.fulfilment != "delivery":
        raise Refused(refusals.WRONG_STATE, state=order.state)
    must_not_be_held(work, order.id)
    lines = lines_of(work, [order.id])[order.id]
    quantities = _quantities(request, lines)
    work.driver.execute(
        "insert into shipments (workspace_id, id, order_id, company, number, shipped_at,"
        " shipped_by) values (%s, %s, %s, %s, %s, %s, %s)",
        (
            *(work.workspace_id, shipment_id, order.id, request.company, request.number),
            *(work.now, str(work.actor)),
        ),
    )
    columns = (list(quantities), list(quantities.values()))
    work.driver.execute(
        "insert into shipment_lines (workspace_id, shipment_id, line_id, quantity)"
        " select %s, %s, l.* from unnest(%b::uuid[], %b::int[]) as l",
        (work.workspace_id, shipment_id, *columns),
    )
    work.driver.execute(
        """
        update order_lines l set shipped_quantity = l.shipped_quantity + s.quantity
        from unnest(%b::uuid[], %b::int[]) as s (id, quantity)
        where l.workspace_id = %s and l.id = s.id
        """,
        (*columns, work.workspace_id),
    )
    is_last = all(left_to_ship(line) == quantities.get(line.id, 0) for line in lines)
    after = SHIPPED if is_last else PART_SHIPPED
    if after != order.state:
        take_steps(work, [Step(order.id, order.state, after, request.number)])
    record(
        work,
        [
            OrderShipped(
                order_id=order.id,
                buyer_person_id=order.buyer_id,
                reason=request.number,
                shipment_id=shipment_id,
                company=request.company,
                number=request.number,
                is_last=is_last,
            )
        ],
    )
    return shipment_id


def left_to_ship(line: LineInHand) -> int:
    """Return how many of a line are still to be sent: what is refunded is not."""
    return max(0, line.quantity - line.shipped_quantity - line.refunding_quantity)


def _quantities(request: ShipmentRequest, lines: Sequence[LineInHand]) -> dict[UUID, int]:
    left = {line.id: left_to_ship(line) for line in lines}
    wanted: dict[UUID, int] = {}
    for line_id, quantity in request.lines:
        if line_id not in left:
            raise Refused(refusals.NO_SUCH_LINE)
        if type(quantity) is not int or quantity < 1:
            raise Refused(refusals.QUANTITY_INVALID)
        wanted[line_id] = wanted.get(line_id, 0) + quantity
    if not request.lines:
        wanted = {line_id: quantity for line_id, quantity in left.items() if quantity}
    if not wanted or any(quantity > left[line_id] for line_id, quantity in wanted.items()):
        raise Refused(refusals.NOTHING_TO_SHIP)
    return dict(sorted(wanted.items()))


def confirm_receipt(work: Work, order_id: UUID, *, buyer_id: UUID | None = None) -> None:
    """The goods are there. Raises `order_not_found`, `order_state`; repeating it is harmless."""
    order = lock_order(work, order_id, buyer_id)
    if order.state in {DELIVERED, COMPLETED}:
        return
    if order.state != SHIPPED:
        raise Refused(refusals.WRONG_STATE, state=order.state)
    _deliver(work, [order], "confirmed")


def collect(work: Work, code: str) -> UUID:
    """Hand an order over in the shop for its code; return the order's id.

    Raises `collection_code_unknown`, `collection_code_used`, `order_state`.
    """
    row = work.driver.execute(
        "select id from orders where workspace_id = %s and collection_code = %s",
        (work.workspace_id, "".join(code.split()).lower()),
    ).fetchone()
    if row is None:
        raise Refused(refusals.NO_SUCH_CODE)
    order = lock_order(work, row[0])
    if order.state in {DELIVERED, COMPLETED}:
        raise Refused(refusals.CODE_USED)
    lines = lines_of(work, [order.id])[order.id]
    if order.state != PAID or not any(left_to_ship(line) for line in lines):
        raise Refused(refusals.WRONG_STATE, state=order.state)
    must_not_be_held(work, order.id)
    work.driver.execute(
        """
        update order_lines set shipped_quantity = quantity - refunding_quantity
        where workspace_id = %s and order_id = %s
        """,
        (work.workspace_id, order.id),
    )
    _deliver(work, [order], "collected")
    return order.id


def _deliver(work: Work, orders: Sequence[OrderInHand], reason: str) -> None:
    take_steps(work, [Step(order.id, order.state, DELIVERED, reason) for order in orders])
    events: list[Event] = [
        OrderDelivered(order_id=order.id, buyer_person_id=order.buyer_id, reason=reason)
        for order in orders
    ]
    record(work, events)


_LATE = """
select id, buyer_id, shop_id, via_shop_id, link_code, state, fulfilment, currency, payable_minor,
       freight_minor, collection_code
from orders o where workspace_id = %s and state = %s and {when} <= %s
order by id limit %s for no key update skip locked
"""
_LAST_PARCEL = """
(select max(s.shipped_at) from shipments s
 where s.workspace_id = o.workspace_id and s.order_id = o.id)
"""


def receive_late(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Let parcels that have been on the way for long count as received; return how many."""
    orders = _due(work, SHIPPED, _LAST_PARCEL, RECEIPT_DAYS, most)
    _deliver(work, orders, "received by time")
    return len(orders)


def complete_due(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Complete the orders whose return window is over; return how many."""
    orders = _due(work, DELIVERED, "delivered_at", RETURN_DAYS, most)
    take_steps(
        work, [Step(order.id, DELIVERED, COMPLETED, "return window over") for order in orders]
    )
    events: list[Event] = [
        OrderCompleted(
            order_id=order.id, buyer_person_id=order.buyer_id, reason="return window over"
        )
        for order in orders
    ]
    record(work, events)
    return len(orders)


def _due(work: Work, state: str, when: str, days: int, most: int) -> list[OrderInHand]:
    rows = work.driver.execute(
        _LATE.format(when=when),  # constants of this module
        (work.workspace_id, state, work.now - timedelta(days=days), most),
    )
    return [OrderInHand(*row) for row in rows]


def workspaces_on_the_way() -> list[UUID]:
    """Return the workspaces where an order is on its way or may still be returned."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select distinct workspace_id from orders where state in ('shipped', 'delivered')"
        )
        return [row[0] for row in rows]
