"""Beginnings: when somebody began to take part by themselves, and by which channel."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from banyan.kernel.work import Work


def first_began(
    work: Work, person_id: UUID, campaign_ids: Sequence[UUID], channel: str
) -> datetime | None:
    """Return when somebody first began in one of these campaigns by a link of `channel`.

    None: never, or only as somebody's friend.
    """
    row = work.driver.execute(
        "select min(joined_at) from participants where workspace_id = %s and person_id = %s"
        " and campaign_id = any(%b) and generation = 0 and channel = %s",
        (work.workspace_id, person_id, list(campaign_ids), channel),
    ).fetchone()
    return row[0] if row else None
