"""Spending: what people paid for goods and kept."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from banyan.kernel.work import Work


def spent_since(
    work: Work, buyer_ids: Sequence[UUID], since: datetime, until: datetime | None = None
) -> dict[UUID, int]:
    """Return what each paid for goods in orders paid after `since`, net of refunds, in minor units.

    `until` leaves out the orders that were paid after it, and no refund.

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
          and o.paid_at <= coalesce(%s::timestamptz, 'infinity')
        group by o.buyer_id
        """,
        (work.workspace_id, list(buyer_ids), since, until),
    )
    return dict(rows.fetchall())


def paid_between(
    work: Work, buyer_ids: Sequence[UUID], since: datetime, until: datetime
) -> dict[UUID, int]:
    """Return what each paid for goods after `since` and up to `until`, refunded or not."""
    rows = work.driver.execute(
        "select buyer_id, sum(payable_minor - freight_minor)::bigint from orders"
        " where workspace_id = %s and buyer_id = any(%b) and paid_at > %s and paid_at <= %s"
        " group by buyer_id",
        (work.workspace_id, list(buyer_ids), since, until),
    )
    return dict(rows.fetchall())
