"""Chains of pay: how many people were really paid for one and the same order."""

from typing import NamedTuple
from uuid import UUID

from banyan.kernel.work import Work

__all__ = ["PaidOrder", "dearest_given", "paid_orders"]

MOST_ORDERS = 5_000
"""Far beyond the thirty people that the law counts to."""


class PaidOrder(NamedTuple):
    """An order and everybody who keeps commission on it."""

    order_id: UUID
    beneficiary_ids: tuple[UUID, ...]


PAID = """
select cause, array_agg(distinct beneficiary_id order by beneficiary_id)
from grants
where workspace_id = %s and campaign_id = %s and kind = 'cash'
  and state in ('pending', 'vested', 'paid')
group by cause having count(distinct beneficiary_id) > 1
order by cause limit %s
"""


def paid_orders(work: Work, campaign_id: UUID) -> list[PaidOrder]:
    """Return the orders a campaign paid commission on and on which more than one was paid.

    What was taken back is not counted.
    """
    rows = work.driver.execute(PAID, (work.workspace_id, campaign_id, MOST_ORDERS))
    return [PaidOrder(order, tuple(people)) for order, people in rows]


DEAREST = """
select coalesce(max(value_minor), 0) from grants where workspace_id = %s and campaign_id = %s
"""


def dearest_given(work: Work, campaign_id: UUID) -> int:
    """Return, in minor units, the most that one giving of a campaign was worth; 0 for none."""
    row = work.driver.execute(DEAREST, (work.workspace_id, campaign_id)).fetchone()
    return int(row[0]) if row else 0
