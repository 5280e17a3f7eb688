"""Pathways as tests make, edit and open them."""

from typing import Any
from uuid import UUID

import msgspec

from banyan import pathways
from banyan.creatives import Text
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.pathways import PathState
from banyan.pathways.editing import PathwayEdit, PathwayTerms, edit_pathway
from banyan.pathways.making import WantedBranch, WantedPathway, make_pathway
from banyan.pathways.views import pathway_view
from tests.campaigns.selling import FLASH, Market
from tests.stage import Stage

TITLE = Text("春日有礼", "Spring gifts")


def lines(*branches: tuple[str, UUID]) -> tuple[WantedBranch, ...]:
    """Return branches as wanted, of (segment or `level:key`, campaign)."""
    return tuple(
        WantedBranch(kind, campaign, level or None)  # pyright: ignore[reportArgumentType]
        for (kind, _, level), campaign in ((kind.partition(":"), one) for kind, one in branches)
    )


def make(stage: Stage, *branches: tuple[str, UUID], named: UUID | None = None) -> UUID | str:
    """Make a pathway of (segment, campaign); return its id, or why not."""
    made = named or new_id()
    try:
        with stage.work() as work:
            make_pathway(work, made, WantedPathway("春", TITLE, lines(*branches)))
    except Refused as refused:
        return refused.refusal.code
    return made


def made(stage: Stage, *branches: tuple[str, UUID]) -> UUID:
    found = make(stage, *branches)
    assert isinstance(found, UUID), found
    return found


def open_for(stage: Stage, pathway: UUID, person: UUID | None) -> PathState | str:
    code = stage.one("select code from pathways where id = %s", pathway)
    try:
        with stage.work() as work:
            return pathways.lead(work, code, person)
    except Refused as refused:
        return refused.refusal.code


def led(stage: Stage, pathway: UUID, person: UUID | None = None) -> UUID | None:
    """Return the campaign somebody is led to, by the link they are given."""
    state = open_for(stage, pathway, person)
    assert isinstance(state, PathState), state
    assert sum(way.is_mine for way in state.ways) == (state.url is not None)
    if state.url is None:
        return None
    return stage.one("select campaign_id from links where code = %s", state.url.rpartition("/")[2])


def edit(stage: Stage, pathway: UUID, **changes: Any) -> str | None:
    """Edit a pathway as somebody who sees what stands; return why not."""
    with stage.work() as work:
        was = pathway_view(work, pathway).terms
    return put(stage, pathway, msgspec.structs.replace(was, **changes), was)


def put(stage: Stage, pathway: UUID, wanted: PathwayTerms, was: PathwayTerms) -> str | None:
    try:
        with stage.work() as work:
            edit_pathway(work, pathway, PathwayEdit(wanted, was))
    except Refused as refused:
        return refused.refusal.code
    return None


def terms(stage: Stage, pathway: UUID) -> PathwayTerms:
    with stage.work() as work:
        return pathway_view(work, pathway).terms


def flash(market: Market, price_minor: int) -> UUID:
    return market.selling("flash_sale", FLASH | {"price_minor": price_minor}, offers=[])
