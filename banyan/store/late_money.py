"""Late money: what comes for a campaign's order after it was closed waits for the campaign's word.

Either the order is taken up again with that money, its goods reserved anew, or the money goes back.
A payment gets one of the two, once: whichever comes first moves its refund out of `asked`.
"""

from collections.abc import Iterable
from uuid import UUID

from banyan.kernel.work import Work
from banyan.ledger import Book
from banyan.store.books import Capture, capture_transfers
from banyan.store.captures import Sale, mark_paid
from banyan.store.orders import lines_of, lock_orders
from banyan.store.refunding import approve_refund
from banyan.store.states import CLOSED
from banyan.store.stock import reserve_again, stock_accounts

WAITING = """
select r.id, r.amount_minor, p.provider from refunds r
join payments p on p.workspace_id = r.workspace_id and p.id = r.payment_id
where r.workspace_id = %s and r.order_id = %s and r.payment_id = %s
  and r.kind = 'surplus' and r.state = 'asked' and p.state = 'surplus'
for no key update
"""

ASKED = """
select id from refunds
where workspace_id = %s and order_id = any(%b) and kind = 'surplus' and state = 'asked' order by id
"""

NOT_BACK = """
update refunds set state = 'rejected', decided_by = %s, decided_at = %s, decision = %s
where workspace_id = %s and id = %s
"""


def take_up_again(work: Work, order_id: UUID, payment_id: UUID, words: str) -> bool:
    """Make a closed order a paid one with the late money of `payment_id`, in full.

    Its goods are reserved and sold anew, at the price they were ordered for. False, and nothing has
    changed, when too few are left, the money is not all that was owed, or it waits no more.
    """
    order = lock_orders(work, [order_id]).get(order_id)
    if order is None or order.state != CLOSED:
        return False
    named = (work.workspace_id, order_id, payment_id)
    row = work.driver.execute(WAITING, named).fetchone()
    if row is None or row[1] != order.payable_minor:
        return False
    refund_id, _, provider = row
    lines = lines_of(work, [order_id])[order_id]
    goods = [
        reserve_again(stock_accounts(work.workspace_id, line.sku_id), line.id, line.quantity)
        for line in lines
    ]
    book = Book(work, {each for t in goods for each in (t.debit, t.credit)})
    if any(book.ask(transfer) == "insufficient" for transfer in goods):
        return False
    book.close()
    work.driver.execute(NOT_BACK, (str(work.actor), work.now, words, work.workspace_id, refund_id))
    work.driver.execute(
        "update payments set state = 'captured' where workspace_id = %s and id = %s",
        (work.workspace_id, payment_id),
    )
    money = capture_transfers(work, [Capture(order, lines, payment_id, provider, is_late=True)])
    mark_paid(work, [Sale(order, lines, words)], money)
    return True


def send_late_back(work: Work, order_ids: Iterable[UUID], words: str) -> int:
    """Send back all money of these orders that still waits; return how many payments."""
    held = lock_orders(work, order_ids)
    rows = work.driver.execute(ASKED, (work.workspace_id, sorted(held))).fetchall()
    for (refund_id,) in rows:
        approve_refund(work, refund_id, words)
    return len(rows)
