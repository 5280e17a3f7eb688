"""Where each campaign came from: its play and the template it was begun from."""

from uuid import UUID

import msgspec
from sqlalchemy import select

from banyan.campaigns.models import Campaign
from banyan.kernel.work import Work


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that was published, and what it was made from."""

    id: UUID
    name: str
    state: str
    play: str
    template_key: str | None
    """None: made without one."""


def origins(work: Work, most: int) -> list[Origin]:
    """Return at most `most` campaigns that were published, the newest first."""
    found = work.session.execute(
        select(Campaign.id, Campaign.name, Campaign.state, Campaign.play_key, Campaign.template_key)
        .where(Campaign.workspace_id == work.workspace_id, Campaign.state != "draft")
        .order_by(Campaign.created_at.desc(), Campaign.id.desc())
        .limit(most)
    )
    return [
        Origin(id=id_, name=name, state=state, play=play, template_key=template)
        for id_, name, state, play, template in found
    ]
