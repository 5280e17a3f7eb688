"""Reading share links."""

from collections.abc import Iterable
from uuid import UUID

from banyan.kernel.work import Work
from banyan.links.commands import SELECT, Link


def links_of_campaign(work: Work, campaign_id: UUID) -> list[Link]:
    """Return the merchant's own links of a campaign, oldest first."""
    rows = work.driver.execute(
        f"{SELECT} where workspace_id = %s and campaign_id = %s and kind = 'campaign' order by id",
        (work.workspace_id, campaign_id),
    )
    return [Link._make(row) for row in rows]


def links_of_quests(work: Work, quest_ids: Iterable[UUID]) -> dict[UUID, Link]:
    """Return the share link of each quest."""
    rows = work.driver.execute(
        f"{SELECT} where workspace_id = %s and quest_id = any(%s)",
        (work.workspace_id, list(quest_ids)),
    )
    return {link.quest_id: link for link in map(Link._make, rows) if link.quest_id}


def link_by_code(work: Work, code: str) -> Link | None:
    """Return the link of this workspace with `code`, None when there is none."""
    row = work.driver.execute(
        f"{SELECT} where workspace_id = %s and code = %s", (work.workspace_id, code)
    ).fetchone()
    return Link._make(row) if row else None


def quests_of_codes(work: Work, codes: Iterable[str]) -> dict[str, UUID]:
    """Return the quest that each share code belongs to; codes of no quest are left out."""
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    rows = work.driver.execute(
        "select code, quest_id from links"
        " where workspace_id = %s and code = any(%s) and quest_id is not null",
        (work.workspace_id, wanted),
    )
    return dict(rows.fetchall())
