"""Who brought how many: people whose help for somebody's quests counted and who did not leave."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from banyan.kernel.work import Work


def brought_since(
    work: Work, person_ids: Sequence[UUID], since: datetime, until: datetime | None = None
) -> dict[UUID, int]:
    """Return how many people each brought after `since`, whoever came to several counted once.

    `until` leaves out who came after it.

    Who brought nobody is not there.
    """
    rows = work.driver.execute(
        """
        select q.owner_id, count(distinct s.supporter_id)
        from quests q
        join supports s on s.workspace_id = q.workspace_id and s.quest_id = q.id
        where q.workspace_id = %s and q.owner_id = any(%b) and s.counted and s.supported_at > %s
          and s.supported_at <= coalesce(%s::timestamptz, 'infinity')
          and not exists (
            select from quest_departures d where d.workspace_id = s.workspace_id
              and d.quest_id = s.quest_id and d.supporter_id = s.supporter_id)
        group by q.owner_id
        """,
        (work.workspace_id, list(person_ids), since, until),
    )
    return dict(rows.fetchall())


def new_people_brought(
    work: Work, at_least: int | None, also: Sequence[UUID] = ()
) -> dict[UUID, int]:
    """Return how many new people each brought who brought `at_least` so many, over all campaigns.

    None: nobody by their number. Those of `also` that brought anybody are there with theirs.
    """
    rows = work.driver.execute(
        """
        select s.owner_id, count(distinct s.supporter_id)
        from supports s
        where s.workspace_id = %s and s.counted and s.is_new_person
          and not exists (
            select from quest_departures d where d.workspace_id = s.workspace_id
              and d.quest_id = s.quest_id and d.supporter_id = s.supporter_id)
        group by s.owner_id
        having count(distinct s.supporter_id) >= %s or s.owner_id = any(%b::uuid[])
        """,
        (work.workspace_id, 2**31 - 1 if at_least is None else at_least, sorted(set(also))),
    )
    return dict(rows.fetchall())
