"""Departures: a friend who had come leaves again, and the play says what follows."""

from uuid import UUID

from banyan.campaigns.quests import report
from banyan.kernel.work import Work
from banyan.plays import Withdrawn

DEPART = """
insert into quest_departures (workspace_id, quest_id, supporter_id, left_at)
select workspace_id, quest_id, supporter_id, %s from supports
where workspace_id = %s and quest_id = %s and supporter_id = %s and counted
on conflict do nothing returning quest_id
"""


def leave(work: Work, quest_id: UUID, person_id: UUID) -> bool:
    """Take a person's counted support of a quest back; tell whether there was one to take.

    Whoever has left cannot come back to the same quest. A twin waits for the first and changes
    nothing.
    """
    gone = work.driver.execute(DEPART, (work.now, work.workspace_id, quest_id, person_id))
    if gone.fetchone() is None:
        return False
    report(work, [(quest_id, Withdrawn(person_id, was_counted=True))])
    return True


__all__ = ["leave"]
