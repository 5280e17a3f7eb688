"""What a participant's page shows of a sale: the product, the price now, who is in, what is left.

Members are real buyers by their masked names, nobody else; what is left is what there is.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from banyan import people, store
from banyan.campaigns import quotas, refusals, versions
from banyan.campaigns.models import Campaign, Quest
from banyan.campaigns.order_places import PlaceView, place_of
from banyan.campaigns.orders import not_taken, price_voucher, sku_of
from banyan.campaigns.quest_pages import kept_standing, progress_of
from banyan.campaigns.quests_in_hand import ProgressUnreadable
from banyan.campaigns.views import Twin
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Selling, Standing, selling_of
from banyan.store import Item, OfferedSku, Picture, QuoteView

MOST_TEAMS = 5
"""Other open teams that a page names."""


class GoodView(msgspec.Struct, frozen=True, kw_only=True):
    """What is sold."""

    sku_id: UUID
    product_id: UUID
    shop_slug: str
    name: Twin
    attributes: dict[str, Any]
    list_price_minor: int
    """What it costs without the campaign, now."""
    reference_minor: int | None
    """What may be crossed out by law; None: nothing."""
    currency: str
    picture: Picture | None


class SeatView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is in: they have paid, or hold a seat while they do."""

    name_masked: str
    is_paid: bool
    is_owner: bool
    is_me: bool
    quantity: int


class TeamView(msgspec.Struct, frozen=True, kw_only=True):
    """Another open team of the same campaign that has a seat."""

    share_code: str
    owner_masked: str
    have: int
    need: int
    ends_at: datetime | None


class MyOrderView(msgspec.Struct, frozen=True, kw_only=True):
    """My order in this campaign that is not over, in this quest or another one."""

    order_id: UUID
    quest_id: UUID
    state: str
    payable_minor: int
    expires_at: datetime
    may_move: bool
    """Whether I agreed to another quest, should my payment come too late."""
    place: PlaceView
    """Where it sits now, and what became of a late payment."""


class SaleView(msgspec.Struct, frozen=True, kw_only=True):
    """A sale as the page of one link shows it."""

    good: GoodView
    price_minor: int | None
    """What one piece costs who buys now through this quest; None: nobody can."""
    left: int
    """How many pieces can still be bought."""
    of: int | None
    """Out of how many in all; None where there is no such limit."""
    stage: str
    """Where the quest stands in the play's own words: forming, full, settled …"""
    settled_price_minor: int | None
    seats: list[SeatView]
    cuts: list[int]
    """What each friend took off, in turn, in minor units."""
    teams: list[TeamView]
    my_order: MyOrderView | None


class _Found(msgspec.Struct, frozen=True):
    """A quest with what its play says of it; without a quest, what the settings say."""

    quest: Quest | None
    progress: Any
    standing: Standing
    selling: Selling


def sale_view(
    work: Work, campaign_id: UUID, quest_id: UUID | None, person_id: UUID | None
) -> SaleView:
    """Return the sale of a campaign as a quest's link shows it. Raises `quest_sells_nothing`."""
    campaign = work.session.get(Campaign, (work.workspace_id, campaign_id))
    if campaign is None:
        raise Refused(refusals.UNKNOWN_LINK)
    version = versions.current(work, campaign)
    found = _find(work, campaign, version, quest_id, or_kept=True)
    good = _good(version.definition, found.selling.good)
    sku_id = UUID(good["sku_id"]) if good and good["sku_id"] else None
    sku = store.offered(work, [sku_id]).get(sku_id) if sku_id else None
    if good is None or sku is None:
        raise Refused(refusals.SELLS_NOTHING)
    quota_left = quotas.left_of(work, campaign.id) if found.selling.quantity else None
    left = sku.available if quota_left is None else min(sku.available, quota_left)
    return SaleView(
        good=_good_view(good, sku),
        price_minor=found.standing.price_minor if sku.is_for_sale else None,
        left=left,
        of=found.selling.quantity,
        stage=str(getattr(found.progress, "state", found.standing.state)),
        settled_price_minor=getattr(found.progress, "price_minor", None),
        seats=_seats(work, found.quest, person_id) if found.quest else [],
        cuts=list(getattr(found.progress, "cuts", ())),
        teams=_teams(work, campaign.id, found, person_id) if found.selling.waits else [],
        my_order=_my_order(work, campaign.id, person_id) if person_id else None,
    )


def _find(
    work: Work, campaign: Campaign, version: Any, quest_id: UUID | None, *, or_kept: bool = False
) -> _Found:
    """Return a quest and its sale; of one that cannot be read raise, or return what is kept."""
    quest = work.session.get(Quest, (work.workspace_id, quest_id)) if quest_id else None
    if quest is not None and quest.campaign_id == campaign.id:
        version = versions.version_of(work, campaign.id, quest.version)
    else:
        quest = None
    play = PLAYS[version.definition["play"]["key"]]
    selling = selling_of(play, version.settings)
    if selling is None:
        raise Refused(refusals.SELLS_NOTHING)
    try:
        progress: Any = progress_of(quest, play) if quest else play.Progress()
    except ProgressUnreadable:
        if quest is None or not or_kept:
            raise
        # Who is in and what they paid is shown; nobody can buy.
        return _Found(quest, None, kept_standing(quest), selling)
    return _Found(quest, progress, play.standing(version.settings, progress), selling)


def _good(definition: dict[str, Any], key: str) -> dict[str, Any] | None:
    return next((good for good in definition.get("goods", ()) if good["key"] == key), None)


def _good_view(good: dict[str, Any], sku: OfferedSku) -> GoodView:
    return GoodView(
        sku_id=sku.sku_id,
        product_id=sku.product_id,
        shop_slug=sku.shop_slug,
        name=Twin(**good["name"]),
        attributes=sku.attributes,
        list_price_minor=sku.price_minor,
        reference_minor=sku.reference_minor,
        currency=sku.currency,
        picture=sku.picture,
    )


SEATS = """
select person_id, state, quantity from quest_orders
where workspace_id = %s and quest_id = %s and state in ('reserved', 'paid', 'confirmed')
order by reserved_at, order_id
"""


def _seats(work: Work, quest: Quest, person_id: UUID | None) -> list[SeatView]:
    rows = work.driver.execute(SEATS, (work.workspace_id, quest.id)).fetchall()
    names = people.names_masked(work, {row[0] for row in rows})
    return [
        SeatView(
            name_masked=names[person],
            is_paid=state != "reserved",
            is_owner=person == quest.owner_id,
            is_me=person == person_id,
            quantity=quantity,
        )
        for person, state, quantity in rows
    ]


# Teams in which somebody has paid, nearest to their goal first; a full one has no seat to offer.
TEAMS = """
select q.share_code, q.owner_id, q.have, q.need, q.ends_at from quests q
where q.workspace_id = %(workspace)s and q.campaign_id = %(campaign)s and q.state = 'open'
  and q.have > 0 and q.need is not null and q.ends_at > %(now)s
  and q.id is distinct from %(quest)s and q.owner_id is distinct from %(person)s
  and (select count(*) from quest_seats s
       where s.workspace_id = q.workspace_id and s.quest_id = q.id) < q.need
order by q.need - q.have, q.ends_at, q.id limit %(most)s
"""


def _teams(work: Work, campaign_id: UUID, found: _Found, person_id: UUID | None) -> list[TeamView]:
    named = {
        "workspace": work.workspace_id,
        "campaign": campaign_id,
        "now": work.now,
        "quest": found.quest.id if found.quest else None,
        "person": person_id,
        "most": MOST_TEAMS,
    }
    rows = work.driver.execute(TEAMS, named).fetchall()
    names = people.names_masked(work, {row[1] for row in rows})
    return [
        TeamView(share_code=code, owner_masked=names[owner], have=have, need=need, ends_at=ends_at)
        for code, owner, have, need, ends_at in rows
    ]


MY_ORDER = """
select q.order_id, q.quest_id, q.state, o.payable_minor, o.expires_at, q.may_move
from quest_orders q
join orders o on o.workspace_id = q.workspace_id and o.id = q.order_id
where q.workspace_id = %s and q.campaign_id = %s and q.person_id = %s
  and q.state in ('reserved', 'paid', 'confirmed')
order by q.reserved_at desc, q.order_id desc limit 1
"""


def _my_order(work: Work, campaign_id: UUID, person_id: UUID) -> MyOrderView | None:
    row = work.driver.execute(MY_ORDER, (work.workspace_id, campaign_id, person_id)).fetchone()
    place = place_of(work, row[0]) if row else None
    if row is None or place is None:
        return None
    return MyOrderView(
        order_id=row[0],
        quest_id=row[1],
        state=row[2],
        payable_minor=row[3],
        expires_at=row[4],
        may_move=row[5],
        place=place,
    )


def quest_quote(work: Work, quest_id: UUID, quantity: int, fulfilment: str) -> QuoteView:
    """Return what an order through a quest would come to now.

    Raises `quest_not_found`, `quest_sells_nothing`, `progress_unreadable`, or `seat_…` when nobody can buy.
    """
    quest = work.session.get(Quest, (work.workspace_id, quest_id))
    if quest is None:
        raise Refused(refusals.NO_SUCH_QUEST)
    definition = versions.version_of(work, quest.campaign_id, quest.version).definition
    campaign = work.session.get(Campaign, (work.workspace_id, quest.campaign_id))
    if campaign is None:
        raise Refused(refusals.NO_SUCH_QUEST)
    found = _find(work, campaign, versions.current(work, campaign), quest_id)
    sku_id = sku_of(definition, found.selling.good)
    if sku_id is None:
        raise Refused(refusals.SELLS_NOTHING)
    price_minor = found.standing.price_minor
    if price_minor is None:
        reason = "quest_over" if found.standing.state != "open" else "quest_full"
        raise not_taken(reason)
    voucher = price_voucher(definition["play"]["key"], quest_id, price_minor)
    return store.quote(work, [Item(sku_id, quantity)], fulfilment, [voucher])
