"""Which running campaigns people may be invited to, and who of them takes part already."""

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from banyan.campaigns import refusals
from banyan.campaigns.views import Twin
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work, across_workspaces

__all__ = [
    "Invitable",
    "birthday_campaigns",
    "birthday_workspaces",
    "invitable",
    "owners_among",
]

DAYS: Final = "(v.definition #>> '{play,settings,birthday_days}')::int"
FROM: Final = """
from campaigns c join campaign_versions v on v.workspace_id = c.workspace_id
  and v.campaign_id = c.id and v.version = c.live_version
"""
# Held until commit: nobody is invited to what was paused a moment before.
RUNNING: Final = f"""
select c.id, v.definition #>> '{{page,title,zh}}', v.definition #>> '{{page,title,en}}', {DAYS}
{FROM}
where c.workspace_id = %s and (%s::uuid is null or c.id = %s) and c.state = 'live'
  and (c.starts_at is null or c.starts_at <= %s) and c.ends_at > %s
order by c.id for share of c
"""
WITH_BIRTHDAYS: Final = f"""
select distinct c.workspace_id {FROM} where c.state = 'live' and {DAYS} is not null
"""
OWNERS: Final = """
select distinct owner_id from quests
where workspace_id = %s and campaign_id = %s and owner_id = any(%b)
"""


class Invitable(NamedTuple):
    """A campaign in which people take part now."""

    id: UUID
    title: Twin
    birthday_days: int | None
    """How many days before their birthday people may begin; None: whenever they like."""


def invitable(work: Work, campaign_id: UUID) -> Invitable:
    """Return a campaign people take part in now. Raises `campaign_not_found`, `not_inviting`."""
    found = _running(work, campaign_id)
    if found:
        return found[0]
    known = work.driver.execute(
        "select 1 from campaigns where workspace_id = %s and id = %s",
        (work.workspace_id, campaign_id),
    )
    raise Refused(refusals.NOT_INVITING if known.fetchone() else refusals.NO_SUCH_CAMPAIGN)


def birthday_campaigns(work: Work) -> list[Invitable]:
    """Return the running campaigns that people begin shortly before their birthday."""
    return [found for found in _running(work, None) if found.birthday_days is not None]


def birthday_workspaces() -> list[UUID]:
    """Return the workspaces in which such a campaign runs."""
    with across_workspaces() as connection:
        return [row[0] for row in connection.execute(text(WITH_BIRTHDAYS))]


def owners_among(work: Work, campaign_id: UUID, person_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these people who have a quest of their own in the campaign."""
    asked = (work.workspace_id, campaign_id, sorted(set(person_ids)))
    return {row[0] for row in work.driver.execute(OWNERS, asked).fetchall()}


def _running(work: Work, campaign_id: UUID | None) -> list[Invitable]:
    rows = work.driver.execute(
        RUNNING, (work.workspace_id, campaign_id, campaign_id, work.now, work.now)
    ).fetchall()
    return [Invitable(found, Twin(zh or "", en or zh or ""), days) for found, zh, en, days in rows]
