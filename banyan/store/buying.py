"""Buying: who paid for orders and kept something of them, and how often."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from banyan.kernel.work import Work

KEPT: Final = """
select o.buyer_id, count(*) from orders o
where o.workspace_id = %(workspace)s and o.paid_at is not null
  and o.payable_minor - o.freight_minor > coalesce((
    select sum(r.amount_minor - r.freight_minor) from refunds r
    where r.workspace_id = o.workspace_id and r.order_id = o.id and r.state = 'done'
      and r.kind <> 'surplus'), 0)
group by o.buyer_id
having count(*) >= %(least)s or o.buyer_id = any(%(also)b::uuid[])
"""
NOBODY: Final = 2**31 - 1


def orders_kept(work: Work, at_least: int | None, also: Iterable[UUID] = ()) -> dict[UUID, int]:
    """Return how many paid orders, not wholly refunded, each buyer with `at_least` so many has.

    None: nobody by their number. Those of `also` that bought anything are there with theirs.
    """
    asked = {
        "workspace": work.workspace_id,
        "least": NOBODY if at_least is None else at_least,
        "also": sorted(set(also)),
    }
    return dict(work.driver.execute(KEPT, asked).fetchall())
