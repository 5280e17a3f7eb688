"""Captures: what a provider says of payments, applied to their orders exactly once.

As many at once as wait: everything is decided under the orders' locks, in the order in which it was
said, and written by a few set-wise statements. The amount, the currency and the account must be
ours, or nothing moves and a case is opened. Money that comes although nothing is owed any more (the
order is closed, or paid already) is taken into its own account and sent back by itself.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.events import Event, record
from banyan.kernel.ids import new_code
from banyan.kernel.work import Work
from banyan.ledger import Book, Transfer
from banyan.store.books import Capture, capture_transfers
from banyan.store.cases import Case, open_cases
from banyan.store.events import LineSold, OrderPaid
from banyan.store.orders import LineInHand, OrderInHand, Step, lines_of, lock_orders, take_steps
from banyan.store.payments.ports import Said
from banyan.store.states import PAID, PLACED
from banyan.store.stock import sell, stock_accounts
from banyan.store.surpluses import PaymentInHand, take_surplus

CODE_BITS = 60

ORDERS = "select order_id from payments where workspace_id = %s and trade_number = any(%b)"

LOCK = """
select trade_number, id, order_id, provider, amount_minor, currency, state, provider_payment
from payments where workspace_id = %s and trade_number = any(%b) order by id for no key update
"""

END = """
update payments p set state = e.state, problem = e.problem
from unnest(%b::uuid[], %b::text[], %b::text[]) as e (id, state, problem)
where p.workspace_id = %s and p.id = e.id
"""

CAPTURE = """
update payments p set state = c.state, provider_payment = c.theirs, captured_at = %s,
       ask_at = null, problem = null
from unnest(%b::uuid[], %b::text[], %b::text[]) as c (id, state, theirs)
where p.workspace_id = %s and p.id = c.id
"""

NOT_WANTED = """
update payments set ask_at = %s
where workspace_id = %s and order_id = any(%b) and state = 'open'
"""

PROBLEMS = """
update payments p set problem = w.problem
from unnest(%b::uuid[], %b::text[]) as w (id, problem)
where p.workspace_id = %s and p.id = w.id
"""


class Sale(NamedTuple):
    """A locked, unpaid order of which all that is owed has come, and by whom it was paid."""

    order: OrderInHand
    lines: Sequence[LineInHand]
    reason: str


class _Taken(NamedTuple):
    """Money that has come for an order."""

    order: OrderInHand
    payment: PaymentInHand
    said: Said


def apply_payment(work: Work, provider: str, merchant: str, said: Said) -> str:
    """Apply what `provider` says of one payment; return what became of it."""
    applying = Applying(work, provider, merchant, [said])
    applying.write()
    return applying.outcomes[0]


class Applying:
    """What a provider says of payments, decided in memory under the locks of their orders.

    `outcomes` holds one word each: `captured`, `surplus`, `repeated`, `nothing`, `closed`, or
    `quarantined` with a case opened. Nothing stands before `write`, which is called once.
    """

    def __init__(self, work: Work, provider: str, merchant: str, said: Sequence[Said]) -> None:
        """Lock the orders, then the payments, and decide."""
        self.work = work
        self.provider = provider
        self.merchant = merchant
        numbers = sorted({each.number for each in said})
        found = work.driver.execute(ORDERS, (work.workspace_id, numbers))
        self.orders = lock_orders(work, {row[0] for row in found})
        rows = work.driver.execute(LOCK, (work.workspace_id, numbers))
        self.payments = {row[0]: PaymentInHand(*row[1:]) for row in rows}
        self.captured: list[_Taken] = []
        self.surplus: list[_Taken] = []
        self.ended: dict[UUID, tuple[str, str | None]] = {}
        self.problems: dict[UUID, str] = {}
        self.cases: list[Case] = []
        self.outcomes = [self._decide(each) for each in said]

    def _decide(self, said: Said) -> str:  # noqa: PLR0911 - one way out for each thing that is said
        payment = self.payments.get(said.number)
        if payment is None:
            return self._quarantine(said, None, "no payment of ours has this number")
        if said.state != "paid":
            return self._end(payment, said)
        if (said.merchant, payment.provider) != (self.merchant, self.provider):
            return self._quarantine(said, payment, "paid into another account")
        if (said.amount_minor, said.currency) != (payment.amount_minor, payment.currency):
            return self._quarantine(said, payment, "another amount than asked for")
        if payment.state in {"captured", "surplus"}:
            if payment.provider_payment == said.provider_number:
                return "repeated"
            return self._quarantine(said, payment, "paid twice under one number")
        order = self.orders[payment.order_id]
        is_owed = order.state == PLACED
        outcome = "captured" if is_owed else "surplus"
        (self.captured if is_owed else self.surplus).append(_Taken(order, payment, said))
        if is_owed:
            self.orders[order.id] = order._replace(state=PAID)
        taken = payment._replace(state=outcome, provider_payment=said.provider_number)
        self.payments[said.number] = taken
        # What was wrong with it before is over; what a later word brings is not.
        self.problems.pop(payment.id, None)
        return outcome

    def _end(self, payment: PaymentInHand, said: Said) -> str:
        if payment.state != "open" or said.state not in {"closed", "failed"}:
            return "nothing"
        # A provider may take it back: paid after closed is asked about for a while yet.
        self.ended[payment.id] = (said.state, said.problem or None)
        self.payments[said.number] = payment._replace(state=said.state)
        self.problems.pop(payment.id, None)
        return "closed"

    def _quarantine(self, said: Said, payment: PaymentInHand | None, why: str) -> str:
        subject = f"{said.number}/{said.provider_number}"
        expected = payment.amount_minor if payment else None
        self.cases.append(
            Case(
                *("notice_does_not_fit", self.provider, subject, why, None, expected),
                said.amount_minor,
            )
        )
        if payment is not None:
            self.problems[payment.id] = why
        return "quarantined"

    def write(self) -> None:
        """Write all that was decided; the accounts that everybody wants come last."""
        work = self.work
        open_cases(work, self.cases)
        if self.ended:
            ends = [(made, *how) for made, how in self.ended.items()]
            work.driver.execute(END, (*map(list, zip(*ends, strict=True)), work.workspace_id))
        taken = [*self.captured, *self.surplus]
        if taken:
            self._mark(taken)
        if self.problems:
            work.driver.execute(
                PROBLEMS,
                (list(self.problems), list(self.problems.values()), work.workspace_id),
            )
        if self.captured:
            self._capture()
        for each in self.surplus:
            take_surplus(work, each.order, each.payment)

    def _mark(self, taken: Sequence[_Taken]) -> None:
        rows = [
            (each.payment.id, self.payments[each.said.number].state, each.said.provider_number)
            for each in taken
        ]
        columns = map(list, zip(*sorted(rows), strict=True))
        self.work.driver.execute(CAPTURE, (self.work.now, *columns, self.work.workspace_id))

    def _capture(self) -> None:
        work = self.work
        lines = lines_of(work, [each.order.id for each in self.captured])
        # Whoever else is asked for an order's money is told that it is not wanted any more.
        work.driver.execute(NOT_WANTED, (work.now, work.workspace_id, list(lines)))
        captures = [
            Capture(each.order, lines[each.order.id], each.payment.id, each.payment.provider)
            for each in self.captured
        ]
        money = capture_transfers(work, captures)
        mark_paid(work, [Sale(c.order, c.lines, c.provider) for c in captures], money)


def mark_paid(work: Work, sales: Sequence[Sale], money: Sequence[Transfer]) -> None:
    """Turn locked, unpaid orders into paid ones: what is reserved is sold, their money captured.

    Late in a transaction, for the stock of what everybody buys is held until its end.
    """
    stock = [
        sell(stock_accounts(work.workspace_id, line.sku_id), line.id, line.quantity)
        for sale in sales
        for line in sale.lines
    ]
    transfers = [*stock, *money]
    accounts = {each for t in transfers for each in (t.debit, t.credit)}
    book = Book(work, accounts, is_late=True)
    for transfer in transfers:
        if book.ask(transfer) == "insufficient":
            msg = f"nothing is reserved for {transfer.cause}"
            raise RuntimeError(msg)
    steps = [
        Step(*(sale.order.id, sale.order.state, PAID, sale.reason), _code_for(sale.order))
        for sale in sales
    ]
    take_steps(work, steps)
    record(work, [_told(sale) for sale in sales])
    book.close()


def _code_for(order: OrderInHand) -> str | None:
    return new_code(CODE_BITS) if order.fulfilment == "collection" else None


def _told(sale: Sale) -> Event:
    order = sale.order
    return OrderPaid(
        order_id=order.id,
        buyer_person_id=order.buyer_id,
        reason=sale.reason,
        shop_id=order.shop_id,
        via_shop_id=order.via_shop_id,
        link_code=order.link_code,
        payable_minor=order.payable_minor,
        freight_minor=order.freight_minor,
        currency=order.currency,
        lines=[
            LineSold(line.id, line.sku_id, line.product_id, line.quantity, line.payable_minor)
            for line in sale.lines
        ],
    )
