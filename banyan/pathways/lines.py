"""Lines: who is led where by a pathway, by its newest version or by one of before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from banyan import campaigns
from banyan.campaigns import Branch
from banyan.kernel.work import Work
from banyan.pathways.segments import Segment

LINES: Final = """
select l.segment, l.level_key, l.campaign_id, b.code
from pathway_lines l
join pathway_branches b on b.workspace_id = l.workspace_id and b.pathway_id = l.pathway_id
  and b.campaign_id = l.campaign_id
where l.workspace_id = %(workspace)s and l.pathway_id = %(pathway)s and l.version = (
  select max(version) from pathway_lines
  where workspace_id = %(workspace)s and pathway_id = %(pathway)s
    and made_at <= coalesce(%(at)s::timestamptz, 'infinity'))
order by l.nth
"""
BEFORE: Final = """
select distinct on (l.campaign_id) l.segment, l.level_key, l.campaign_id, b.code
from pathway_lines l
join pathway_branches b on b.workspace_id = l.workspace_id and b.pathway_id = l.pathway_id
  and b.campaign_id = l.campaign_id
where l.workspace_id = %s and l.pathway_id = %s and not l.campaign_id = any(%b)
order by l.campaign_id, l.version desc
"""


class Line(NamedTuple):
    """A line of the rule, with the code of its campaign's own link."""

    segment: Segment
    level_key: str | None
    campaign_id: UUID
    code: str


def lines_of(work: Work, pathway_id: UUID, at: datetime | None = None) -> list[Line]:
    """Return the lines of a pathway in their order: the newest, or those of the moment `at`."""
    asked = {"workspace": work.workspace_id, "pathway": pathway_id, "at": at}
    return [Line._make(row) for row in work.driver.execute(LINES, asked).fetchall()]


def lines_before(work: Work, pathway_id: UUID, now: Sequence[UUID]) -> list[Line]:
    """Return the last line of every campaign that is the pathway's, but not among those of `now`."""
    rows = work.driver.execute(BEFORE, (work.workspace_id, pathway_id, list(now)))
    return [Line._make(row) for row in rows.fetchall()]


def newest_version(work: Work, pathway_id: UUID) -> int:
    """Return the number of the newest version."""
    row = work.driver.execute(
        "select max(version) from pathway_lines where workspace_id = %s and pathway_id = %s",
        (work.workspace_id, pathway_id),
    ).fetchone()
    return (row and row[0]) or 0


def led_to(work: Work, pathway_id: UUID, now: Sequence[UUID]) -> list[Branch]:
    """Return every campaign that somebody is led to when these are the newest lines' campaigns.

    Behind them stand those of before that are not over: who began there is still led to them.
    """
    before = [one.campaign_id for one in lines_before(work, pathway_id, now)]
    found = campaigns.branches_of(work, [*now, *before])
    return [
        *(found[campaign] for campaign in now),
        *(found[campaign] for campaign in before if found[campaign].is_open),
    ]
