"""Leading: what a visitor reads on the page they come in by, and where they go from there."""

from uuid import UUID

import msgspec

from banyan import campaigns, levels, links, people, workspaces
from banyan.campaigns import Twin
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.pathways.judging import findings
from banyan.pathways.lines import Line, led_to, lines_before, lines_of
from banyan.pathways.making import CHANNEL
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
    """The page of a pathway, with the rule that holds for this visitor."""

    code: str
    title: Twin
    host: str
    contact: str
    is_sandbox: bool
    name_masked: str | None
    """Who is signed in; None: nobody."""
    ways: list[Way]
    is_as_begun: bool
    """Whether it is the rule they began under, which an edit has replaced for others."""
    url: str | None
    """Where the visitor goes on; None while nothing that fits is open."""


def lead(work: Work, code: str, person_id: UUID | None) -> PathState:
    """Return the page of a pathway for somebody, None: who is not signed in.

    Who began by it is led by the rule as it was then, as long as something of it runs for them.

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
    newest = lines_of(work, pathway_id)
    now = [one.campaign_id for one in newest]
    judged = led_to(work, pathway_id, now)
    if (closed_at is not None and closed_at <= work.now) or findings(judged):
        raise Refused(PATH_CLOSED)
    lines, mine = _way(work, pathway_id, newest, person_id)
    found = campaigns.branches_of(work, [one.campaign_id for one in lines])
    branches = [found[one.campaign_id] for one in lines]
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
            for one, branch in zip(lines, branches, strict=True)
        ],
        is_as_begun=lines != newest,
        url=links.share_url(mine.code) if mine else None,
    )


def level_names(work: Work) -> dict[str, Twin]:
    """Return what each level is called."""
    return {
        level.key: Twin(level.name_zh, level.name_en or level.name_zh)
        for level in levels.read_ladder(work).levels
    }


def _way(
    work: Work, pathway_id: UUID, newest: list[Line], person_id: UUID | None
) -> tuple[list[Line], Line | None]:
    """Return the rule that holds for somebody and their own line of it, None: nothing is open."""
    for lines in (*_begun_under(work, pathway_id, newest, person_id), newest):
        mine = _mine(work, lines, person_id)
        if mine is not None:
            return lines, mine
    return newest, None


def _begun_under(
    work: Work, pathway_id: UUID, newest: list[Line], person_id: UUID | None
) -> list[list[Line]]:
    """Return the rule under which somebody began by the pathway, if that is not the newest."""
    if person_id is None:
        return []
    ever = [one.campaign_id for one in lines_before(work, pathway_id, ())]
    began_at = campaigns.first_began(work, person_id, ever, CHANNEL)
    then = lines_of(work, pathway_id, began_at) if began_at else newest
    return [then] if then and then != newest else []


def _mine(work: Work, lines: list[Line], person_id: UUID | None) -> Line | None:
    """Return the first line that fits somebody and whose campaign is open."""
    ladder = list(level_names(work))
    who = who_is(work, person_id, {one.segment for one in lines}, ladder)
    found = campaigns.branches_of(work, [one.campaign_id for one in lines])
    return next(
        (
            one
            for one in lines
            if found[one.campaign_id].state == "live"
            and fits(who, one.segment, one.level_key, ladder)
        ),
        None,
    )
