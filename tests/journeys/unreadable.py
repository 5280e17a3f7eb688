"""A quest's stored progress, made unreadable and mended again."""

from typing import Any
from uuid import UUID

import httpx

from banyan.kernel.work import SYSTEM, unit_of_work
from tests.campaigns.packets import UNREADABLE
from tests.journeys.site import Shop


def keep(shop: Shop, quest_id: UUID, progress: str = UNREADABLE) -> str:
    """Let a quest's row say something else; return what it said."""
    with unit_of_work(shop.id, SYSTEM) as work:
        row = work.driver.execute(
            "update quests q set progress = %s from quests o where q.id = %s and o.id = q.id"
            " returning o.progress::text",
            (progress, quest_id),
        ).fetchone()
    assert row
    return row[0]


def refused(answer: httpx.Response, quest: dict[str, Any]) -> str:
    """Return the words by which somebody was told that a quest cannot be read."""
    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "progress_unreadable"), answer.text
    assert said["params"]["quest"] == quest["id"]
    return said["title"]
