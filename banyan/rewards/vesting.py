"""Vesting: what was owed becomes a person's own when its time has come."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from banyan import ledger
from banyan.kernel.events import record
from banyan.kernel.ids import sibling_id
from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.ledger import AccountSpec, Transfer
from banyan.rewards.budgets import read_budgets
from banyan.rewards.collecting import collect_everywhere
from banyan.rewards.events import Vested
from banyan.rewards.purses import cash_key, issued_cash_key
from banyan.rewards.writing_off import write_off_everywhere

MOST_AT_ONCE = 500


class VestRequest(NamedTuple):
    """A giving that is held, by its name, and when it vests."""

    campaign_id: UUID
    rule: str
    beneficiary_person_id: UUID
    cause: UUID
    at: datetime


def vest_at(work: Work, requests: Sequence[VestRequest]) -> None:
    """Say when what is held vests. The first word stands: repeating with another date is nothing."""
    if requests:
        work.driver.execute(
            """
            update grants g set held_until = k.at
            from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::timestamptz[])
              as k (campaign, rule, person, cause, at)
            where g.workspace_id = %s and g.campaign_id = k.campaign
              and g.beneficiary_id = k.person and g.rule = k.rule and g.cause = k.cause
              and g.state = 'pending' and g.held_until is null
            """,
            (*map(list, zip(*requests, strict=True)), work.workspace_id),
        )


def vest_due(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Make what is due by now its person's own; return how many grants. May be repeated."""
    rows = work.driver.execute(
        """
        select id, campaign_id, beneficiary_id, cost_minor - reversed_minor from grants
        where workspace_id = %s and state = 'pending' and held_until <= %s
        order by id limit %s for update skip locked
        """,
        (work.workspace_id, work.now, most),
    ).fetchall()
    if not rows:
        return 0
    budgets = read_budgets(work, {row[1] for row in rows}, lock=False)
    currencies = {key: budget.currency for key, budget in budgets.items()}
    specs = [
        AccountSpec(cash_key(person, currencies[c]), currencies[c]) for _, c, person, _ in rows
    ]
    specs += [
        AccountSpec(issued_cash_key(currency), currency, may_go_negative=True)
        for currency in set(currencies.values())
    ]
    accounts = ledger.open_accounts(work, specs)
    ledger.transfer(
        work,
        [
            Transfer(
                sibling_id(grant, 4),
                accounts[issued_cash_key(currencies[campaign])],
                accounts[cash_key(person, currencies[campaign])],
                *(amount, currencies[campaign], "grant.cash", grant),
            )
            for grant, campaign, person, amount in rows
            if amount
        ],
    )
    work.driver.execute(
        "update grants set state = 'vested', vested_at = %s where workspace_id = %s"
        " and id = any(%b)",
        (work.now, work.workspace_id, [row[0] for row in rows]),
    )
    record(
        work,
        [
            Vested(
                campaign_id=campaign,
                grant_id=grant,
                beneficiary_person_id=person,
                amount_minor=amount,
            )
            for grant, campaign, person, amount in rows
        ],
    )
    return len(rows)


def vest_everywhere() -> int:
    """Vest what is due in every workspace, then let new cash pay what is owed; return how many.

    What people owe who were deleted is written off.
    """
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select distinct workspace_id from grants where state = 'pending'"
            " and held_until <= now()"
        )
        due = [row[0] for row in rows]
    done = 0
    for workspace_id in due:
        with unit_of_work(workspace_id, SYSTEM) as work:
            done += vest_due(work)
    # In transactions of their own: collecting locks grants before accounts, vesting afterwards.
    return done + collect_everywhere() + write_off_everywhere()
