"""Writing off: what somebody who is deleted still owes is nobody's any more.

Who is deleted cannot be asked, told or paid, so nothing that comes could pay a debt of theirs. What
free cash they have pays it first; the rest the merchant bears, as a cost the budget has had all
along, with a row in the audit log. So the accounts of debts come to nothing.
"""

from uuid import UUID

from banyan import people
from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.rewards.collecting import collect
from banyan.rewards.debts import forgive

MOST_AT_ONCE = 500

OPEN = """
select grant_id from cash_debts where workspace_id = %s and person_id = %s and owed_minor > 0
order by grant_id
"""

DEBTORS = """
select distinct person_id from cash_debts where workspace_id = %s and owed_minor > 0
"""


def write_off(work: Work, person_id: UUID) -> int:
    """Let a person's cash pay what it can, and the rest of what they owe go; return how much.

    In minor units of each currency together. For who is being deleted. May be repeated.
    """
    collect(work, [person_id])
    rows = work.driver.execute(OPEN, (work.workspace_id, person_id)).fetchall()
    return sum(forgive(work, row[0], "debt.written_off") for row in rows)


def write_off_deleted(work: Work) -> int:
    """Write off what was clawed back from people after they were deleted; return of how many."""
    owing = [row[0] for row in work.driver.execute(DEBTORS, (work.workspace_id,)).fetchall()]
    gone = sorted(people.deleted_among(work, owing))[:MOST_AT_ONCE]
    for person in gone:
        write_off(work, person)
    return len(gone)


def write_off_everywhere() -> int:
    """Do so in every workspace where somebody owes; return of how many people."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select distinct workspace_id from cash_debts where owed_minor > 0"
        )
        due = [row[0] for row in rows]
    done = 0
    for workspace_id in due:
        with unit_of_work(workspace_id, SYSTEM) as work:
            done += write_off_deleted(work)
    return done
