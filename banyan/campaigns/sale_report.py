"""What a merchant reads of a campaign that sells: its teams, its orders and what they brought."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from banyan import people
from banyan.campaigns import quotas, refusals, versions
from banyan.campaigns.models import Campaign
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.plays import PLAYS, selling_of

MOST_ROWS = 50


class SaleNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """A sale in numbers; money in minor units, without freight."""

    open: int
    """Quests (teams, bargains, buyers) that are not decided."""
    won: int
    lost: int
    orders: int
    """Orders that are paid and not wholly returned."""
    waiting: int
    """Orders that hold a seat and are not paid yet."""
    returning: int
    """Orders whose money is on its way back."""
    pieces: int
    revenue_minor: int
    """What was paid for goods, less what has gone back or is on its way."""
    refunded_minor: int
    moved: int
    """Orders that came too late for their team and were put into another, or back into their own."""
    left: int | None
    of: int | None


class TeamRow(msgspec.Struct, frozen=True, kw_only=True):
    """One team, bargain or buyer's part."""

    quest_id: UUID
    owner_masked: str
    stage: str
    state: str
    have: int
    need: int | None
    orders: int
    moved_in: int
    """Those of them that were moved here."""
    revenue_minor: int
    started_at: datetime
    ends_at: datetime | None


class SalePage(msgspec.Struct, frozen=True, kw_only=True):
    """A sale as its merchant sees it."""

    play: str
    numbers: SaleNumbers
    items: list[TeamRow]
    next: str | None


QUESTS = """
select count(*) filter (where state = 'open'), count(*) filter (where state = 'won'),
       count(*) filter (where state = 'lost')
from quests where workspace_id = %s and campaign_id = %s
"""

ORDERS = """
select count(*) filter (where q.state in ('paid', 'confirmed')),
       count(*) filter (where q.state = 'reserved'),
       count(*) filter (where q.state = 'returning'),
       coalesce(sum(q.quantity) filter (where q.state in ('paid', 'confirmed')), 0),
       coalesce(sum(o.payable_minor - o.freight_minor) filter (where o.paid_at is not null), 0),
       coalesce(sum(r.minor), 0), count(m.order_id)
from quest_orders q
left join quest_moves m on m.workspace_id = q.workspace_id and m.order_id = q.order_id
join orders o on o.workspace_id = q.workspace_id and o.id = q.order_id
left join lateral (
  select sum(amount_minor - freight_minor) as minor from refunds
  where workspace_id = q.workspace_id and order_id = q.order_id and kind <> 'surplus'
    and state not in ('asked', 'rejected')) r on true
where q.workspace_id = %s and q.campaign_id = %s
"""

TEAMS = """
select q.id, q.owner_id, q.state, q.have, q.need, q.started_at, q.ends_at, q.progress::text,
       s.orders, s.moved, s.minor
from quests q
cross join lateral (
  select count(*) as orders, coalesce(sum(o.payable_minor - o.freight_minor), 0) as minor,
         count(m.order_id) as moved
  from quest_orders e join orders o on o.workspace_id = e.workspace_id and o.id = e.order_id
  left join quest_moves m on m.workspace_id = e.workspace_id and m.order_id = e.order_id
  where e.workspace_id = q.workspace_id and e.quest_id = q.id
    and e.state in ('paid', 'confirmed')) s
where q.workspace_id = %(workspace)s and q.campaign_id = %(campaign)s
  and (%(cursor)s::uuid is null or q.id < %(cursor)s)
order by q.id desc limit %(most)s
"""


def sale_page(work: Work, campaign_id: UUID, cursor: UUID | None = None) -> SalePage:
    """Return a campaign's sale, the newest quests first.

    Raises `campaign_not_found` or `quest_sells_nothing`.
    """
    campaign = work.session.get(Campaign, (work.workspace_id, campaign_id))
    if campaign is None:
        raise Refused(refusals.NO_SUCH_CAMPAIGN)
    version = versions.current(work, campaign)
    selling = selling_of(PLAYS[campaign.play_key], version.settings)
    if selling is None:
        raise Refused(refusals.SELLS_NOTHING)
    rows = _team_rows(work, campaign, cursor)
    return SalePage(
        play=campaign.play_key,
        numbers=_numbers(work, campaign_id, selling.quantity),
        items=rows,
        next=str(rows[-1].quest_id) if len(rows) == MOST_ROWS else None,
    )


def _numbers(work: Work, campaign_id: UUID, of: int | None) -> SaleNumbers:
    named = (work.workspace_id, campaign_id)
    quests = work.driver.execute(QUESTS, named).fetchone() or (0, 0, 0)
    orders = work.driver.execute(ORDERS, named).fetchone() or (0,) * 7
    paid, waiting, returning, pieces, brought, back, moved = map(int, orders)
    return SaleNumbers(
        open=quests[0],
        won=quests[1],
        lost=quests[2],
        orders=paid,
        waiting=waiting,
        returning=returning,
        pieces=pieces,
        revenue_minor=brought - back,
        refunded_minor=back,
        moved=moved,
        left=quotas.left_of(work, campaign_id) if of else None,
        of=of,
    )


def _team_rows(work: Work, campaign: Campaign, cursor: UUID | None) -> list[TeamRow]:
    named = {
        "workspace": work.workspace_id,
        "campaign": campaign.id,
        "cursor": cursor,
        "most": MOST_ROWS,
    }
    rows = work.driver.execute(TEAMS, named).fetchall()
    names = people.names_masked(work, {row[1] for row in rows})
    decode = msgspec.json.Decoder(PLAYS[campaign.play_key].Progress).decode
    found: list[TeamRow] = []
    for quest, owner, state, have, need, started, ends, progress, orders, moved, minor in rows:
        try:
            remembered: Any = decode(progress)
        except msgspec.MsgspecError:
            # Its row is shown all the same: the money it holds is the merchant's to see.
            remembered = None
        found.append(
            TeamRow(
                quest_id=quest,
                owner_masked=names[owner],
                stage=str(getattr(remembered, "state", state)),
                state=state,
                have=have,
                need=need,
                orders=orders,
                moved_in=moved,
                revenue_minor=int(minor),
                started_at=started,
                ends_at=ends,
            )
        )
    return found
