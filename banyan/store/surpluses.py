"""Surpluses: money that came although nothing was owed, taken apart and sent back by itself."""

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
    """Take the money of a captured payment that was not owed, and approve its refund."""
    refund_id = derived_id("surplus refund", work.workspace_id, payment.id)
    why = "order_closed" if order.state == "closed" else "paid_twice"
    work.driver.execute(
        """
        insert into refunds (workspace_id, id, order_id, payment_id, kind, reason, amount_minor,
          freight_minor, currency, restock, state, request_number, try_at, asked_by, decided_by,
          asked_at, decided_at)
        values (%s, %s, %s, %s, 'surplus', %s, %s, 0, %s, false, 'approved', %s, %s, 'system',
                'system', %s, %s)
        """,
        (
            *(work.workspace_id, refund_id, order.id, payment.id, why, payment.amount_minor),
            *(payment.currency, request_number(refund_id), work.now, work.now, work.now),
        ),
    )
    _move(work, refund_id, payment)
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


def _move(work: Work, refund_id: UUID, payment: PaymentInHand) -> None:
    """Take the money into its own account, and hold it for its refund."""
    part = Part(surplus_key(payment.id), payment.amount_minor)
    money = surplus_transfer(
        work, payment.id, payment.amount_minor, payment.currency, payment.provider
    )
    money += refund_holds(work, refund_id, [part], payment.provider, payment.currency)
    book = Book(work, {each for t in money for each in (t.debit, t.credit)})
    for transfer in money:
        book.ask(transfer)
    book.close()


def request_number(refund_id: UUID) -> str:
    """Return the number by which a provider knows a refund: the same for its whole life."""
    # 32 letters, which every provider takes: derived again, so that two ids never share a number.
    return derived_id("refund request", refund_id).hex
