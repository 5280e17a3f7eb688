"""What the ledger tells."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.work import Work


class AccountView(NamedTuple):
    """An account and what it holds."""

    id: UUID
    key: str
    unit: str
    balance_minor: int
    pending_minor: int
    may_go_negative: bool


class TransferView(NamedTuple):
    """A movement as it is kept. `position` is its place in the order of writing."""

    id: UUID
    position: int
    phase: str
    debit_key: str
    credit_key: str
    unit: str
    amount_minor: int
    reason: str
    cause: UUID | None
    moved_at: datetime


def balances(work: Work, account_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the posted balance of each account that exists, in minor units."""
    rows = work.driver.execute(
        "select id, balance_minor from ledger_accounts where workspace_id = %s and id = any(%b)",
        (work.workspace_id, list(account_ids)),
        binary=True,
    )
    return dict(rows.fetchall())


def accounts(work: Work, *, prefix: str = "", most: int = 200) -> list[AccountView]:
    """Return accounts whose key begins with `prefix`, by key."""
    rows = work.driver.execute(
        """
        select id, key, unit, balance_minor, pending_minor, may_go_negative from ledger_accounts
        where workspace_id = %s and starts_with(key, %s) order by key limit %s
        """,
        (work.workspace_id, prefix, most),
    )
    return [AccountView(*row) for row in rows]


def transfers(
    work: Work, account: UUID, *, before: int | None = None, most: int = 100
) -> list[TransferView]:
    """Return the newest movements of `account`, below the position `before`."""
    rows = work.driver.execute(
        """
        with mine as (
            (select * from ledger_transfers where workspace_id = %(workspace)s
               and debit_id = %(account)s and position < %(before)s
             order by position desc limit %(most)s)
            union all
            (select * from ledger_transfers where workspace_id = %(workspace)s
               and credit_id = %(account)s and position < %(before)s
             order by position desc limit %(most)s)
        )
        select m.id, m.position, m.phase, d.key, c.key, m.unit, m.amount_minor, m.reason, m.cause,
               m.moved_at
        from mine m
        join ledger_accounts d on d.workspace_id = m.workspace_id and d.id = m.debit_id
        join ledger_accounts c on c.workspace_id = m.workspace_id and c.id = m.credit_id
        order by m.position desc limit %(most)s
        """,
        {
            "workspace": work.workspace_id,
            "account": account,
            "before": before or 2**63 - 1,
            "most": most,
        },
    )
    return [TransferView(*row) for row in rows]
