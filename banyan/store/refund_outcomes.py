"""What becomes of a refund: done, failed, or something that does not fit.

When the provider has sent the money back, its holds end, the goods go back on the shelf if they
should, invoices are balanced, and an order of which nothing is left moves on.
"""

from collections.abc import Sequence
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.events import record
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.ledger import Book, Transfer
from banyan.store import refusals
from banyan.store.books import by_hand_transfer, refund_ends
from banyan.store.cases import Case, open_cases
from banyan.store.events import LineRefunded, OrderCompleted, OrderRefunded, RefundStuck
from banyan.store.invoices import balance_invoices
from banyan.store.orders import OrderInHand, Step, take_steps
from banyan.store.payments.ports import Said
from banyan.store.refunding import (
    RefundInHand,
    holds_of,
    lock_refund,
    set_refund_state,
    tell,
)
from banyan.store.states import COMPLETED, PAID, PART_SHIPPED, SHIPPED
from banyan.store.stock import restock, stock_accounts


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
    tell(work, RefundStuck, order, refund.id, refund.amount_minor, problem)


def record_refund_by_hand(work: Work, refund_id: UUID, words: str) -> None:
    """Write down that a refund the provider refused was given to the buyer in another way.

    It counts as done from now on, and the provider's statements are not expected to show it.
    Raises `refund_not_found`, `refund_decided` unless the provider has refused it.
    """
    order, refund = lock_refund(work, refund_id)
    if refund.state != "failed":
        raise Refused(refusals.REFUND_DECIDED)
    work.driver.execute(
        "update refunds set by_hand = %s where workspace_id = %s and id = %s",
        (words, work.workspace_id, refund_id),
    )
    given = by_hand_transfer(work, refund_id, refund.amount_minor, refund.currency, refund.provider)
    _finish(work, order, refund, None, [given])


def _finish(
    work: Work,
    order: OrderInHand,
    refund: RefundInHand,
    provider_refund: str | None,
    more: Sequence[Transfer] = (),
) -> None:
    """Let go of the money, put the goods back, and move the order on if nothing is left of it."""
    ends = [*refund_ends(holds_of(work, refund)), *more]
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
        set_refund_state(work, refund.id, "sending")
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


def _quarantine(
    work: Work, provider: str, said: Said, refund: RefundInHand | None, why: str
) -> str:
    expected = refund.amount_minor if refund else None
    subject = f"{said.number}/{said.provider_number}"
    case = Case("notice_does_not_fit", provider, subject, why, None, expected, said.amount_minor)
    open_cases(work, [case])
    return "quarantined"


def tell_stuck(work: Work, order: OrderInHand, refund: RefundInHand, problem: str) -> None:
    """Record that a refund waits for an operator."""
    tell(work, RefundStuck, order, refund.id, refund.amount_minor, problem)
