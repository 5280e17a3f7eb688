"""What a participant's poster says: the campaign's own words, their code, and a name if they typed one."""

from typing import Final, cast
from uuid import UUID

from banyan import workspaces
from banyan.campaigns import refusals, versions
from banyan.campaigns.models import Campaign, Quest
from banyan.creatives import PosterLook, PosterText
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.links import share_url
from banyan.people import clean_name

INVITES: Final = {"zh": "{name} 邀请您", "en": "{name} invites you"}
HINT: Final = {"zh": "扫码查看详情", "en": "Scan to see more"}


def poster_of(
    work: Work, quest_id: UUID, person_id: UUID, name: str, language: str
) -> tuple[PosterLook, PosterText, str]:
    """Return the look, the words and the address of my poster. Raises `quest_not_found`.

    Any play's quest has one; only the poster play lets the merchant choose its look.
    """
    quest = work.session.get(Quest, (work.workspace_id, quest_id))
    if quest is None or quest.owner_id != person_id:
        raise Refused(refusals.NO_SUCH_QUEST)
    campaign = work.session.get(Campaign, (work.workspace_id, quest.campaign_id))
    if campaign is None:
        raise Refused(refusals.NO_SUCH_CAMPAIGN)
    said = versions.current(work, campaign).definition
    tongue = "zh" if language.startswith("zh") else "en"

    def words(of: dict[str, str] | None) -> str:
        told = of or {}
        return told.get(tongue) or told.get("zh") or ""

    look = said["play"]["settings"].get("picture", "plain")
    shown = clean_name(name) if name.strip() else ""
    text = PosterText(
        merchant=workspaces.workspace_of(work).name,
        title=words(said["page"].get("title")) or said["name"],
        line=words(said["page"].get("subtitle")),
        name=INVITES[tongue].format(name=shown) if shown else "",
        hint=HINT[tongue],
    )
    return cast("PosterLook", look), text, share_url(quest.share_code or "")


__all__ = ["poster_of"]
