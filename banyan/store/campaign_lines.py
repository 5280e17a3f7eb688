"""Lines of orders as a campaign counts them: what was paid for each, and what went back of each.

A discount or coupon of the whole order is spread over its lines when it is placed, and a refund
names its lines, so the lines of an order always come to what was paid for its goods, and those of a
refund to what went back for goods.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.work import Work


class PaidLine(NamedTuple):
    """A line of an order. `amount_minor` is what was to be paid for it, less its discounts."""

    line_id: UUID
    product_id: UUID
    category_id: UUID | None
    amount_minor: int


class LineBack(NamedTuple):
    """What a refund sent back of a line."""

    line_id: UUID
    amount_minor: int


class OrderLines(NamedTuple):
    """The lines of an order, and by refund that is done what it sent back of which line."""

    paid: list[PaidLine]
    back: dict[UUID, list[LineBack]]


PAID = """
select order_id, id, product_id, category_id, payable_minor from order_lines
where workspace_id = %s and order_id = any(%b) order by order_id, nth
"""

BACK = """
select r.order_id, r.id, b.line_id, b.amount_minor from refunds r
join refund_lines b on b.workspace_id = r.workspace_id and b.refund_id = r.id
join order_lines l on l.workspace_id = b.workspace_id and l.id = b.line_id
where r.workspace_id = %s and r.order_id = any(%b) and r.state = 'done' and r.kind <> 'surplus'
  and b.amount_minor > 0
order by r.order_id, r.id, l.nth
"""


def lines_of_orders(work: Work, order_ids: Iterable[UUID]) -> dict[UUID, OrderLines]:
    """Return the lines of each order that exists, each order's in their own order."""
    wanted = sorted(set(order_ids))
    found: dict[UUID, OrderLines] = {}
    for order, *line in work.driver.execute(PAID, (work.workspace_id, wanted)):
        found.setdefault(order, OrderLines([], {})).paid.append(PaidLine(*line))
    for order, refund, *back in work.driver.execute(BACK, (work.workspace_id, wanted)):
        found[order].back.setdefault(refund, []).append(LineBack(*back))
    return found


def orders_of_lines(work: Work, line_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the order of each of these that is a line of one."""
    rows = work.driver.execute(
        "select id, order_id from order_lines where workspace_id = %s and id = any(%b)",
        (work.workspace_id, sorted(set(line_ids))),
    )
    return dict(rows.fetchall())
