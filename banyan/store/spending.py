"""Spending: what people paid for goods and kept."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from banyan.kernel.work import Work


def spent_since(work: Work, buyer_ids: Sequence[UUID], since: datetime) -> dict[UUID, int]:
    """Return what each paid for goods in orders paid after `since`, net of refunds, in minor units.

    Freight is no goods, and money that came without being owed was not spent. Who has no such
    order is not there.
    """
    rows = work.driver.execute(
        """
        select o.buyer_id, sum(o.payable_minor - o.freight_minor - coalesce((
          select sum(r.amount_minor - r.freight_minor) from refunds r
          where r.workspace_id = o.workspace_id and r.order_id = o.id and r.state = 'done'
            and r.kind <> 'surplus'), 0))::bigint
        from orders o
        where o.workspace_id = %s and o.buyer_id = any(%b) and o.paid_at > %s
        group by o.buyer_id
        """,
        (work.workspace_id, list(buyer_ids), since),
    )
    return dict(rows.fetchall())
