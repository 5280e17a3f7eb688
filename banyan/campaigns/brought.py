"""Who brought how many: people whose help for somebody's quests counted and who did not leave."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from banyan.kernel.work import Work


def brought_since(work: Work, person_ids: Sequence[UUID], since: datetime) -> dict[UUID, int]:
    """Return how many people each brought after `since`, whoever came to several counted once.

    Who brought nobody is not there.
    """
    rows = work.driver.execute(
        """
        select q.owner_id, count(distinct s.supporter_id)
        from quests q
        join supports s on s.workspace_id = q.workspace_id and s.quest_id = q.id
        where q.workspace_id = %s and q.owner_id = any(%b) and s.counted and s.supported_at > %s
          and not exists (
            select from quest_departures d where d.workspace_id = s.workspace_id
              and d.quest_id = s.quest_id and d.supporter_id = s.supporter_id)
        group by q.owner_id
        """,
        (work.workspace_id, list(person_ids), since),
    )
    return dict(rows.fetchall())
