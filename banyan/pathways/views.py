"""What a merchant reads of pathways: who is led where, and what came of each, side by side."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from banyan import analytics, campaigns, links
from banyan.campaigns import Twin
from banyan.compliance import Finding
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.pathways.editing import PathwayTerms, terms_of
from banyan.pathways.judging import findings
from banyan.pathways.leading import level_names
from banyan.pathways.lines import Line, led_to, lines_before, lines_of, newest_version
from banyan.pathways.making import CHANNEL
from banyan.pathways.refusals import PATH_NOT_FOUND
from banyan.pathways.segments import said


class BranchView(msgspec.Struct, frozen=True, kw_only=True):
    """One branch and what came by it; the numbers are None while analytics is away."""

    whom: Twin
    campaign_id: UUID
    campaign: str
    play: str
    state: str
    clicks: int | None = None
    """Openings of its link, and of those passed on from it."""
    began: int | None = None
    """Who took part straight from the pathway."""
    participants: int | None = None
    new_people: int | None = None
    k: float | None = None
    cost_per_new_person_minor: int | None = None


class PathwayView(msgspec.Struct, frozen=True, kw_only=True):
    """A pathway; `findings` that block close it to visitors."""

    id: UUID
    name: str
    title: Twin
    url: str
    made_at: datetime
    closed_at: datetime | None
    """Since when it leads nobody: closed, or ended; None while it is open."""
    terms: PathwayTerms
    """What can be edited, as it stands."""
    findings: list[Finding]
    version: int
    """Of who goes where: the first is 1, each edit of the branches makes the next."""
    branches: list[BranchView]
    earlier: list[BranchView]
    """What no line leads to since an edit; who began there is led there while it runs."""


def pathway_views(work: Work) -> list[PathwayView]:
    """Return every pathway, the newest first, without its numbers."""
    rows = work.driver.execute(
        "select id from pathways where workspace_id = %s order by made_at desc, id",
        (work.workspace_id,),
    )
    return [pathway_view(work, row[0]) for row in rows.fetchall()]


def pathway_view(work: Work, pathway_id: UUID) -> PathwayView:
    """Return a pathway without its numbers. Raises the refusal `path_not_found`."""
    row = work.driver.execute(
        "select code, made_at from pathways where workspace_id = %s and id = %s",
        (work.workspace_id, pathway_id),
    ).fetchone()
    if row is None:
        raise Refused(PATH_NOT_FOUND)
    code, made_at = row
    terms = terms_of(work, pathway_id)
    ends_at, title = terms.ends_at, terms.title
    lines = lines_of(work, pathway_id)
    now = [one.campaign_id for one in lines]
    earlier = lines_before(work, pathway_id, now)
    found = campaigns.branches_of(work, [one.campaign_id for one in (*lines, *earlier)])
    names = level_names(work)
    return PathwayView(
        id=pathway_id,
        name=terms.name,
        title=Twin(title.zh, title.en or title.zh),
        url=entry_url(code),
        made_at=made_at,
        closed_at=ends_at if ends_at is not None and ends_at <= work.now else None,
        terms=terms,
        findings=findings(led_to(work, pathway_id, now)),
        version=newest_version(work, pathway_id),
        branches=[_branch(one, found[one.campaign_id], names) for one in lines],
        earlier=[_branch(one, found[one.campaign_id], names) for one in earlier],
    )


def _branch(one: Line, branch: campaigns.Branch, names: dict[str, Twin]) -> BranchView:
    return BranchView(
        whom=said(one.segment, names.get(one.level_key or "")),
        campaign_id=one.campaign_id,
        campaign=branch.name,
        play=branch.play,
        state=branch.state,
    )


def with_numbers(workspace_id: UUID, views: Sequence[PathwayView]) -> list[PathwayView]:
    """Return the pathways with what came by each branch, as far as analytics can be asked."""
    return [
        msgspec.structs.replace(
            view,
            branches=[_counted(workspace_id, branch) for branch in view.branches],
            earlier=[_counted(workspace_id, branch) for branch in view.earlier],
        )
        for view in views
    ]


def _counted(workspace_id: UUID, branch: BranchView) -> BranchView:
    try:
        numbers = analytics.numbers_of(workspace_id, branch.campaign_id)
    except Refused:
        return branch
    mine = next((row for row in numbers.channels if row.channel == CHANNEL), None)
    return msgspec.structs.replace(
        branch,
        clicks=mine.clicks if mine else 0,
        began=mine.direct if mine else 0,
        participants=mine.participants if mine else 0,
        new_people=mine.new_people if mine else 0,
        k=mine.k if mine else None,
        cost_per_new_person_minor=mine.cost_per_new_person_minor if mine else None,
    )


def entry_url(code: str) -> str:
    """Return the address of a pathway."""
    return links.absolute(f"/h5/p/{code}")
