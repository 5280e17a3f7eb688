"""Closing orders that are not paid: the reservation ends and the stock is back, exactly once."""

from collections.abc import Iterable
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.events import record
from banyan.kernel.work import Work, across_workspaces
from banyan.ledger import Book
from banyan.store import refusals
from banyan.store.events import OrderClosed
from banyan.store.orders import OrderInHand, Step, lines_of, lock_order, lock_orders, take_steps
from banyan.store.states import CLOSED, PLACED
from banyan.store.stock import release, stock_accounts

MOST_AT_ONCE = 500
EXPIRED = "expired"
"""Why an order was closed that was not paid in time."""


def workspaces_with_expired() -> list[UUID]:
    """Return the workspaces where a reservation has run out."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select distinct workspace_id from orders where state = 'placed'"
            " and expires_at <= now()"
        )
        return [row[0] for row in rows]


def close_expired(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Close the orders whose reservation has run out by now, set-wise; return how many."""
    rows = work.driver.execute(
        """
        select id, buyer_id, shop_id, via_shop_id, link_code, state, fulfilment, currency,
               payable_minor, freight_minor, collection_code
        from orders where workspace_id = %s and state = 'placed' and expires_at <= %s
        order by id limit %s for no key update skip locked
        """,
        (work.workspace_id, work.now, most),
    ).fetchall()
    orders = [OrderInHand(*row) for row in rows]
    _close(work, orders, EXPIRED)
    return len(orders)


def cancel_order(work: Work, order_id: UUID, reason: str, *, buyer_id: UUID | None = None) -> None:
    """Close an order that is not paid. Raises `order_not_found`, `order_state`."""
    order = lock_order(work, order_id, buyer_id)
    if order.state == CLOSED:
        return
    if order.state != PLACED:
        raise Refused(refusals.WRONG_STATE, state=order.state)
    _close(work, [order], reason)


def close_unpaid(work: Work, order_ids: Iterable[UUID], reason: str) -> list[UUID]:
    """Close those of these orders that are not paid; return which. A payment under way goes back."""
    found = lock_orders(work, order_ids)
    unpaid = [order for order in found.values() if order.state == PLACED]
    _close(work, unpaid, reason)
    return [order.id for order in unpaid]


def _close(work: Work, orders: Iterable[OrderInHand], reason: str) -> None:
    closing = {order.id: order for order in orders}
    if not closing:
        return
    transfers = [
        release(stock_accounts(work.workspace_id, line.sku_id), line.id, line.quantity)
        for lines in lines_of(work, closing).values()
        for line in lines
    ]
    book = Book(work, {each for t in transfers for each in (t.debit, t.credit)})
    for transfer in transfers:
        if book.ask(transfer) == "insufficient":
            msg = f"line {transfer.cause} has no reservation to give back"
            raise RuntimeError(msg)
    book.close()
    take_steps(work, [Step(order, PLACED, CLOSED, reason) for order in closing])
    # Somebody may be paying right now: the provider is asked, and told to close the payment.
    work.driver.execute(
        "update payments set ask_at = %s, asked_times = 0 where workspace_id = %s"
        " and order_id = any(%b) and state = 'open'",
        (work.now, work.workspace_id, list(closing)),
    )
    record(
        work,
        [
            OrderClosed(order_id=order.id, buyer_person_id=order.buyer_id, reason=reason)
            for order in closing.values()
        ],
    )
