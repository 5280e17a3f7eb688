"""What of the orders waits for one of the merchant's people."""

from typing import NamedTuple

from banyan.kernel.work import Work


class OrdersWaiting(NamedTuple):
    """How many of each wait."""

    to_ship: int
    to_collect: int
    refunds: int
    disputes: int
    invoices: int
    cases: int


COUNTS = """
select
  (select count(*) from orders where workspace_id = %(workspace)s
     and state in ('paid', 'part_shipped') and fulfilment = 'delivery'),
  (select count(*) from orders where workspace_id = %(workspace)s
     and state = 'paid' and fulfilment = 'collection'),
  (select count(*) from refunds where workspace_id = %(workspace)s
     and (state in ('asked', 'failed') or state = 'unknown' and try_at is null)),
  (select count(*) from disputes where workspace_id = %(workspace)s and state = 'open'),
  (select count(*) from invoices where workspace_id = %(workspace)s and state = 'asked'),
  (select count(*) from money_cases where workspace_id = %(workspace)s and state = 'open')
"""


def orders_waiting(work: Work) -> OrdersWaiting:
    """Return how many orders, refunds, disputes, invoices and cases wait for a person."""
    row = work.driver.execute(COUNTS, {"workspace": work.workspace_id}).fetchone()
    return OrdersWaiting(*map(int, row or (0,) * 6))
