"""Sales of campaigns over HTTP: what a phone shows, and what a merchant reads.

Placing an order through a quest is the edge's hot path (`banyan.app.quest_ordering`).
"""

import asyncio
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from banyan.campaigns.commission_report import CommissionReport, commission_report
from banyan.campaigns.order_places import PlaceAnswer, place_of
from banyan.campaigns.public_api import PARTICIPANT, VISITOR, find_link
from banyan.campaigns.sale_report import SalePage, sale_page
from banyan.campaigns.sale_views import SaleView, quest_quote, sale_view
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.people import Guest
from banyan.store import QuoteView, shop_views
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "campaigns.read"}


class ToBuy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many pieces, and how they reach the buyer."""

    quantity: Annotated[int, msgspec.Meta(ge=1, le=99)] = 1
    fulfilment: Literal["delivery", "collection"] = "delivery"


class ShopLink(msgspec.Struct, frozen=True):
    """A shop of the merchant's own, and where it opens."""

    name: str
    url: str


@get("/api/public/links/{code:str}/shops", opt=VISITOR)
async def read_shops(guest: NamedDependency[Guest], code: FromPath[str]) -> list[ShopLink]:
    """Return the open shops of the merchant whose link this is; none before the first opens."""
    link = await find_link(code)

    def read() -> list[ShopLink]:
        with guest.work(link.workspace_id) as work:
            found = [one for one in shop_views(work) if one.owner is None and one.state == "open"]
            return [ShopLink(one.name, one.url) for one in found]

    return await asyncio.to_thread(read)


@get("/api/public/links/{code:str}/sale", opt=VISITOR)
async def read_sale(guest: NamedDependency[Guest], code: FromPath[str]) -> SaleView:
    """Return what this link's campaign sells: the price now, who is in, what is left."""
    link = await find_link(code)

    def read() -> SaleView:
        with guest.work(link.workspace_id) as work:
            return sale_view(
                work, link.campaign_id, link.quest_id, guest.person_in(link.workspace_id)
            )

    return await asyncio.to_thread(read)


@post(
    "/api/public/quests/{quest_id:uuid}/quotes",
    opt=PARTICIPANT,
    status_code=200,
    sync_to_thread=True,
)
def quote_in_quest(
    guest: NamedDependency[Guest], quest_id: FromPath[UUID], data: JSONBody[ToBuy]
) -> QuoteView:
    """Return what an order through this quest would come to; nothing is reserved."""
    if guest.participant is None:
        raise Refused(NOT_SIGNED_IN)
    with guest.work(guest.participant.workspace_id) as work:
        return quest_quote(work, quest_id, data.quantity, data.fulfilment)


@get("/api/public/orders/{order_id:uuid}/place", opt=PARTICIPANT, sync_to_thread=True)
def read_place(guest: NamedDependency[Guest], order_id: FromPath[UUID]) -> PlaceAnswer:
    """Return in whose team one's own order sits now; none for what no campaign sold."""
    me = guest.participant
    if me is None:
        raise Refused(NOT_SIGNED_IN)
    with guest.work(me.workspace_id) as work:
        return PlaceAnswer(place=place_of(work, order_id, me.person_id))


@get("/api/admin/orders/{order_id:uuid}/place", opt=READ, sync_to_thread=True)
def read_place_of_order(caller: NamedDependency[Caller], order_id: FromPath[UUID]) -> PlaceAnswer:
    """Return in whose team an order sits now, and where it was moved from."""
    with caller.work() as work:
        return PlaceAnswer(place=place_of(work, order_id))


@get("/api/admin/campaigns/{campaign_id:uuid}/sale", opt=READ, sync_to_thread=True)
def read_sale_report(
    caller: NamedDependency[Caller],
    campaign_id: FromPath[UUID],
    cursor: FromQuery[UUID | None] = None,
) -> SalePage:
    """Return a campaign's teams, orders and revenue."""
    with caller.work() as work:
        return sale_page(work, campaign_id, cursor)


@get("/api/admin/campaigns/{campaign_id:uuid}/commissions", opt=READ, sync_to_thread=True)
def read_commissions(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID]
) -> CommissionReport:
    """Return what each level of a campaign's commission has earned."""
    with caller.work() as work:
        return commission_report(work, campaign_id)


routes = [
    *(read_shops, read_sale, quote_in_quest, read_place),
    *(read_place_of_order, read_sale_report, read_commissions),
]
