"""What a campaign has brought in: each payment and each refund of its orders, told once."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from banyan.campaigns.events import Sold
from banyan.kernel.events import record
from banyan.kernel.work import Work

COUNTED = """
select q.campaign_id, f.order_id, f.cause_id, f.quest_id, f.step from quest_order_facts f
join quests q on q.workspace_id = f.workspace_id and q.id = f.quest_id
where f.workspace_id = %s and f.order_id = any(%b) and f.step in ('paid', 'refunded')
"""


class Brought(NamedTuple):
    """Money that came (or, below zero, went back) for the goods of an order, told to a quest."""

    campaign_id: UUID
    quest_id: UUID
    order_id: UUID
    step: str
    cause_id: UUID
    minor: int


def tell_output(work: Work, brought: Iterable[Brought]) -> None:
    """Record what is fresh. Its facts are written already, and its quests are locked.

    An order may be told to several quests of a campaign (the seller's, and whoever brought the
    seller): the first of them has counted it for the campaign.
    """
    fresh = {each[1:5]: each for each in brought if each.minor}
    if not fresh:
        return
    orders = sorted({each.order_id for each in fresh.values()})
    rows = work.driver.execute(COUNTED, (work.workspace_id, orders))
    counted = {
        (campaign, order, step, cause)
        for campaign, order, cause, quest, step in rows
        if (quest, order, step, cause) not in fresh
    }
    told: list[Sold] = []
    for each in fresh.values():
        name = (each.campaign_id, each.order_id, each.step, each.cause_id)
        if name not in counted:
            counted.add(name)
            told.append(
                Sold(
                    campaign_id=each.campaign_id,
                    quest_id=each.quest_id,
                    order_id=each.order_id,
                    output_minor=each.minor,
                )
            )
    record(work, told)
