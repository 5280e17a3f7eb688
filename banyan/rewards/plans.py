"""Plans: one envelope that funds several campaigns, each of them a task of it.

Plan → campaign → day is money that moves down the ledger; a parent that has none left funds no
child, however many ask at once.
"""

from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec

from banyan import ledger, workspaces
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Transfer
from banyan.rewards import refusals
from banyan.rewards.accounts import plan_key, source_key, spent_key

Minor = Annotated[int, msgspec.Meta(ge=0, le=10**13)]


class PlanTask(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign of a plan: what was set aside for it and what it has spent."""

    campaign_id: UUID
    total_minor: int
    spent_minor: int


class PlanView(msgspec.Struct, frozen=True, kw_only=True):
    """A plan. `free_minor` is not set aside for any task; `is_warned`: spent as far as to be told."""

    id: UUID
    name: str
    currency: str
    total_minor: int
    free_minor: int
    spent_minor: int
    warn_at_bps: int
    is_warned: bool
    tasks: list[PlanTask]


class Plan(NamedTuple):
    """A plan's row, locked."""

    total_minor: int
    currency: str


def fund_plan(
    work: Work, plan_id: UUID, name: str, total_minor: int, *, warn_at_bps: int = 8000
) -> None:
    """Make a plan, or raise or lower it to `total_minor`. Raises `plan_below_set_aside`."""
    currency = workspaces.workspace_of(work).currency
    work.driver.execute(
        """
        insert into reward_plans (workspace_id, id, name, currency, total_minor, warn_at_bps,
                                  changed_at)
        values (%s, %s, %s, %s, 0, %s, %s)
        on conflict (workspace_id, id) do update set name = excluded.name,
          warn_at_bps = excluded.warn_at_bps, changed_at = excluded.changed_at
        """,
        (work.workspace_id, plan_id, name, currency, warn_at_bps, work.now),
    )
    row = work.driver.execute(
        "select total_minor, currency from reward_plans where workspace_id = %s and id = %s"
        " for update",
        (work.workspace_id, plan_id),
    ).fetchone()
    plan = Plan(*row) if row else Plan(0, currency)
    more = total_minor - plan.total_minor
    accounts = ledger.open_accounts(
        work,
        [
            AccountSpec(source_key(plan.currency), plan.currency, may_go_negative=True),
            AccountSpec(plan_key(plan_id), plan.currency),
        ],
    )
    if not more:
        return
    source, own = accounts[source_key(plan.currency)], accounts[plan_key(plan_id)]
    debit, credit = (source, own) if more > 0 else (own, source)
    move = Transfer(new_id(), debit, credit, abs(more), plan.currency, "plan.funded", plan_id)
    if ledger.transfer(work, [move]) == ["insufficient"]:
        raise Refused(refusals.PLAN_BELOW_SET_ASIDE)
    work.driver.execute(
        "update reward_plans set total_minor = %s where workspace_id = %s and id = %s",
        (total_minor, work.workspace_id, plan_id),
    )
    workspaces.audit(work, "plan.funded", str(plan_id), {"total_minor": total_minor})


def plans(work: Work) -> list[PlanView]:
    """Return the merchant's plans with their tasks, the newest first."""
    rows = work.driver.execute(
        "select id, name, currency, total_minor, warn_at_bps from reward_plans"
        " where workspace_id = %s order by id desc",
        (work.workspace_id,),
    ).fetchall()
    tasks = work.driver.execute(
        "select plan_id, campaign_id, total_minor from reward_budgets"
        " where workspace_id = %s and plan_id is not null order by campaign_id",
        (work.workspace_id,),
    ).fetchall()

    def account(key: str) -> UUID:
        return ledger.account_id(work.workspace_id, key)

    wanted = [account(plan_key(row[0])) for row in rows]
    wanted += [account(spent_key(task[1])) for task in tasks]
    held = ledger.balances(work, wanted)
    views: list[PlanView] = []
    for plan_id, name, currency, total_minor, warn_at_bps in rows:
        own = [
            PlanTask(
                campaign_id=campaign,
                total_minor=total,
                spent_minor=held.get(account(spent_key(campaign)), 0),
            )
            for plan, campaign, total in tasks
            if plan == plan_id
        ]
        spent = sum(task.spent_minor for task in own)
        views.append(
            PlanView(
                id=plan_id,
                name=name,
                currency=currency,
                total_minor=total_minor,
                free_minor=held.get(account(plan_key(plan_id)), 0),
                spent_minor=spent,
                warn_at_bps=warn_at_bps,
                is_warned=bool(total_minor) and spent * 10_000 >= total_minor * warn_at_bps,
                tasks=own,
            )
        )
    return views
