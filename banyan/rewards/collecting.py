"""Collecting: whoever owes and has cash again pays first."""

from collections.abc import Collection
from uuid import UUID

from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.rewards.reversals import ReverseRequest, reverse

MOST_AT_ONCE = 500

# `free` is what the person's cash account has that is not held for a payout.
OPEN = """
select d.campaign_id, g.rule, d.person_id, g.cause, d.reason, d.keep_minor
from cash_debts d
join grants g on g.workspace_id = d.workspace_id and g.id = d.grant_id
join ledger_accounts a on a.workspace_id = d.workspace_id
  and a.key = 'person:' || d.person_id || ':cash:' || d.currency
where d.workspace_id = %s and d.owed_minor > 0 and (%s or d.person_id = any(%b))
  and a.balance_minor > a.pending_minor
order by d.made_at, d.grant_id limit %s
"""


def collect(work: Work, people: Collection[UUID] | None = None) -> int:
    """Let the free cash of `people` (None: of everybody) pay what they owe, the oldest first.

    Returns how many debts were paid into. May be repeated. Nothing of these people may be locked
    yet: it locks grants, then accounts, as a claw-back does.
    """
    params = (work.workspace_id, people is None, sorted(people or ()), MOST_AT_ONCE)
    rows = work.driver.execute(OPEN, params).fetchall()
    if rows:
        reverse(work, [ReverseRequest(*row) for row in rows])
    return len(rows)


def collect_everywhere() -> int:
    """Collect in every workspace where somebody who owes has cash; return how many debts."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select distinct d.workspace_id from cash_debts d"
            " join ledger_accounts a on a.workspace_id = d.workspace_id"
            " and a.key = 'person:' || d.person_id || ':cash:' || d.currency"
            " where d.owed_minor > 0 and a.balance_minor > a.pending_minor"
        )
        due = [row[0] for row in rows]
    done = 0
    for workspace_id in due:
        with unit_of_work(workspace_id, SYSTEM) as work:
            done += collect(work)
    return done
