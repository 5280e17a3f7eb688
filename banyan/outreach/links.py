"""The links that invitations carry: one for each campaign and kind, so that what came is told."""

from typing import Final
from uuid import UUID

from banyan import links
from banyan.kernel.ids import new_code
from banyan.kernel.work import Work

CHANNELS: Final = {
    "birthday": ("sms", "生日邀请 Birthday"),
    "seed": ("seed", "种子用户 Seed users"),
}
"""By kind: the channel of its link and the link's name."""
CODE_BITS: Final = 80


def link_of(work: Work, campaign_id: UUID, kind: str) -> str | None:
    """Return the code of a campaign's link of this kind; None while there is none."""
    row = work.driver.execute(
        "select code from outreach_links"
        " where workspace_id = %s and campaign_id = %s and kind = %s",
        (work.workspace_id, campaign_id, kind),
    ).fetchone()
    return row[0] if row else None


def open_link(work: Work, campaign_id: UUID, kind: str) -> str:
    """Return the code of a campaign's link of this kind, made when it is missing."""
    made = work.driver.execute(
        "insert into outreach_links (workspace_id, campaign_id, kind, code)"
        " values (%s, %s, %s, %s) on conflict do nothing returning code",
        (work.workspace_id, campaign_id, kind, new_code(CODE_BITS)),
    ).fetchone()
    if made is None:
        # Whoever was quicker has committed by now: the insert waited for them.
        return str(link_of(work, campaign_id, kind))
    channel, name = CHANNELS[kind]
    return links.create_link(work, "campaign", campaign_id, channel, name=name, code=made[0]).code
