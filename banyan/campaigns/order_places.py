"""Where an order of a campaign sits, and what became of a payment that came too late for its team."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from banyan import people
from banyan.kernel.work import Work


class PlaceView(msgspec.Struct, frozen=True, kw_only=True):
    """The quest an order is in now, as its buyer and the merchant read it."""

    order_id: UUID
    campaign_id: UUID
    quest_id: UUID
    state: str
    share_code: str | None
    owner_masked: str
    may_move: bool
    """Whether its buyer agreed to another quest, should the payment come too late."""
    late: str | None
    """What became of a late payment: `moved`, `kept` (the own quest had a seat) or `sent_back`."""
    from_share_code: str | None
    from_owner_masked: str | None
    """The quest it was moved from."""
    moved_at: datetime | None


class PlaceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order sits; `place` is None for one that no campaign sold."""

    place: PlaceView | None


PLACES = """
select o.order_id, o.campaign_id, o.quest_id, o.state, q.share_code, q.owner_id, o.may_move,
       case when m.to_quest_id = m.from_quest_id then 'kept'
            when m.order_id is not null then 'moved'
            when exists (select from quest_order_facts f where f.workspace_id = o.workspace_id
                   and f.order_id = o.order_id and f.step = 'late')
              or exists (select from refunds r where r.workspace_id = o.workspace_id
                   and r.order_id = o.order_id and r.reason = 'campaign:no_seat')
            then 'sent_back' end,
       f.share_code, f.owner_id, m.moved_at
from quest_orders o
join quests q on q.workspace_id = o.workspace_id and q.id = o.quest_id
left join quest_moves m on m.workspace_id = o.workspace_id and m.order_id = o.order_id
left join quests f on f.workspace_id = m.workspace_id and f.id = m.from_quest_id
"""

ONE = f"""
{PLACES} where o.workspace_id = %s and o.order_id = %s
  and (%s::uuid is null or o.person_id = %s)
"""

MINE = f"""
{PLACES} where o.workspace_id = %s and o.campaign_id = %s and o.person_id = %s
order by o.reserved_at desc, o.order_id limit 50
"""


def place_of(work: Work, order_id: UUID, person_id: UUID | None = None) -> PlaceView | None:
    """Return where an order sits; None when no campaign sold it, or not to `person_id`."""
    rows = work.driver.execute(ONE, (work.workspace_id, order_id, person_id, person_id)).fetchall()
    return next(iter(_views(work, rows)), None)


def late_places(work: Work, campaign_id: UUID, person_id: UUID) -> list[PlaceView]:
    """Return a person's orders in a campaign whose payment came too late, the newest first."""
    rows = work.driver.execute(MINE, (work.workspace_id, campaign_id, person_id)).fetchall()
    return [view for view in _views(work, rows) if view.late is not None]


def _views(work: Work, rows: list[tuple[Any, ...]]) -> list[PlaceView]:
    owners = {person for row in rows for person in (row[5], row[9]) if person is not None}
    names = people.names_masked(work, owners)
    return [
        PlaceView(
            order_id=row[0],
            campaign_id=row[1],
            quest_id=row[2],
            state=row[3],
            share_code=row[4],
            owner_masked=names[row[5]],
            may_move=row[6],
            late=row[7],
            from_share_code=row[8],
            from_owner_masked=names[row[9]] if row[9] else None,
            moved_at=row[10],
        )
        for row in rows
    ]
