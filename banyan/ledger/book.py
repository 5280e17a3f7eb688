"""A book: some accounts read by this transaction, and the transfers asked of them in turn.

Each transfer is decided in memory against the balances as the ones before left them, and all is
written by a few set-wise statements when the book is closed. A refused transfer changes nothing
for its neighbours. Accounts are locked in id order: when the book is opened, or, in a late book,
when it is closed, so that a hot account is held for the blink of a commit; if somebody else has
spent what was counted on meanwhile, closing raises Overtaken and nothing has happened.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from psycopg.errors import CheckViolation, UniqueViolation

from banyan.kernel.work import Work

Outcome = Literal["posted", "repeated", "insufficient"]
Phase = Literal["posted", "pending", "post", "void"]


class Transfer(NamedTuple):
    """A movement asked for. Repeating an `id` moves nothing."""

    id: UUID
    debit: UUID
    credit: UUID
    amount_minor: int
    unit: str
    reason: str
    cause: UUID | None = None
    phase: Phase = "posted"
    """`posted` moves at once, `pending` holds until `resolve`."""
    resolves: UUID | None = None
    held_minor: int = 0
    """What the resolved transfer held; only with `resolves`."""


class UnknownAccount(LookupError):  # noqa: N818 - says what is so, like a refusal
    """A transfer names an account that does not exist in this workspace, or not in this unit."""


class Overtaken(RuntimeError):  # noqa: N818 - says what is so, like a refusal
    """Another transaction wrote one of these transfers meanwhile: run the transaction again."""


class Account:
    """An account as the transfers of this book have left it."""

    __slots__ = ("balance_minor", "before", "id", "may_go_negative", "pending_minor", "unit")

    def __init__(
        self,
        id: UUID,  # noqa: A002 - the word of the column
        unit: str,
        balance_minor: int,
        pending_minor: int,
        may_go_negative: bool,  # noqa: FBT001
    ) -> None:
        """Hold what the row says."""
        self.id = id
        self.unit = unit
        self.balance_minor = balance_minor
        self.pending_minor = pending_minor
        self.may_go_negative = may_go_negative
        self.before = (balance_minor, pending_minor)

    @property
    def free_minor(self) -> int:
        """What may still be moved out."""
        return self.balance_minor - self.pending_minor


class _Written(NamedTuple):
    """A transfer decided on, with its accounts at hand."""

    id: UUID
    phase: Phase
    debit: Account
    credit: Account
    amount_minor: int
    resolves: UUID | None
    reason: str
    cause: UUID | None
    held_minor: int


READ = """
select id, unit, balance_minor, pending_minor, may_go_negative from ledger_accounts
where workspace_id = %s and id = any(%b::uuid[]) order by id
"""
LOCK = f"{READ} for no key update"

WRITE = """
insert into ledger_transfers (workspace_id, id, phase, debit_id, credit_id, unit, amount_minor,
                              resolves_id, reason, cause, moved_at)
select %s, t.id, t.phase, t.debit, t.credit, t.unit, t.amount, t.resolves, t.reason, t.cause, %s
from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::text[], %b::bigint[],
            %b::uuid[], %b::text[], %b::uuid[])
  as t (id, phase, debit, credit, unit, amount, resolves, reason, cause)
"""

# Locked one after the other in id order, whatever plan the update gets.
MOVE = """
with held as materialized (
  select id from ledger_accounts where workspace_id = %s and id = any(%b::uuid[])
  order by id for no key update
)
update ledger_accounts a
set balance_minor = a.balance_minor + m.balance, pending_minor = a.pending_minor + m.pending
from held join unnest(%b::uuid[], %b::bigint[], %b::bigint[]) as m (id, balance, pending)
  on m.id = held.id
where a.workspace_id = %s and a.id = held.id
returning a.id, a.balance_minor, a.pending_minor
"""


class Book:
    """Locked accounts and the transfers between them. Write it with `close`, once."""

    def __init__(self, work: Work, account_ids: Iterable[UUID], *, is_late: bool = False) -> None:
        """Read the accounts, locked unless `is_late`. Those that do not exist are not there."""
        self._work = work
        self.accounts: dict[UUID, Account] = {}
        self._written: list[_Written] = []
        wanted = sorted(set(account_ids))
        if wanted:
            read = READ if is_late else LOCK
            rows = work.driver.ask(read, (work.workspace_id, wanted))
            self.accounts = {row[0]: Account(*row) for row in rows}

    def move(
        self,
        made: UUID,
        debit: Account,
        credit: Account,
        amount_minor: int,
        reason: str,
        cause: UUID | None,
    ) -> bool:
        """Decide, in memory, a new transfer that is posted at once; False: there is too little."""
        if debit.unit != credit.unit or amount_minor <= 0:
            raise UnknownAccount(debit.id, credit.id, amount_minor)
        if not debit.may_go_negative and debit.balance_minor - debit.pending_minor < amount_minor:
            return False
        debit.balance_minor -= amount_minor
        credit.balance_minor += amount_minor
        self._written.append(
            _Written(made, "posted", debit, credit, amount_minor, None, reason, cause, 0)
        )
        return True

    def ask(self, transfer: Transfer) -> Outcome:
        """Decide one new transfer in memory: `posted` or `insufficient`.

        Raises UnknownAccount. Whether the id is a repeat is the caller's to know (`transfer` asks
        the table; ids made in this transaction cannot be).
        """
        debit = self.accounts.get(transfer.debit)
        credit = self.accounts.get(transfer.credit)
        if debit is None or credit is None or not debit.unit == credit.unit == transfer.unit:
            raise UnknownAccount(transfer)
        amount, phase = transfer.amount_minor, transfer.phase
        if phase == "posted":
            moved = self.move(transfer.id, debit, credit, amount, transfer.reason, transfer.cause)
            return "posted" if moved else "insufficient"
        if phase == "pending":
            if amount <= 0:
                raise UnknownAccount(transfer)
            if not debit.may_go_negative and debit.free_minor < amount:
                return "insufficient"
            debit.pending_minor += amount
        else:
            debit.pending_minor -= transfer.held_minor
            debit.balance_minor -= amount
            credit.balance_minor += amount
        self._written.append(
            _Written(
                *(transfer.id, phase, debit, credit, amount, transfer.resolves, transfer.reason),
                *(transfer.cause, transfer.held_minor),
            )
        )
        return "posted"

    def mark(self) -> int:
        """Return the place to which `back_to` can take the book back."""
        return len(self._written)

    def back_to(self, mark: int) -> None:
        """Undo, in memory, every transfer since `mark`."""
        while len(self._written) > mark:
            undone = self._written.pop()
            debit, credit, amount = undone.debit, undone.credit, undone.amount_minor
            if undone.phase == "pending":
                debit.pending_minor -= amount
            else:
                debit.pending_minor += undone.held_minor
                debit.balance_minor += amount
                credit.balance_minor -= amount

    def close(self) -> None:
        """Write the transfers, then the balances.

        Raises Overtaken when one of the ids exists already, so that no balance moves without its
        transfer, and when a late book finds too little left.
        """
        written, work = self._written, self._work
        if not written:
            return
        ids, phases, debits, credits_, amounts, resolves, reasons, causes, _ = map(
            list, zip(*written, strict=True)
        )
        columns = (
            *(ids, phases, [debit.id for debit in debits], [credit.id for credit in credits_]),
            *([debit.unit for debit in debits], amounts, resolves, reasons, causes),
        )
        work.driver.ask(
            WRITE,
            (work.workspace_id, work.now, *columns),
            instead={UniqueViolation: Overtaken},
        )
        self._move_balances(
            account
            for account in self.accounts.values()
            if (account.balance_minor, account.pending_minor) != account.before
        )
        self._written = []

    def _move_balances(self, changed: Iterable[Account]) -> None:
        """Carry the changes over to what the rows hold now; a late book locks them only here."""
        work = self._work
        moved = [
            (one.id, one.balance_minor - one.before[0], one.pending_minor - one.before[1])
            for one in changed
        ]
        if not moved:
            return
        ids, balances, pendings = map(list, zip(*sorted(moved), strict=True))
        workspace = work.workspace_id
        rows = work.driver.ask(
            MOVE,
            (workspace, ids, ids, balances, pendings, workspace),
            instead={CheckViolation: Overtaken},
        )
        for made, balance_minor, pending_minor in rows:
            account = self.accounts[made]
            account.balance_minor, account.pending_minor = balance_minor, pending_minor
            account.before = (balance_minor, pending_minor)


def account_ids_of(transfers: Sequence[Transfer]) -> set[UUID]:
    """Return every account that `transfers` touch."""
    return {t.debit for t in transfers} | {t.credit for t in transfers}
