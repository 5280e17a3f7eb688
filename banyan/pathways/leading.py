"""Leading: what a visitor reads on the page they come in by, and where they go from there."""

from uuid import UUID

import msgspec

from banyan import campaigns, levels, links, people, workspaces
from banyan.campaigns import Branch, Twin
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.pathways.judging import findings
from banyan.pathways.making import Row, rows_of
from banyan.pathways.refusals import PATH_CLOSED, PATH_NOT_FOUND
from banyan.pathways.segments import fits, said, who_is


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the rule: for whom, and to which campaign."""

    whom: Twin
    campaign: Twin
    is_open: bool
    """Whether people take part in it now; if not, the next line that fits counts."""
    is_mine: bool
    """Whether it is the visitor's."""


class PathState(msgspec.Struct, frozen=True, kw_only=True):
    """The page of a pathway."""

    code: str
    title: Twin
    host: str
    contact: str
    is_sandbox: bool
    name_masked: str | None
    """Who is signed in; None: nobody."""
    ways: list[Way]
    url: str | None
    """Where the visitor goes on; None while nothing that fits is open."""


def lead(work: Work, code: str, person_id: UUID | None) -> PathState:
    """Return the page of a pathway for somebody, None: who is not signed in.

    Raises `path_not_found`, and `path_closed` for one that was closed or has ended, or whose
    campaigns have come to ask different prices for one good.
    """
    row = work.driver.execute(
        "select id, title_zh, title_en, closed_at from pathways"
        " where workspace_id = %s and code = %s",
        (work.workspace_id, code),
    ).fetchone()
    if row is None:
        raise Refused(PATH_NOT_FOUND)
    pathway_id, zh, en, closed_at = row
    rows = rows_of(work, pathway_id)
    found = campaigns.branches_of(work, [one.campaign_id for one in rows])
    branches = [found[one.campaign_id] for one in rows]
    if (closed_at is not None and closed_at <= work.now) or findings(branches):
        raise Refused(PATH_CLOSED)
    mine = _mine(work, rows, branches, person_id)
    names = level_names(work)
    merchant, last = workspaces.workspace_of(work), branches[-1]
    return PathState(
        code=code,
        title=Twin(zh, en or zh),
        host=last.host_name or merchant.name,
        contact=last.host_contact,
        is_sandbox=merchant.is_sandbox,
        name_masked=people.names_masked(work, [person_id]).get(person_id) if person_id else None,
        ways=[
            Way(
                whom=said(one.segment, names.get(one.level_key or "")),
                campaign=branch.title,
                is_open=branch.state == "live",
                is_mine=one is mine,
            )
            for one, branch in zip(rows, branches, strict=True)
        ],
        url=links.share_url(mine.code) if mine else None,
    )


def level_names(work: Work) -> dict[str, Twin]:
    """Return what each level is called."""
    return {
        level.key: Twin(level.name_zh, level.name_en or level.name_zh)
        for level in levels.read_ladder(work).levels
    }


def _mine(
    work: Work, rows: list[Row], branches: list[Branch], person_id: UUID | None
) -> Row | None:
    """Return the first branch that fits somebody and is open."""
    ladder = list(level_names(work))
    who = who_is(work, person_id, {one.segment for one in rows}, ladder)
    return next(
        (
            one
            for one, branch in zip(rows, branches, strict=True)
            if branch.state == "live" and fits(who, one.segment, one.level_key, ladder)
        ),
        None,
    )
