"""Terms of sale: for how much campaigns sell which goods, and which coupons they tie to goods."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from banyan.campaigns import refusals, versions
from banyan.campaigns.models import Campaign
from banyan.campaigns.views import Twin
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Disclosing

OPEN: Final = ("published", "live", "paused")


class Branch(NamedTuple):
    """A campaign as somebody is led to it."""

    id: UUID
    name: str
    title: Twin
    play: str
    state: str
    host_name: str
    host_contact: str
    terms: dict[str, frozenset[tuple[int, ...]]]
    """By good (`sku:…`, or `coupon:…` for a product): every price, or value and share, it has."""
    goods: dict[str, str]
    """What each good is called."""

    @property
    def is_open(self) -> bool:
        """Whether people take part in it, or will, or did a moment ago."""
        return self.state in OPEN


def branches_of(work: Work, campaign_ids: Iterable[UUID]) -> dict[UUID, Branch]:
    """Return these campaigns as people play them now. Raises the refusal `campaign_not_found`."""
    wanted = set(campaign_ids)
    rows = work.session.scalars(
        select(Campaign)
        .where(Campaign.workspace_id == work.workspace_id, Campaign.id.in_(wanted))
        .execution_options(populate_existing=True)
    ).all()
    if {row.id for row in rows} != wanted:
        raise Refused(refusals.NO_SUCH_CAMPAIGN)
    return {row.id: _branch(work, row) for row in rows}


def _branch(work: Work, campaign: Campaign) -> Branch:
    version = versions.current(work, campaign)
    said = version.definition
    title = said["page"]["title"]
    terms: dict[str, set[tuple[int, ...]]] = {}
    names: dict[str, str] = {}
    for key, name, one in (*_prices(version), *_coupons(said)):
        terms.setdefault(key, set()).add(one)
        names[key] = name
    return Branch(
        *(campaign.id, campaign.name, Twin(title["zh"], title["en"] or title["zh"])),
        *(campaign.play_key, campaign.state, said["host"]["name"], said["host"]["contact"]),
        {key: frozenset(some) for key, some in terms.items()},
        names,
    )


def _prices(version: versions.Version) -> list[tuple[str, str, tuple[int, ...]]]:
    said = version.definition
    play = PLAYS[said["play"]["key"]]
    told = play.disclosures(version.settings).prices if isinstance(play, Disclosing) else ()
    goods = {good["key"]: good for good in said.get("goods", ())}
    return [
        (f"sku:{goods[one.good]['sku_id']}", goods[one.good]["name"]["zh"], (one.price_minor,))
        for one in told
        if one.good in goods and goods[one.good].get("sku_id")
    ]


def _coupons(said: dict[str, Any]) -> list[tuple[str, str, tuple[int, ...]]]:
    """Return the coupons that are for named products: another name for another price."""
    return [
        (
            f"coupon:{product}",
            offer["name"]["zh"],
            (offer["value_minor"], offer["coupon"]["off_bps"], offer["coupon"]["from_minor"]),
        )
        for offer in said["offers"]
        if offer["kind"] == "coupon" and offer.get("coupon")
        for product in offer["coupon"]["product_ids"]
    ]
