"""Captures: what a provider says of a payment, applied to the order exactly once.

The amount, the currency and the account must be ours, or nothing moves and a case is opened. Money
that comes although nothing is owed any more (the order is closed, or paid already) is taken into
its own account and sent back by itself.
"""

from typing import NamedTuple
from uuid import UUID

from banyan.kernel.events import Event, record
from banyan.kernel.ids import derived_id, new_code
from banyan.kernel.work import Work
from banyan.ledger import Book, Transfer
from banyan.store.books import (
    Part,
    capture_transfers,
    refund_holds,
    surplus_key,
    surplus_transfer,
)
from banyan.store.cases import Case, open_cases
from banyan.store.events import LineSold, OrderPaid, SurplusReceived
from banyan.store.orders import LineInHand, OrderInHand, Step, lines_of, lock_orders, take_steps
from banyan.store.payments.ports import Said
from banyan.store.states import PAID, PLACED
from banyan.store.stock import sell, stock_accounts

CODE_BITS = 60


class PaymentInHand(NamedTuple):
    """A payment locked for this transaction."""

    id: UUID
    order_id: UUID
    provider: str
    amount_minor: int
    currency: str
    state: str
    provider_payment: str | None


def apply_payment(  # noqa: PLR0911 - one way out for each thing a provider may say
    work: Work, provider: str, merchant: str, said: Said
) -> str:
    """Apply what `provider` says of a payment; return what became of it.

    `captured`, `surplus`, `repeated`, `nothing`, `closed`, or `quarantined` with a case opened.
    """
    found = work.driver.execute(
        "select order_id from payments where workspace_id = %s and trade_number = %s",
        (work.workspace_id, said.number),
    ).fetchone()
    if found is None:
        return _quarantine(work, provider, said, None, "no payment of ours has this number")
    order = lock_orders(work, [found[0]])[found[0]]
    row = work.driver.execute(
        "select id, order_id, provider, amount_minor, currency, state, provider_payment"
        " from payments where workspace_id = %s and trade_number = %s for no key update",
        (work.workspace_id, said.number),
    ).fetchone()
    if row is None:
        raise AssertionError
    payment = PaymentInHand(*row)
    if said.state != "paid":
        return _not_paid(work, payment, said)
    if (said.merchant, payment.provider) != (merchant, provider):
        return _quarantine(work, provider, said, payment, "paid into another account")
    if (said.amount_minor, said.currency) != (payment.amount_minor, payment.currency):
        return _quarantine(work, provider, said, payment, "another amount than asked for")
    if payment.state in {"captured", "surplus"}:
        if payment.provider_payment == said.provider_number:
            return "repeated"
        return _quarantine(work, provider, said, payment, "paid twice under one number")
    if order.state == PLACED:
        _capture(work, order, payment, said)
        return "captured"
    _take_surplus(work, order, payment, said)
    return "surplus"


def _not_paid(work: Work, payment: PaymentInHand, said: Said) -> str:
    if payment.state != "open" or said.state not in {"closed", "failed"}:
        return "nothing"
    # A provider may take it back: paid after closed is asked about for a while yet.
    work.driver.execute(
        "update payments set state = %s, problem = %s where workspace_id = %s and id = %s",
        (said.state, said.problem or None, work.workspace_id, payment.id),
    )
    return "closed"


def _quarantine(
    work: Work, provider: str, said: Said, payment: PaymentInHand | None, why: str
) -> str:
    open_cases(
        work,
        [
            Case(
                "notice_does_not_fit",
                provider,
                f"{said.number}/{said.provider_number}",
                why,
                None,
                payment.amount_minor if payment else None,
                said.amount_minor,
            )
        ],
    )
    if payment is not None:
        work.driver.execute(
            "update payments set problem = %s where workspace_id = %s and id = %s",
            (why, work.workspace_id, payment.id),
        )
    return "quarantined"


def mark_paid(
    work: Work, order: OrderInHand, lines: list[LineInHand], money: list[Transfer], reason: str
) -> None:
    """Turn a locked, unpaid order into a paid one: its stock is sold, its money captured."""
    stock = [
        sell(stock_accounts(work.workspace_id, line.sku_id), line.id, line.quantity)
        for line in lines
    ]
    transfers = [*stock, *money]
    book = Book(work, {each for t in transfers for each in (t.debit, t.credit)})
    for transfer in transfers:
        if book.ask(transfer) == "insufficient":
            msg = f"order {order.id} has no reservation to sell"
            raise RuntimeError(msg)
    book.close()
    if order.fulfilment == "collection":
        work.driver.execute(
            "update orders set collection_code = %s where workspace_id = %s and id = %s",
            (new_code(CODE_BITS), work.workspace_id, order.id),
        )
    take_steps(work, [Step(order.id, PLACED, PAID, reason)])
    events: list[Event] = [
        OrderPaid(
            order_id=order.id,
            buyer_person_id=order.buyer_id,
            reason=reason,
            shop_id=order.shop_id,
            via_shop_id=order.via_shop_id,
            link_code=order.link_code,
            payable_minor=order.payable_minor,
            freight_minor=order.freight_minor,
            currency=order.currency,
            lines=[
                LineSold(line.id, line.sku_id, line.product_id, line.quantity, line.payable_minor)
                for line in lines
            ],
        )
    ]
    record(work, events)


def _capture(work: Work, order: OrderInHand, payment: PaymentInHand, said: Said) -> None:
    lines = lines_of(work, [order.id])[order.id]
    _mark_captured(work, payment, said, "captured")
    money = capture_transfers(work, order, lines, payment.id, payment.provider)
    mark_paid(work, order, lines, money, payment.provider)
    # Whoever else is asked for this order's money is told that it is not wanted any more.
    work.driver.execute(
        "update payments set ask_at = %s where workspace_id = %s and order_id = %s"
        " and state = 'open'",
        (work.now, work.workspace_id, order.id),
    )


def _take_surplus(work: Work, order: OrderInHand, payment: PaymentInHand, said: Said) -> None:
    _mark_captured(work, payment, said, "surplus")
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
    _move_surplus(work, refund_id, payment)
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


def _move_surplus(work: Work, refund_id: UUID, payment: PaymentInHand) -> None:
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


def _mark_captured(work: Work, payment: PaymentInHand, said: Said, state: str) -> None:
    work.driver.execute(
        "update payments set state = %s, provider_payment = %s, captured_at = %s, ask_at = null,"
        " problem = null where workspace_id = %s and id = %s",
        (state, said.provider_number, work.now, work.workspace_id, payment.id),
    )


def request_number(refund_id: UUID) -> str:
    """Return the number by which a provider knows a refund: the same for its whole life."""
    # 32 letters, which every provider takes: derived again, so that two ids never share a number.
    return derived_id("refund request", refund_id).hex
