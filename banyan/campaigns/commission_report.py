"""What a merchant reads of commission: each level with its share, its orders and its money."""

from typing import Final
from uuid import UUID

import msgspec

from banyan.campaigns import refusals, versions
from banyan.campaigns.models import Campaign
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.plays import AffiliateSettings


class LevelRow(msgspec.Struct, frozen=True, kw_only=True):
    """One level, in minor units: what waits for the days to return, what vested, what went back."""

    level: int
    rate_bps: int
    """The general share."""
    highest_bps: int
    """The highest share that any goods have."""
    approval_id: str
    """The legal approval a second level has; empty for the first."""
    orders: int
    earners: int
    pending_minor: int
    vested_minor: int
    taken_back_minor: int


class CommissionReport(msgspec.Struct, frozen=True, kw_only=True):
    """The levels of a campaign that pays commission; none of any other."""

    levels: list[LevelRow]


SUMS: Final = """
select g.rule, count(distinct coalesce(l.order_id, g.cause)), count(distinct g.beneficiary_id),
       coalesce(sum(g.cost_minor - g.reversed_minor) filter (where g.state = 'pending'), 0),
       coalesce(sum(g.cost_minor - g.reversed_minor)
         filter (where g.state in ('vested', 'paid')), 0),
       coalesce(sum(g.reversed_minor), 0)
from grants g
left join order_lines l on l.workspace_id = g.workspace_id and l.id = g.cause
where g.workspace_id = %s and g.campaign_id = %s and g.rule in ('commission', 'second')
group by g.rule
"""


def commission_report(work: Work, campaign_id: UUID) -> CommissionReport:
    """Return what each level has earned. Raises `unknown_campaign` when there is none."""
    campaign = work.session.get(Campaign, (work.workspace_id, campaign_id))
    if campaign is None:
        raise Refused(refusals.NO_SUCH_CAMPAIGN)
    settings = versions.current(work, campaign).settings
    if not isinstance(settings, AffiliateSettings):
        return CommissionReport(levels=[])
    rows = work.driver.execute(SUMS, (work.workspace_id, campaign_id)).fetchall()
    found = {rule: tuple(map(int, sums)) for rule, *sums in rows}
    terms = [("commission", settings.rate_bps, settings.highest_bps, "")]
    if settings.second is not None:
        second = settings.second
        terms.append(("second", second.rate_bps, second.rate_bps, second.approval_id))
    levels: list[LevelRow] = []
    for nth, (rule, rate_bps, highest, approval) in enumerate(terms, 1):
        orders, earners, pending, vested, back = found.get(rule, (0, 0, 0, 0, 0))
        levels.append(
            LevelRow(
                level=nth,
                rate_bps=rate_bps,
                highest_bps=highest,
                approval_id=approval,
                orders=orders,
                earners=earners,
                pending_minor=pending,
                vested_minor=vested,
                taken_back_minor=back,
            )
        )
    return CommissionReport(levels=levels)
