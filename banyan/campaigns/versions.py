"""Versions: definitions as they were announced, kept parsed because they never change."""

from typing import Any, Final, NamedTuple, cast
from uuid import UUID

import cachebox
import msgspec

from banyan import workspaces
from banyan.campaigns.models import Campaign, CampaignVersion
from banyan.campaigns.reviews import rules_data, shaped
from banyan.kernel.work import Work
from banyan.plays import PLAYS

_MOST_KEPT: Final = 2000


class Version(NamedTuple):
    """One definition with what is made of it."""

    definition: dict[str, Any]
    settings: Any
    """The play's own settings struct."""
    rules: dict[str, list[str]]


_kept: cachebox.LRUCache[tuple[UUID, UUID, int], Version] = cachebox.LRUCache(_MOST_KEPT)


def version_of(work: Work, campaign_id: UUID, version: int) -> Version:
    """Return a version that was announced. Raises LookupError when there is none."""
    key = (work.workspace_id, campaign_id, version)
    # The stub of `get` forgets that there may be nothing.
    known = cast("Version | None", _kept.get(key))
    if known is None:
        row = work.session.get(CampaignVersion, key)
        if row is None:
            raise LookupError(key)
        known = _kept[key] = _read(row.definition, row.rules)
    return known


def first_of(work: Work, campaign_id: UUID) -> Version:
    """Return the version that was announced first. Raises LookupError when there is none."""
    row = work.driver.execute(
        "select min(version) from campaign_versions where workspace_id = %s and campaign_id = %s",
        (work.workspace_id, campaign_id),
    ).fetchone()
    if row is None or row[0] is None:
        raise LookupError(campaign_id)
    return version_of(work, campaign_id, int(row[0]))


def current(work: Work, campaign: Campaign) -> Version:
    """Return the version people play under; of a draft, what it says now."""
    if campaign.live_version is not None:
        return version_of(work, campaign.id, campaign.live_version)
    timezone = workspaces.workspace_of(work).timezone
    return _read(campaign.definition, rules_data(shaped(campaign.definition), timezone))


def _read(definition: dict[str, Any], rules: dict[str, list[str]]) -> Version:
    choice = definition["play"]
    settings = msgspec.convert(choice["settings"], PLAYS[choice["key"]].Settings)
    return Version(definition, settings, rules)
