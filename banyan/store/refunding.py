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
from banyan.kernel.ids import derived_id, new_id
from banyan.kernel.work import Work
from banyan.ledger import Book, Transfer
from banyan.store import refusals
from banyan.store.books import (
    Part,
    freight_key,
    line_key,
    refund_ends,
    refund_holds,
    surplus_key,
)
from banyan.store.captures import request_number
from banyan.store.cases import Case, open_cases
from banyan.store.events import (
    LineRefunded,
    OrderCompleted,
    OrderRefunded,
    RefundApproved,
    RefundAsked,
    RefundRejected,
    RefundStuck,
)
from banyan.store.invoices import balance_invoices
from banyan.store.orders import LineInHand, OrderInHand, Step, lines_of, lock_order, take_steps
from banyan.store.payments.ports import Said
from banyan.store.states import COMPLETED, DELIVERED, PAID, PART_SHIPPED, SHIPPED
from banyan.store.stock import restock, stock_accounts

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

    A buyer (`buyer_id`) may ask until the return window ends, the merchant for as long as anything
    is left. The freight goes back with the last goods of an order of which nothing was sent.
    Raises `order_not_found`, `order_state`, `refund_too_late`, `order_line_not_found`,
    `quantity_invalid`, `refund_exceeds`.
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
    back = _already_back(work, order_id)
    parts: list[tuple[UUID, int, int]] = []
    for line_id, quantity in quantities.items():
        line = lines[line_id]
        left = line.quantity - line.refunding_quantity
        if quantity > left:
            raise Refused(refusals.REFUND_TOO_MUCH)
        left_minor = line.payable_minor - back.get(line_id, 0)
        parts.append((line_id, quantity, left_minor * quantity // left))
    freight_minor = _freight(order, lines.values(), quantities)
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
    _take_quantities(work, refund_id, 1)
    _tell(work, RefundAsked, order, refund_id, amount_minor, reason)
    return refund_id


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


def _already_back(work: Work, order_id: UUID) -> dict[UUID, int]:
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


def _freight(order: OrderInHand, lines: Iterable[LineInHand], quantities: dict[UUID, int]) -> int:
    known = list(lines)
    is_everything = all(
        line.refunding_quantity + quantities.get(line.id, 0) == line.quantity for line in known
    )
    nothing_sent = not any(line.shipped_quantity for line in known)
    return order.freight_minor if is_everything and nothing_sent and order.state == PAID else 0


def _take_quantities(work: Work, refund_id: UUID, sign: int) -> None:
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
    _tell(work, RefundApproved, order, refund_id, refund.amount_minor, words)


def reject_refund(work: Work, refund_id: UUID, words: str) -> None:
    """Do not agree to a refund; its goods may be asked for again. Raises `refund_decided`."""
    order, refund = lock_refund(work, refund_id)
    if refund.state != "asked":
        raise Refused(refusals.REFUND_DECIDED)
    work.driver.execute(
        "update refunds set state = 'rejected', decided_by = %s, decided_at = %s, decision = %s"
        " where workspace_id = %s and id = %s",
        (str(work.actor), work.now, words, work.workspace_id, refund_id),
    )
    _take_quantities(work, refund_id, -1)
    _tell(work, RefundRejected, order, refund_id, refund.amount_minor, words)


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


def apply_refund(  # noqa: PLR0911 - one way out for each thing a provider may say
    work: Work, provider: str, merchant: str, said: Said
) -> str:
    """Apply what a provider says of a refund; return what became of it.

    `refunded`, `repeated`, `failed`, `nothing`, or `quarantined` with a case opened.
    """
    found = work.driver.execute(
        "select id from refunds where workspace_id = %s and request_number = %s",
        (work.workspace_id, said.number),
    ).fetchone()
    if found is None:
        return _quarantine(work, provider, said, None, "no refund of ours has this number")
    order, refund = lock_refund(work, found[0])
    if (said.merchant, refund.provider) != (merchant, provider):
        return _quarantine(work, provider, said, refund, "refunded from another account")
    if (said.amount_minor, said.currency) != (refund.amount_minor, refund.currency):
        return _quarantine(work, provider, said, refund, "another amount than was asked for")
    if refund.state == "done":
        return "repeated"
    if said.state in {"closed", "failed"} and refund.state in {"sending", "unknown"}:
        fail_refund(work, order, refund, said.problem or said.state)
        return "failed"
    if said.state != "done" or refund.state in {"asked", "rejected"}:
        return "nothing"
    _finish(work, order, refund, said.provider_number)
    return "refunded"


def fail_refund(work: Work, order: OrderInHand, refund: RefundInHand, problem: str) -> None:
    """Write down that the provider refused: the money stays held until an operator acts."""
    work.driver.execute(
        "update refunds set state = 'failed', problem = %s, try_at = null"
        " where workspace_id = %s and id = %s",
        (problem, work.workspace_id, refund.id),
    )
    _tell(work, RefundStuck, order, refund.id, refund.amount_minor, problem)


def _finish(work: Work, order: OrderInHand, refund: RefundInHand, provider_refund: str) -> None:
    """Let go of the money, put the goods back, and move the order on if nothing is left of it."""
    ends = refund_ends(holds_of(work, refund))
    rows = work.driver.execute(
        """
        select r.line_id, r.quantity, r.amount_minor, l.sku_id from refund_lines r
        join order_lines l on l.workspace_id = r.workspace_id and l.id = r.line_id
        where r.workspace_id = %s and r.refund_id = %s order by r.line_id
        """,
        (work.workspace_id, refund.id),
    ).fetchall()
    if refund.restock:
        ends += [
            restock(
                stock_accounts(work.workspace_id, sku_id),
                derived_id("restock", refund.id, line_id),
                *(line_id, quantity),
            )
            for line_id, quantity, _, sku_id in rows
        ]
        work.driver.execute(
            """
            update order_lines l set restocked_quantity = l.restocked_quantity + r.quantity
            from refund_lines r
            where r.workspace_id = %s and r.refund_id = %s
              and l.workspace_id = r.workspace_id and l.id = r.line_id
            """,
            (work.workspace_id, refund.id),
        )
    book = Book(work, {each for t in ends for each in (t.debit, t.credit)})
    for end in ends:
        if book.ask(end) == "insufficient":
            msg = f"refund {refund.id} has nothing to take back"
            raise RuntimeError(msg)
    book.close()
    if refund.state in {"approved", "failed"}:
        # The provider was quicker than we were in writing down that we had asked.
        _set_state(work, refund.id, "sending")
    work.driver.execute(
        "update refunds set state = 'done', done_at = %s, provider_refund = %s, try_at = null,"
        " problem = null where workspace_id = %s and id = %s",
        (work.now, provider_refund, work.workspace_id, refund.id),
    )
    record(
        work,
        [
            OrderRefunded(
                order_id=order.id,
                buyer_person_id=order.buyer_id,
                reason=refund.reason,
                refund_id=refund.id,
                amount_minor=refund.amount_minor,
                lines=[LineRefunded(line, sku, count, minor) for line, count, minor, sku in rows],
            )
        ],
    )
    if refund.kind != "surplus":
        balance_invoices(work, order.id)
        _move_on(work, order)


def _set_state(work: Work, refund_id: UUID, state: str) -> None:
    work.driver.execute(
        "update refunds set state = %s where workspace_id = %s and id = %s",
        (state, work.workspace_id, refund_id),
    )


def _move_on(work: Work, order: OrderInHand) -> None:
    """Move an order on whose goods have all gone back, or whose rest has."""
    left = work.driver.execute(
        """
        select bool_and(done.quantity = l.quantity),
               bool_and(l.shipped_quantity + done.quantity >= l.quantity)
        from order_lines l
        cross join lateral (
          select coalesce(sum(rl.quantity), 0) as quantity from refund_lines rl
          join refunds r on r.workspace_id = rl.workspace_id and r.id = rl.refund_id
          where rl.workspace_id = l.workspace_id and rl.line_id = l.id and r.state = 'done') done
        where l.workspace_id = %s and l.order_id = %s
        """,
        (work.workspace_id, order.id),
    ).fetchone()
    everything_back, nothing_to_send = left or (False, False)
    if order.state == PAID and everything_back:
        take_steps(work, [Step(order.id, PAID, COMPLETED, "refunded")])
        record(
            work,
            [OrderCompleted(order_id=order.id, buyer_person_id=order.buyer_id, reason="refunded")],
        )
    elif order.state == PART_SHIPPED and nothing_to_send:
        take_steps(work, [Step(order.id, PART_SHIPPED, SHIPPED, "rest refunded")])


def retry_refund(work: Work, refund_id: UUID) -> None:
    """Let a refund that was refused, or given up on, be tried again, under its same number."""
    _, refund = lock_refund(work, refund_id)
    if refund.state not in {"failed", "unknown"}:
        raise Refused(refusals.REFUND_DECIDED)
    if refund.state == "failed":
        _set_state(work, refund_id, "sending")
    work.driver.execute(
        "update refunds set try_at = %s, tries = 0 where workspace_id = %s and id = %s",
        (work.now, work.workspace_id, refund_id),
    )


def _quarantine(
    work: Work, provider: str, said: Said, refund: RefundInHand | None, why: str
) -> str:
    expected = refund.amount_minor if refund else None
    subject = f"{said.number}/{said.provider_number}"
    case = Case("notice_does_not_fit", provider, subject, why, None, expected, said.amount_minor)
    open_cases(work, [case])
    return "quarantined"


def _tell(
    work: Work,
    kind: type[RefundAsked | RefundApproved | RefundRejected | RefundStuck],
    order: OrderInHand,
    refund_id: UUID,
    amount_minor: int,
    reason: str,
) -> None:
    told = kind(
        order_id=order.id,
        buyer_person_id=order.buyer_id,
        reason=reason,
        refund_id=refund_id,
        amount_minor=amount_minor,
    )
    record(work, [told])


def tell_stuck(work: Work, order: OrderInHand, refund: RefundInHand, problem: str) -> None:
    """Record that a refund waits for an operator."""
    _tell(work, RefundStuck, order, refund.id, refund.amount_minor, problem)


__all__ = [
    "RefundLine",
    "apply_refund",
    "approve_refund",
    "ask_refund",
    "fail_refund",
    "lock_refund",
    "reject_refund",
    "retry_refund",
    "tell_stuck",
]
