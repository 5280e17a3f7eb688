"""Making a pathway, and closing it: whole at once, and judged first."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec

from banyan import campaigns, links, workspaces
from banyan.campaigns import Branch
from banyan.creatives import Text
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_code
from banyan.kernel.work import Work
from banyan.pathways.judging import findings, who_differ
from banyan.pathways.refusals import (
    PATH_CAMPAIGN_NOT_OPEN,
    PATH_CAMPAIGN_TAKEN,
    PATH_END_PAST,
    PATH_NOT_FOUND,
    PATH_PRICES_DIFFER,
    PATH_RULE_INVALID,
)
from banyan.pathways.segments import Segment

FEWEST: Final = 2
MOST: Final = 5
CODE_BITS: Final = 80
CHANNEL: Final = "path"

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
End = Annotated[datetime, msgspec.Meta(tz=True)] | None


class WantedBranch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to lead where. `level_key` is the lowest level that counts, for the segment `level`."""

    segment: Segment
    campaign_id: UUID
    level_key: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class WantedPathway(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pathway as a merchant wants it; the first branch that fits somebody counts."""

    name: Name
    title: Text
    branches: Annotated[tuple[WantedBranch, ...], msgspec.Meta(max_length=MOST)]
    ends_at: End = None
    """Until when it leads anybody; None: until it is closed."""


def check(work: Work, wanted: Sequence[WantedBranch], known: Collection[UUID] = ()) -> list[Branch]:
    """Return the campaigns in their order, if they can be a pathway; `known` are its own already.

    Raises `path_rule_invalid`, `campaign_not_found`, and `path_campaign_not_open` for a new one
    nobody can take part in: its own may come back at any time, as an edit is put back.
    """
    kinds = [(one.segment, one.level_key) for one in wanted]
    ids = [one.campaign_id for one in wanted]
    if (
        not FEWEST <= len(wanted) <= MOST
        or kinds[-1] != ("everybody", None)
        or len({*kinds}) != len(kinds)
        or len({*ids}) != len(ids)
        or any(one.segment == "everybody" for one in wanted[:-1])
        or any((one.segment == "level") != bool(one.level_key) for one in wanted)
    ):
        raise Refused(PATH_RULE_INVALID)
    found = campaigns.branches_of(work, ids)
    for branch in found.values():
        if not branch.is_open and branch.id not in known:
            raise Refused(PATH_CAMPAIGN_NOT_OPEN, name=branch.name)
    return [found[campaign] for campaign in ids]


def must_ask_the_same(branches: Sequence[Branch]) -> None:
    """Raise `path_prices_differ` when these campaigns may not be one pathway."""
    for finding in findings(branches):
        good, first, second = who_differ(branches, finding.path)
        raise Refused(PATH_PRICES_DIFFER, good=good, first=first, second=second)


def make_pathway(work: Work, pathway_id: UUID, wanted: WantedPathway) -> None:
    """Make a pathway and a link for each branch. A repeat with the same id changes nothing.

    Raises what `check` raises, `path_end_past`, `path_prices_differ`, and `path_campaign_taken` for
    a campaign of another pathway.
    """
    branches = check(work, wanted.branches)
    if wanted.ends_at is not None and wanted.ends_at <= work.now:
        raise Refused(PATH_END_PAST)
    must_ask_the_same(branches)
    codes = [new_code(CODE_BITS) for _ in branches]
    made = work.driver.execute(
        "insert into pathways"
        " (workspace_id, id, name, title_zh, title_en, code, made_at, made_by, closed_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (workspace_id, id) do nothing",
        (
            *(work.workspace_id, pathway_id, wanted.name, wanted.title.zh, wanted.title.en),
            *(codes[-1], work.now, str(work.actor), wanted.ends_at),
        ),
    )
    if not made.rowcount:
        return
    take(work, pathway_id, wanted.name, list(zip(branches, codes, strict=True)))
    write_lines(work, pathway_id, 1, wanted.branches)
    workspaces.audit(work, "pathway.made", str(pathway_id), {"branches": len(branches)})


def take(
    work: Work, pathway_id: UUID, name: str, campaigns_and_codes: Sequence[tuple[Branch, str]]
) -> None:
    """Make campaigns those of a pathway for good, with a link of this code each.

    Raises `path_campaign_taken` for one of another pathway.
    """
    for branch, code in campaigns_and_codes:
        kept = work.driver.execute(
            "insert into pathway_branches (workspace_id, pathway_id, campaign_id, code)"
            " values (%s, %s, %s, %s) on conflict (workspace_id, campaign_id) do nothing",
            (work.workspace_id, pathway_id, branch.id, code),
        )
        if not kept.rowcount:
            raise Refused(PATH_CAMPAIGN_TAKEN, name=branch.name)
    links.create_links(
        work,
        [
            links.LinkRequest("campaign", branch.id, CHANNEL, name=name, code=code)
            for branch, code in campaigns_and_codes
        ],
    )


def write_lines(work: Work, pathway_id: UUID, version: int, wanted: Sequence[WantedBranch]) -> None:
    """Write who is led where from now on, as one version."""
    for nth, one in enumerate(wanted, 1):
        work.driver.execute(
            "insert into pathway_lines (workspace_id, pathway_id, version, nth, segment,"
            " level_key, campaign_id, made_at) values (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(work.workspace_id, pathway_id, version, nth, one.segment, one.level_key),
                *(one.campaign_id, work.now),
            ),
        )


def close_pathway(work: Work, pathway_id: UUID) -> None:
    """Lead nobody any more; the campaigns go on. Raises `path_not_found`. May be repeated."""
    closed = work.driver.execute(
        "update pathways set closed_at = least(closed_at, %s) where workspace_id = %s and id = %s",
        (work.now, work.workspace_id, pathway_id),
    )
    if not closed.rowcount:
        raise Refused(PATH_NOT_FOUND)
    workspaces.audit(work, "pathway.closed", str(pathway_id), {})
