"""Editing a pathway: its name, its title, its end and who goes where, judged again.

Who goes where is written as the next version, and holds for whoever comes from then on; who began
by the pathway before is led as they were. Every edit stands in the audit with what stood before.
"""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

import msgspec

from banyan import workspaces
from banyan.campaigns import Branch
from banyan.creatives import Text
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_code
from banyan.kernel.work import Work
from banyan.pathways.lines import led_to, lines_before, lines_of, newest_version
from banyan.pathways.making import (
    CODE_BITS,
    MOST,
    End,
    Name,
    WantedBranch,
    check,
    must_ask_the_same,
    take,
    write_lines,
)
from banyan.pathways.refusals import PATH_CHANGED, PATH_END_PAST, PATH_NOT_FOUND

READ: Final = """
select name, title_zh, title_en, closed_at from pathways where workspace_id = %s and id = %s
"""


class PathwayTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of a pathway can be edited. `ends_at`: until when it leads anybody; None without end."""

    name: Name
    title: Text
    branches: Annotated[tuple[WantedBranch, ...], msgspec.Meta(max_length=MOST)]
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
    branches = tuple(
        WantedBranch(one.segment, one.campaign_id, one.level_key)
        for one in lines_of(work, pathway_id)
    )
    return PathwayTerms(name, Text(zh, en), branches, ends_at)


def edit_pathway(work: Work, pathway_id: UUID, edit: PathwayEdit) -> None:
    """Let a pathway be called, lead and end as wanted; one that was closed is open again by it.

    May be repeated. Raises `path_not_found`, `path_changed` when somebody else was quicker,
    `path_end_past`, for other branches what `make_pathway` raises, and `path_prices_differ` when
    what it leads anybody to may not or may no longer be one pathway.
    """
    stands = terms_of(work, pathway_id, lock=True)
    wanted = edit.wanted
    if stands == wanted:
        return
    if stands != edit.was:
        raise Refused(PATH_CHANGED)
    if wanted.ends_at is not None and wanted.ends_at <= work.now:
        raise Refused(PATH_END_PAST)
    if wanted.branches != stands.branches:
        _lead_otherwise(work, pathway_id, wanted)
    must_ask_the_same(led_to(work, pathway_id, [one.campaign_id for one in wanted.branches]))
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


def as_edited(work: Work, pathway_id: UUID, wanted: Sequence[WantedBranch]) -> list[Branch]:
    """Return every campaign somebody would be led to if these were the branches.

    Raises what `check` raises.
    """
    check(work, wanted, _its_campaigns(work, pathway_id))
    return led_to(work, pathway_id, [one.campaign_id for one in wanted])


def _its_campaigns(work: Work, pathway_id: UUID) -> set[UUID]:
    """Return the campaigns that are a pathway's, whether or not a line leads to them now."""
    return {one.campaign_id for one in lines_before(work, pathway_id, ())}


def _lead_otherwise(work: Work, pathway_id: UUID, wanted: PathwayTerms) -> None:
    """Write the branches as the next version; the pathway is locked, so it is the next."""
    known = _its_campaigns(work, pathway_id)
    fresh = [one for one in check(work, wanted.branches, known) if one.id not in known]
    take(work, pathway_id, wanted.name, [(one, new_code(CODE_BITS)) for one in fresh])
    write_lines(work, pathway_id, newest_version(work, pathway_id) + 1, wanted.branches)
