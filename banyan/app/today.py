"""The merchant's first page and the list of campaigns: campaigns joined with their numbers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from banyan import analytics, campaigns, links, rewards, store
from banyan.campaigns import AskedEdit, CampaignRow, CountedLink, Page, Twin
from banyan.campaigns.admin_api import shown_link
from banyan.kernel.work import Work
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "campaigns.read"}
MOST_ROWS = 50
MOST_TODAY = 20
CREDITED_WITHIN = timedelta(minutes=5)
"""After how long a share of a packet that has not brought its money is somebody's business."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits for a person."""

    kind: str
    title: Twin
    campaign_id: UUID | None = None
    path: str | None = None
    """The console's page where it is done, if that is not the campaign's."""
    count: int = 1


class Totals(msgspec.Struct, frozen=True):
    """The sum over the campaigns that were shown."""

    participants: int
    new_people: int
    granted: int


class Today(msgspec.Struct, frozen=True):
    """What a merchant should see first."""

    campaigns: list[CampaignRow]
    waiting: list[Waiting]
    totals: Totals


@get("/api/admin/campaigns", opt=READ, sync_to_thread=True)
def list_campaigns(
    caller: NamedDependency[Caller],
    campaign_state: Annotated[str | None, QueryParameter(name="state")] = None,
    q: FromQuery[str] = "",
    cursor: FromQuery[UUID | None] = None,
) -> Page:
    """Return campaigns, newest first, with their K and what they have spent."""
    with caller.work() as work:
        rows = campaigns.campaign_rows(
            work, state=campaign_state, text=q, after=cursor, most=MOST_ROWS
        )
        rows = with_money(work, rows)
        total = campaigns.count_campaigns(work, state=campaign_state, text=q)
    following = str(rows[-1].id) if len(rows) == MOST_ROWS else None
    return Page(items=with_growth(caller.workspace_id, rows), next=following, total=total)


@get("/api/admin/campaigns/{campaign_id:uuid}/links", opt=READ, sync_to_thread=True)
def list_links(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> Page:
    """Return the merchant's own links of a campaign with how often each was opened."""
    with caller.work() as work:
        campaigns.must_exist(work, campaign_id)
        made = links.links_of_campaign(work, campaign_id)
    clicks = analytics.clicks_of(caller.workspace_id, [link.id for link in made])
    shown = [
        CountedLink(**msgspec.structs.asdict(shown_link(link)), clicks=clicks.get(link.id, 0))
        for link in made
    ]
    return Page(items=shown, next=None, total=len(shown))


@get("/api/admin/today", opt=READ, sync_to_thread=True)
def today(caller: NamedDependency[Caller]) -> Today:
    """Return what runs, what waits for somebody, and how much came of it."""
    with caller.work() as work:
        rows = with_money(work, campaigns.campaign_rows(work, most=MOST_TODAY))
        waiting = [item for row in rows for item in _waiting(work, row)]
        if "campaigns.publish" in caller.permissions:
            waiting += edits_waiting(campaigns.edits_asked_for(work))
        waiting += credits_waiting(rewards.uncredited(work, work.now - CREDITED_WITHIN))
        if "orders.read" in caller.permissions:
            waiting += orders_waiting(store.orders_waiting(work))
        granted = rewards.count_grants(work, [row.id for row in rows])
    return Today(
        campaigns=with_growth(caller.workspace_id, rows),
        waiting=waiting,
        totals=Totals(
            participants=sum(row.participants for row in rows),
            new_people=sum(row.new_people for row in rows),
            granted=granted,
        ),
    )


def edits_waiting(asked: Mapping[UUID, AskedEdit]) -> list[Waiting]:
    """Return the edits that others ask this member to review, as the first page says it."""
    zh, en = "{by}请您复核一处改动", "{by} asks you to review an edit"
    return [
        Waiting(
            kind="review",
            title=Twin(zh.format(by=edit.by), en.format(by=edit.by)),
            path=f"/campaigns/{campaign_id}/change",
        )
        for campaign_id, edit in sorted(asked.items())
        if not edit.is_mine
    ]


def credits_waiting(late: Mapping[UUID, int]) -> list[Waiting]:
    """Return the packets whose shares bring no money, as the first page says it."""
    zh, en = (
        "{n} 份红包还没到账，系统会一直重试",
        "{n} shares of a red packet are not credited yet; it keeps trying",
    )
    return [
        Waiting(
            kind="credits",
            title=Twin(zh.format(n=n), en.format(n=n)),
            campaign_id=campaign_id,
            count=n,
        )
        for campaign_id, n in sorted(late.items())
    ]


ORDERS_WAITING = (
    ("to_ship", "/orders?state=paid", "{n} 单等着发货", "{n} to ship"),
    ("to_collect", "/orders/collection", "{n} 单等着自提", "{n} to be collected"),
    ("refunds", "/orders/refunds", "{n} 笔退款等你", "{n} refunds wait for you"),
    ("disputes", "/orders/disputes", "{n} 个买家等你答复", "{n} disputes wait for an answer"),
    ("invoices", "/orders/invoices", "{n} 张发票等你开", "{n} invoices to issue"),
    ("cases", "/orders/statements", "{n} 笔账说不清楚", "{n} differences to explain"),
)
"""What of the orders waits for a person, where it is done, and in which words."""


def orders_waiting(counts: store.OrdersWaiting) -> list[Waiting]:
    """Return what of the orders waits, as the first page says it."""
    return [
        Waiting(kind=kind, title=Twin(zh.format(n=n), en.format(n=n)), path=path, count=n)
        for kind, path, zh, en in ORDERS_WAITING
        if (n := getattr(counts, kind))
    ]


def with_money(work: Work, rows: list[CampaignRow]) -> list[CampaignRow]:
    """Return the rows with what each campaign has spent."""
    told: list[CampaignRow] = []
    for row in rows:
        budget = rewards.budget_view(work, row.id)
        spent = budget.spent_minor if budget else 0
        told.append(msgspec.structs.replace(row, spent_minor=spent))
    return told


def with_growth(workspace_id: UUID, rows: list[CampaignRow]) -> list[CampaignRow]:
    """Return the rows with K; None for all of them while the analytics store is away."""
    growth: dict[UUID, Any] = analytics.growth_of(workspace_id, [row.id for row in rows])
    return [msgspec.structs.replace(row, k=growth.get(row.id)) for row in rows]


def _waiting(work: Work, row: CampaignRow) -> list[Waiting]:
    found: list[Waiting] = []
    name = row.name
    if row.state == "ended":
        words = Twin(f"「{name}」已结束，等待结算", f"“{name}” is over and waits to be settled")
        found.append(Waiting(kind="settle", title=words, campaign_id=row.id))
    if row.state == "paused":
        words = Twin(f"「{name}」暂停中", f"“{name}” is paused")
        found.append(Waiting(kind="paused", title=words, campaign_id=row.id))
    if row.state in {"published", "live", "paused"} and row.verdict_severity == "block":
        words = (
            Twin(f"「{name}」按新规则不能上线", f"“{name}” may not begin under the rules in force")
            if row.state == "published"
            else Twin(f"「{name}」现在有规则不允许", f"A rule forbids “{name}” as it is now")
        )
        found.append(Waiting(kind="blocked", title=words, campaign_id=row.id))
    if row.state in {"live", "paused"}:
        budget = rewards.budget_view(work, row.id)
        if budget and budget.spent:
            words = Twin(f"「{name}」预算已用完", f"“{name}” has spent its budget")
            found.append(Waiting(kind="budget_spent", title=words, campaign_id=row.id))
        elif budget and budget.warned:
            words = Twin(f"「{name}」预算快用完了", f"“{name}” has nearly spent its budget")
            found.append(Waiting(kind="budget_warned", title=words, campaign_id=row.id))
    return found


routes = [list_campaigns, list_links, today]
