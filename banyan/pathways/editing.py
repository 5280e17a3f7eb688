"""Editing a pathway: its name, its title and its end, judged again; who goes where stays.

A campaign is in one pathway for good, so that what came by it can be told apart: its branches are
written once. Every edit stands in the audit with what stood before.
"""

from typing import Final
from uuid import UUID

import msgspec

from banyan import campaigns, workspaces
from banyan.creatives import Text
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.pathways.making import End, Name, must_ask_the_same, rows_of
from banyan.pathways.refusals import PATH_CHANGED, PATH_END_PAST, PATH_NOT_FOUND

READ: Final = """
select name, title_zh, title_en, closed_at from pathways where workspace_id = %s and id = %s
"""


class PathwayTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a pathway can be edited. `ends_at`: until when it leads anybody; None without end."""

    name: Name
    title: Text
    ends_at: End = None


class PathwayEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An edit: what is wanted, and what stood when it was begun."""

    wanted: PathwayTerms
    was: PathwayTerms


def terms_of(work: Work, pathway_id: UUID, *, lock: bool = False) -> PathwayTerms:
    """Return what stands, locked against other edits if asked. Raises `path_not_found`."""
    asked = READ + (" for no key update" if lock else "")
    row = work.driver.execute(asked, (work.workspace_id, pathway_id)).fetchone()
    if row is None:
        raise Refused(PATH_NOT_FOUND)
    name, zh, en, ends_at = row
    return PathwayTerms(name, Text(zh, en), ends_at)


def edit_pathway(work: Work, pathway_id: UUID, edit: PathwayEdit) -> None:
    """Let a pathway be called and end as wanted; one that was closed is open again by it.

    May be repeated. Raises `path_not_found`, `path_changed` when somebody else was quicker,
    `path_end_past`, and `path_prices_differ` when its campaigns may no longer be one pathway.
    """
    stands = terms_of(work, pathway_id, lock=True)
    wanted = edit.wanted
    if stands == wanted:
        return
    if stands != edit.was:
        raise Refused(PATH_CHANGED)
    if wanted.ends_at is not None and wanted.ends_at <= work.now:
        raise Refused(PATH_END_PAST)
    ids = [row.campaign_id for row in rows_of(work, pathway_id)]
    found = campaigns.branches_of(work, ids)
    must_ask_the_same([found[campaign] for campaign in ids])
    work.driver.execute(
        "update pathways set name = %s, title_zh = %s, title_en = %s, closed_at = %s"
        " where workspace_id = %s and id = %s",
        (
            *(wanted.name, wanted.title.zh, wanted.title.en, wanted.ends_at),
            *(work.workspace_id, pathway_id),
        ),
    )
    detail = {"was": msgspec.to_builtins(stands), "wanted": msgspec.to_builtins(wanted)}
    workspaces.audit(work, "pathway.edited", str(pathway_id), detail)
