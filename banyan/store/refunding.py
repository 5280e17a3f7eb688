"""Refunds: asked for by line, decided by the merchant, and ended by what the provider says.

The quantity is taken when the refund is asked for, the money is held when it is approved, both by
constraints: however many ask at once, no more goes back than was paid, line by line.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.events import record
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.ledger import Book, Transfer
from banyan.store import refusals
from banyan.store.books import (
    Part,
    freight_key,
    line_key,
    refund_holds,
    surplus_key,
)
from banyan.store.events import (
    RefundApproved,
    RefundAsked,
    RefundRejected,
    RefundStuck,
)
from banyan.store.orders import LineInHand, OrderInHand, lines_of, lock_order
from banyan.store.states import COMPLETED, DELIVERED, PAID, PART_SHIPPED, SHIPPED
from banyan.store.surpluses import request_number

RETURN_DAYS = 7
"""How long after delivery a buyer may ask for their money back."""
OPEN_TO_BUYERS = (PAID, PART_SHIPPED, SHIPPED, DELIVERED)


class RefundLine(NamedTuple):
    """So many of one line to take back."""

    line_id: UUID
    quantity: int


class RefundInHand(NamedTuple):
    """A refund locked for this transaction."""

    id: UUID
    order_id: UUID
    payment_id: UUID
    kind: str
    state: str
    amount_minor: int
    freight_minor: int
    currency: str
    restock: bool
    request_number: str
    tries: int
    provider: str
    trade_number: str
    paid_minor: int
    reason: str


_LOCK = """
select r.id, r.order_id, r.payment_id, r.kind, r.state, r.amount_minor, r.freight_minor,
       r.currency, r.restock, r.request_number, r.tries, p.provider, p.trade_number,
       p.amount_minor, r.reason
from refunds r
join payments p on p.workspace_id = r.workspace_id and p.id = r.payment_id
where r.workspace_id = %s and r.id = %s for no key update of r
"""


def lock_refund(work: Work, refund_id: UUID) -> tuple[OrderInHand, RefundInHand]:
    """Lock a refund and its order, the order first. Raises `refund_not_found`."""
    found = work.driver.execute(
        "select order_id from refunds where workspace_id = %s and id = %s",
        (work.workspace_id, refund_id),
    ).fetchone()
    if found is None:
        raise Refused(refusals.NO_SUCH_REFUND)
    order = lock_order(work, found[0])
    row = work.driver.execute(_LOCK, (work.workspace_id, refund_id)).fetchone()
    if row is None:
        raise Refused(refusals.NO_SUCH_REFUND)
    return order, RefundInHand(*row)


def ask_refund(
    work: Work,
    order_id: UUID,
    wanted: Sequence[RefundLine],
    reason: str,
    *,
    buyer_id: UUID | None = None,
) -> UUID:
    """Ask for money back for some of an order's goods; return the refund's id.

    A buyer (`buyer_id`) may ask until the return window ends, but once delivered not for what was
    sold as not returnable: that takes the merchant, who may refund as long as anything is left.
    The freight goes back with the last goods of an order of which nothing was sent.
    Raises `order_not_found`, `order_state`, `refund_too_late`, `no_return`,
    `order_line_not_found`, `quantity_invalid`, `refund_exceeds`.
    """
    order = lock_order(work, order_id, buyer_id)
    payment = work.driver.execute(
        "select id from payments where workspace_id = %s and order_id = %s and state = 'captured'",
        (work.workspace_id, order_id),
    ).fetchone()
    if payment is None or (buyer_id and order.state not in (*OPEN_TO_BUYERS, COMPLETED)):
        raise Refused(refusals.WRONG_STATE, state=order.state)
    if buyer_id is not None:
        _must_be_in_time(work, order)
    lines = {line.id: line for line in lines_of(work, [order_id])[order_id]}
    quantities = _quantities(wanted, lines)
    back = minor_back(work, order_id)
    parts: list[tuple[UUID, int, int]] = []
    for line_id, quantity in quantities.items():
        line = lines[line_id]
        if buyer_id and line.no_return and order.state in {DELIVERED, COMPLETED}:
            raise Refused(refusals.NO_RETURN, name=_name_of(work, line_id))
        left = line.quantity - line.refunding_quantity
        if quantity > left:
            raise Refused(refusals.REFUND_TOO_MUCH)
        left_minor = line.payable_minor - back.get(line_id, 0)
        parts.append((line_id, quantity, left_minor * quantity // left))
    freight_minor = freight_back(order, lines.values(), quantities)
    amount_minor = sum(part[2] for part in parts) + freight_minor
    if not amount_minor:
        raise Refused(refusals.REFUND_TOO_MUCH)
    refund_id = new_id()
    nothing_sent = not any(line.shipped_quantity for line in lines.values())
    work.driver.execute(
        """
        insert into refunds (workspace_id, id, order_id, payment_id, kind, reason, amount_minor,
          freight_minor, currency, restock, state, request_number, asked_by, asked_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'asked', %s, %s, %s)
        """,
        (
            *(work.workspace_id, refund_id, order_id, payment[0]),
            *("asked_by_buyer" if buyer_id else "by_merchant", reason, amount_minor),
            *(freight_minor, order.currency, nothing_sent and order.state == PAID),
            *(request_number(refund_id), str(work.actor), work.now),
        ),
    )
    columns = [list(column) for column in zip(*parts, strict=True)]
    work.driver.execute(
        "insert into refund_lines (workspace_id, refund_id, line_id, quantity, amount_minor)"
        " select %s, %s, l.* from unnest(%b::uuid[], %b::int[], %b::bigint[]) as l",
        (work.workspace_id, refund_id, *columns),
    )
    take_quantities(work, refund_id, 1)
    tell(work, RefundAsked, order, refund_id, amount_minor, reason)
    return refund_id


def _name_of(work: Work, line_id: UUID) -> str:
    row = work.driver.execute(
        "select product_name from order_lines where workspace_id = %s and id = %s",
        (work.workspace_id, line_id),
    ).fetchone()
    return row[0] if row else ""


def _must_be_in_time(work: Work, order: OrderInHand) -> None:
    row = work.driver.execute(
        "select delivered_at from orders where workspace_id = %s and id = %s",
        (work.workspace_id, order.id),
    ).fetchone()
    delivered_at = row[0] if row else None
    is_over = delivered_at is not None and work.now >= delivered_at + timedelta(days=RETURN_DAYS)
    if is_over or order.state == COMPLETED:
        raise Refused(refusals.REFUND_TOO_LATE)


def _quantities(wanted: Sequence[RefundLine], lines: dict[UUID, LineInHand]) -> dict[UUID, int]:
    quantities: dict[UUID, int] = {}
    for line_id, quantity in wanted:
        if line_id not in lines:
            raise Refused(refusals.NO_SUCH_LINE)
        if type(quantity) is not int or quantity < 1:
            raise Refused(refusals.QUANTITY_INVALID)
        quantities[line_id] = quantities.get(line_id, 0) + quantity
    if not quantities:
        raise Refused(refusals.NO_SUCH_LINE)
    return dict(sorted(quantities.items()))


def minor_back(work: Work, order_id: UUID) -> dict[UUID, int]:
    """Return what has gone back of each line of a locked order, or is asked for, in minor units."""
    rows = work.driver.execute(
        """
        select l.line_id, sum(l.amount_minor) from refund_lines l
        join refunds r on r.workspace_id = l.workspace_id and r.id = l.refund_id
        where r.workspace_id = %s and r.order_id = %s and r.state <> 'rejected'
        group by l.line_id
        """,
        (work.workspace_id, order_id),
    )
    return {line: int(minor) for line, minor in rows}


def freight_back(
    order: OrderInHand, lines: Iterable[LineInHand], quantities: dict[UUID, int]
) -> int:
    """Return the freight that goes back with these goods: all with the last of what was not sent."""
    known = list(lines)
    is_everything = all(
        line.refunding_quantity + quantities.get(line.id, 0) == line.quantity for line in known
    )
    nothing_sent = not any(line.shipped_quantity for line in known)
    return order.freight_minor if is_everything and nothing_sent and order.state == PAID else 0


def take_quantities(work: Work, refund_id: UUID, sign: int) -> None:
    """Count the goods of a refund as going back (1), or not any more (-1)."""
    work.driver.execute(
        """
        update order_lines l set refunding_quantity = l.refunding_quantity + %s * r.quantity
        from refund_lines r
        where r.workspace_id = %s and r.refund_id = %s
          and l.workspace_id = r.workspace_id and l.id = r.line_id
        """,
        (sign, work.workspace_id, refund_id),
    )


def approve_refund(
    work: Work, refund_id: UUID, words: str = "", *, put_back: bool | None = None
) -> None:
    """Agree to a refund: its money is held now and sent by `send_refund`.

    `put_back` says whether the goods go back on the shelf when it is done. Raises
    `refund_not_found`, `refund_decided`, `refund_exceeds`.
    """
    order, refund = lock_refund(work, refund_id)
    if refund.state != "asked":
        raise Refused(refusals.REFUND_DECIDED)
    holds = holds_of(work, refund)
    book = Book(work, {each for t in holds for each in (t.debit, t.credit)})
    if any(book.ask(hold) == "insufficient" for hold in holds):
        raise Refused(refusals.REFUND_TOO_MUCH)
    book.close()
    work.driver.execute(
        """
        update refunds set state = 'approved', decided_by = %s, decided_at = %s, decision = %s,
          restock = coalesce(%s, restock), try_at = %s
        where workspace_id = %s and id = %s
        """,
        (
            *(str(work.actor), work.now, words or None, put_back, work.now),
            *(work.workspace_id, refund_id),
        ),
    )
    tell(work, RefundApproved, order, refund_id, refund.amount_minor, words)


def reject_refund(work: Work, refund_id: UUID, words: str) -> None:
    """Do not agree to a refund; its goods may be asked for again. Raises `refund_decided`.

    Money that came without being owed is nobody's to keep: its refund cannot be rejected.
    """
    order, refund = lock_refund(work, refund_id)
    if refund.state != "asked" or refund.kind == "surplus":
        raise Refused(refusals.REFUND_DECIDED)
    work.driver.execute(
        "update refunds set state = 'rejected', decided_by = %s, decided_at = %s, decision = %s"
        " where workspace_id = %s and id = %s",
        (str(work.actor), work.now, words, work.workspace_id, refund_id),
    )
    take_quantities(work, refund_id, -1)
    tell(work, RefundRejected, order, refund_id, refund.amount_minor, words)


def holds_of(work: Work, refund: RefundInHand) -> list[Transfer]:
    """Return the transfers that hold a refund's money, always the same."""
    if refund.kind == "surplus":
        parts = [Part(surplus_key(refund.payment_id), refund.amount_minor)]
    else:
        rows = work.driver.execute(
            "select line_id, amount_minor from refund_lines"
            " where workspace_id = %s and refund_id = %s order by line_id",
            (work.workspace_id, refund.id),
        )
        parts = [Part(line_key(line), minor) for line, minor in rows]
        parts.append(Part(freight_key(refund.order_id), refund.freight_minor))
    return refund_holds(work, refund.id, parts, refund.provider, refund.currency)


def set_refund_state(work: Work, refund_id: UUID, state: str) -> None:
    """Move a locked refund one legal step on."""
    work.driver.execute(
        "update refunds set state = %s where workspace_id = %s and id = %s",
        (state, work.workspace_id, refund_id),
    )


def retry_refund(work: Work, refund_id: UUID) -> None:
    """Let a refund that was refused, or given up on, be tried again, under its same number.

    One that is on its way stays on its way. Raises `refund_not_found`, `refund_decided`.
    """
    _, refund = lock_refund(work, refund_id)
    if refund.state in {"approved", "sending"}:
        return
    if refund.state not in {"failed", "unknown"}:
        raise Refused(refusals.REFUND_DECIDED)
    if refund.state == "failed":
        set_refund_state(work, refund_id, "sending")
    work.driver.execute(
        "update refunds set try_at = %s, tries = 0 where workspace_id = %s and id = %s",
        (work.now, work.workspace_id, refund_id),
    )


def tell(
    work: Work,
    kind: type[RefundAsked | RefundApproved | RefundRejected | RefundStuck],
    order: OrderInHand,
    refund_id: UUID,
    amount_minor: int,
    reason: str,
) -> None:
    """Record what became of a refund."""
    told = kind(
        order_id=order.id,
        buyer_person_id=order.buyer_id,
        reason=reason,
        refund_id=refund_id,
        amount_minor=amount_minor,
    )
    record(work, [told])
