"""Chains of pay: how many people were really paid for one and the same sale."""

from typing import NamedTuple
from uuid import UUID

from banyan.kernel.work import Work

__all__ = ["PaidChain", "dearest_given", "paid_chains"]

MOST_CHAINS = 5_000
"""Far beyond the thirty people that the law counts to."""


class PaidChain(NamedTuple):
    """A line of an order, or an order told without lines, and everybody who keeps commission on it."""

    cause: UUID
    beneficiary_ids: tuple[UUID, ...]


PAID = """
select cause, array_agg(distinct beneficiary_id order by beneficiary_id)
from grants
where workspace_id = %s and campaign_id = %s and kind = 'cash'
  and state in ('pending', 'vested', 'paid')
group by cause having count(distinct beneficiary_id) > 1
order by cause limit %s
"""


def paid_chains(work: Work, campaign_id: UUID) -> list[PaidChain]:
    """Return what a campaign paid commission on and on which more than one was paid.

    What was taken back is not counted.
    """
    rows = work.driver.execute(PAID, (work.workspace_id, campaign_id, MOST_CHAINS))
    return [PaidChain(cause, tuple(people)) for cause, people in rows]


DEAREST = """
select coalesce(max(value_minor), 0) from grants where workspace_id = %s and campaign_id = %s
"""


def dearest_given(work: Work, campaign_id: UUID) -> int:
    """Return, in minor units, the most that one giving of a campaign was worth; 0 for none."""
    row = work.driver.execute(DEAREST, (work.workspace_id, campaign_id)).fetchone()
    return int(row[0]) if row else 0
