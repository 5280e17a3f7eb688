"""What plays want done with orders: confirmed, sent back, closed unpaid; in the facts' transaction.

The store holds, refunds and closes; here stands how far a quest has come with each order.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from banyan import store
from banyan.kernel.work import Work

SET = """
update quest_orders q set state = s.state
from unnest(%b::uuid[], %b::text[]) as s (order_id, state)
where q.workspace_id = %s and q.order_id = s.order_id
  and q.state not in ('released', 'refunded')
"""

DECIDED: Final = "quest decided"
"""Why an order was closed that nobody can pay for any more."""

UNPAID = """
select order_id from quest_orders
where workspace_id = %s and quest_id = any(%b) and state = 'reserved' order by order_id
"""


class SendBack(NamedTuple):
    """Money of an order that goes back by a rule; None: all of it."""

    order_id: UUID
    rule: str
    amount_minor: int | None


def set_states(work: Work, states: dict[UUID, str]) -> None:
    """Write how far quests have come with these orders; one that is over stays as it ended."""
    if states:
        work.driver.execute(SET, (list(states), list(states.values()), work.workspace_id))


def confirm(work: Work, order_ids: Sequence[UUID]) -> None:
    """Let these orders be delivered."""
    if order_ids:
        store.release_orders(work, order_ids)
        set_states(work, dict.fromkeys(order_ids, "confirmed"))


def send_back(work: Work, asked: Sequence[SendBack]) -> None:
    """Ask the store for each refund; asking for the same one again changes nothing."""
    for each in sorted(asked):
        store.send_back(work, each.order_id, each.rule, each.amount_minor)
    set_states(work, {each.order_id: "returning" for each in asked if each.amount_minor is None})


def close_unpaid(work: Work, quest_ids: Iterable[UUID]) -> None:
    """Close what nobody can pay for any more: the orders of quests that are decided.

    A payment that is under way comes back by itself. The quests are told with the other steps.
    """
    rows = work.driver.execute(UNPAID, (work.workspace_id, sorted(quest_ids))).fetchall()
    if rows:
        store.close_unpaid(work, [row[0] for row in rows], DECIDED)
