"""What the drawn picture of a link says: the page's title, and who is the host."""

from typing import Any, NamedTuple
from uuid import UUID

from banyan import workspaces
from banyan.campaigns import refusals, versions
from banyan.campaigns.models import Campaign
from banyan.creatives import Theme
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work

__all__ = ["ShareWords", "cover_of", "share_words"]

TITLE_MOST = 80


class ShareWords(NamedTuple):
    """The words and the ground of the picture."""

    theme: Theme
    title: str
    host: str


def share_words(work: Work, campaign_id: UUID, language: str) -> ShareWords:
    """Return what the picture of a campaign's link says. Raises `unknown_link`."""
    campaign = work.session.get(Campaign, (work.workspace_id, campaign_id))
    if campaign is None:
        raise Refused(refusals.UNKNOWN_LINK)
    said = versions.current(work, campaign).definition
    told: dict[str, str] = said["page"].get("title") or {}
    title = told.get(language) or told.get("zh") or said["name"]
    host = said["host"].get("name") or workspaces.workspace_of(work).name
    return ShareWords(said["page"].get("theme", "leaf"), title[:TITLE_MOST], host)


def cover_of(page: dict[str, Any]) -> str | None:
    """Return the id of the picture at the head of a page, None when it has none."""
    heads = (block for block in page.get("blocks", ()) if block["kind"] == "hero")
    return next((head["image"] for head in heads if head.get("image")), None)
