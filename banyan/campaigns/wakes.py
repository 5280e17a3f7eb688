"""Wake-ups: quests that asked to be told when time has passed are told."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from banyan.campaigns.quests import report_readable
from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.plays import TimePassed

MOST_AT_ONCE = 500
UNREADABLE_AGAIN = timedelta(minutes=5)
"""When a quest is woken again whose progress cannot be read: somebody may have mended it."""

TAKE = """
delete from wakes w using (
  select workspace_id, quest_id, due_at from wakes
  where workspace_id = %s and due_at <= %s order by due_at limit %s for update skip locked
) due
where w.workspace_id = due.workspace_id and w.quest_id = due.quest_id and w.due_at = due.due_at
returning w.quest_id
"""
LATER = """
insert into wakes (workspace_id, quest_id, due_at) select %s, quest, %s
from unnest(%b::uuid[]) as quest
on conflict do nothing
"""


def wake_due(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Tell up to `most` quests whose moment has come that time has passed; return how many.

    Several workers may do this at once: each takes others. One that cannot be read is left as it is
    and woken again in five minutes.
    """
    rows = work.driver.execute(TAKE, (work.workspace_id, work.now, most)).fetchall()
    quests = sorted({row[0] for row in rows})
    unreadable = report_readable(work, [(quest, TimePassed()) for quest in quests])
    if unreadable:
        again = work.now + UNREADABLE_AGAIN
        work.driver.execute(LATER, (work.workspace_id, again, sorted(unreadable)))
    return len(rows)


def waiting_workspaces() -> list[UUID]:
    """Return the workspaces in which a quest waits to be woken now."""
    with across_workspaces() as connection:
        rows = connection.execute(
            text("select distinct workspace_id from wakes where due_at <= clock_timestamp()")
        )
        return [row[0] for row in rows]


def wake_everywhere() -> int:
    """Wake what is due in every workspace, one transaction a piece; return how many quests."""
    woken = 0
    for workspace in waiting_workspaces():
        while True:
            with unit_of_work(workspace, SYSTEM) as work:
                now = wake_due(work)
            woken += now
            if now < MOST_AT_ONCE:
                break
    return woken
