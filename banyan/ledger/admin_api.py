"""What members who may read the books see of them, over HTTP."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from banyan.ledger.queries import accounts, transfers
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "ledger.read"}
MOST_ACCOUNTS = 500
MOST_TRANSFERS = 100

_STATES = {"pending": "pending", "post": "posted", "void": "voided", "posted": "posted"}


class AccountShown(msgspec.Struct, frozen=True, kw_only=True):
    """An account and what it holds, in minor units."""

    id: UUID
    key: str
    unit: str
    balance_minor: int
    pending_minor: int


class TransferShown(msgspec.Struct, frozen=True, kw_only=True):
    """One movement between two accounts, in minor units."""

    id: UUID
    debit: str
    credit: str
    amount_minor: int
    unit: str
    state: str
    reason: str
    created_at: datetime


class AccountPage(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts by key."""

    items: list[AccountShown]
    next: str | None = None
    total: int | None = None


class TransferPage(msgspec.Struct, frozen=True, kw_only=True):
    """Movements, newest first; `next` asks for older ones."""

    items: list[TransferShown]
    next: str | None = None
    total: int | None = None


@get("/api/admin/ledger/accounts", opt=READ, sync_to_thread=True)
def list_accounts(caller: NamedDependency[Caller], prefix: FromQuery[str] = "") -> AccountPage:
    """Return the accounts whose key begins with `prefix`."""
    with caller.work() as work:
        found = accounts(work, prefix=prefix, most=MOST_ACCOUNTS)
    return AccountPage(
        items=[
            AccountShown(
                id=account.id,
                key=account.key,
                unit=account.unit,
                balance_minor=account.balance_minor,
                pending_minor=account.pending_minor,
            )
            for account in found
        ]
    )


@get("/api/admin/ledger/transfers", opt=READ, sync_to_thread=True)
def list_transfers(
    caller: NamedDependency[Caller], account: FromQuery[UUID], cursor: FromQuery[int | None] = None
) -> TransferPage:
    """Return the movements of one account, newest first."""
    with caller.work() as work:
        found = transfers(work, account, before=cursor, most=MOST_TRANSFERS)
    return TransferPage(
        items=[
            TransferShown(
                id=moved.id,
                debit=moved.debit_key,
                credit=moved.credit_key,
                amount_minor=moved.amount_minor,
                unit=moved.unit,
                state=_STATES[moved.phase],
                reason=moved.reason,
                created_at=moved.moved_at,
            )
            for moved in found
        ],
        next=str(found[-1].position) if len(found) == MOST_TRANSFERS else None,
    )


routes = [list_accounts, list_transfers]
