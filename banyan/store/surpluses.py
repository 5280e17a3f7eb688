"""Surpluses: money that came although nothing was owed, taken apart and sent back by itself.

What comes for a closed order of a campaign waits for the campaign's word first (`late_money`).
"""

from typing import NamedTuple
from uuid import UUID

from banyan.kernel.events import record
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.ledger import Book
from banyan.store.books import Part, refund_holds, surplus_key, surplus_transfer
from banyan.store.events import SurplusReceived
from banyan.store.orders import OrderInHand


class PaymentInHand(NamedTuple):
    """A payment locked for this transaction."""

    id: UUID
    order_id: UUID
    provider: str
    amount_minor: int
    currency: str
    state: str
    provider_payment: str | None


def take_surplus(work: Work, order: OrderInHand, payment: PaymentInHand) -> None:
    """Take the money of a captured payment that was not owed, and approve its refund.

    The refund of a closed order that is held for its campaign is only asked for: the campaign says.
    """
    refund_id = derived_id("surplus refund", work.workspace_id, payment.id)
    why = "order_closed" if order.state == "closed" else "paid_twice"
    waits = order.state == "closed" and is_held(work, order.id)
    decided = (None, None, None) if waits else (work.now, "system", work.now)
    work.driver.execute(
        """
        insert into refunds (workspace_id, id, order_id, payment_id, kind, reason, amount_minor,
          freight_minor, currency, restock, state, request_number, asked_by, asked_at, try_at,
          decided_by, decided_at)
        values (%s, %s, %s, %s, 'surplus', %s, %s, 0, %s, false, %s, %s, 'system', %s, %s, %s, %s)
        """,
        (
            *(work.workspace_id, refund_id, order.id, payment.id, why, payment.amount_minor),
            *(payment.currency, "asked" if waits else "approved", request_number(refund_id)),
            *(work.now, *decided),
        ),
    )
    _move(work, refund_id, payment, waits=waits)
    record(
        work,
        [
            SurplusReceived(
                order_id=order.id,
                buyer_person_id=order.buyer_id,
                reason=why,
                payment_id=payment.id,
                amount_minor=payment.amount_minor,
            )
        ],
    )


def is_held(work: Work, order_id: UUID) -> bool:
    """Return whether a locked order waits for its campaign's word."""
    row = work.driver.execute(
        "select is_held from orders where workspace_id = %s and id = %s",
        (work.workspace_id, order_id),
    ).fetchone()
    return row is not None and bool(row[0])


def _move(work: Work, refund_id: UUID, payment: PaymentInHand, *, waits: bool) -> None:
    """Take the money into its own account, and hold it for its refund unless that `waits`."""
    part = Part(surplus_key(payment.id), payment.amount_minor)
    money = surplus_transfer(
        work, payment.id, payment.amount_minor, payment.currency, payment.provider
    )
    if not waits:
        money += refund_holds(work, refund_id, [part], payment.provider, payment.currency)
    book = Book(work, {each for t in money for each in (t.debit, t.credit)})
    for transfer in money:
        book.ask(transfer)
    book.close()


def request_number(refund_id: UUID) -> str:
    """Return the number by which a provider knows a refund: the same for its whole life."""
    # 32 letters, which every provider takes: derived again, so that two ids never share a number.
    return derived_id("refund request", refund_id).hex
