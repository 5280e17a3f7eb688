"""Which quests brought the buyer of an order, where friends count by what they buy.

The link of an order says only how it came; whose friend its buyer is, the support that counted
says, however much later and by whichever way they buy.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from banyan.campaigns.quests_in_hand import plan_of
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Attentive
from banyan.store import OrderStory

ATTENTIVE: Final = [key for key, play in PLAYS.items() if isinstance(play, Attentive)]

BROUGHT = """
select s.supporter_id, s.quest_id, s.campaign_id, q.version, s.supported_at
from campaigns c
join supports s on s.workspace_id = c.workspace_id and s.campaign_id = c.id
  and s.supporter_id = any(%b) and s.counted
join quests q on q.workspace_id = s.workspace_id and q.id = s.quest_id
where c.workspace_id = %s and c.play_key = any(%b) and c.state <> 'draft'
order by s.quest_id
"""


def quests_that_brought(work: Work, stories: Iterable[OrderStory]) -> dict[UUID, list[UUID]]:
    """Return, by order, the quests that counted its buyer before it was paid and follow orders.

    What was paid before its buyer came is no merit of whoever brought them.
    """
    paid = [story for story in stories if story.paid_at is not None]
    if not paid or not ATTENTIVE:
        return {}
    buyers = sorted({story.buyer_id for story in paid})
    rows = work.driver.execute(BROUGHT, (buyers, work.workspace_id, ATTENTIVE)).fetchall()
    found: dict[UUID, list[UUID]] = {}
    for buyer, quest, campaign, number, came_at in rows:
        plan = plan_of(work, campaign, number)
        if not plan.play.follows_orders(plan.version.settings):
            continue
        for story in paid:
            if story.buyer_id == buyer and story.paid_at is not None and story.paid_at > came_at:
                found.setdefault(story.order_id, []).append(quest)
    return found
