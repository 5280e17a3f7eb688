"""A book: some accounts locked for this transaction, and the transfers asked of them in turn.

The accounts are locked once, in id order. Each transfer is then decided in memory against the
balances as the ones before left them, and everything is written by two set-wise statements when
the book is closed. A refused transfer changes nothing for its neighbours.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple
from uuid import UUID

import psycopg

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


class UnknownAccount(LookupError):
    """A transfer names an account that does not exist in this workspace, or not in this unit."""


class Overtaken(RuntimeError):
    """Another transaction wrote one of these transfers meanwhile: run the transaction again."""


class Account:
    """An account as the transfers of this book have left it."""

    __slots__ = ("balance_minor", "id", "may_go_negative", "pending_minor", "unit")

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

    @property
    def free_minor(self) -> int:
        """What may still be moved out."""
        return self.balance_minor - self.pending_minor


LOCK = """
select id, unit, balance_minor, pending_minor, may_go_negative from ledger_accounts
where workspace_id = %s and id = any(%b) order by id for no key update
"""

WRITE = """
insert into ledger_transfers (workspace_id, id, phase, debit_id, credit_id, unit, amount_minor,
                              resolves_id, reason, cause, moved_at)
select %s, t.id, t.phase, t.debit, t.credit, t.unit, t.amount, t.resolves, t.reason, t.cause, %s
from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::text[], %b::bigint[],
            %b::uuid[], %b::text[], %b::uuid[])
  as t (id, phase, debit, credit, unit, amount, resolves, reason, cause)
on conflict (workspace_id, id) do nothing
"""

MOVE = """
update ledger_accounts a
set balance_minor = a.balance_minor + m.balance, pending_minor = a.pending_minor + m.pending
from unnest(%b::uuid[], %b::bigint[], %b::bigint[]) as m (id, balance, pending)
where a.workspace_id = %s and a.id = m.id
"""


class Book:
    """Locked accounts and the transfers between them. Write it with `close`, once."""

    def __init__(self, work: Work, account_ids: Iterable[UUID]) -> None:
        """Lock the accounts, in id order. Those that do not exist are not there."""
        self._work = work
        self.accounts: dict[UUID, Account] = {}
        self._before: dict[UUID, tuple[int, int]] = {}
        self._written: list[Transfer] = []
        self._open(account_ids)

    def _open(self, account_ids: Iterable[UUID]) -> None:
        wanted = sorted(set(account_ids))
        if not wanted:
            return
        with psycopg.Cursor(self._work.driver) as cursor:
            rows = cursor.execute(LOCK, (self._work.workspace_id, wanted), binary=True)
            for row in rows:
                account = Account(*row)
                self.accounts[account.id] = account
                self._before[account.id] = (account.balance_minor, account.pending_minor)

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
        if phase == "posted" or phase == "pending":  # noqa: PLR1714 - a hot path
            if amount <= 0:
                msg = f"a transfer of {amount}"
                raise ValueError(msg)
            if not debit.may_go_negative and debit.balance_minor - debit.pending_minor < amount:
                return "insufficient"
        if phase == "pending":
            debit.pending_minor += amount
        else:
            debit.pending_minor -= transfer.held_minor
            debit.balance_minor -= amount
            credit.balance_minor += amount
        self._written.append(transfer)
        return "posted"

    def mark(self) -> int:
        """Return the place to which `back_to` can take the book back."""
        return len(self._written)

    def back_to(self, mark: int) -> None:
        """Undo, in memory, every transfer since `mark`."""
        while len(self._written) > mark:
            transfer = self._written.pop()
            debit, credit = self.accounts[transfer.debit], self.accounts[transfer.credit]
            if transfer.phase == "pending":
                debit.pending_minor -= transfer.amount_minor
            else:
                debit.pending_minor += transfer.held_minor
                debit.balance_minor += transfer.amount_minor
                credit.balance_minor -= transfer.amount_minor

    def close(self) -> None:
        """Write the transfers and the balances with one statement each.

        Raises Overtaken when one of the ids exists already, so that no balance moves without its
        transfer.
        """
        written, work = self._written, self._work
        if not written:
            return
        ids, debits, credits_, amounts, units, reasons, causes, phases, resolves, _ = zip(
            *(
                (t.id, t.debit, t.credit, t.amount_minor, t.unit, t.reason, t.cause, *t[7:])
                for t in written
            ),
            strict=True,
        )
        columns = (ids, phases, debits, credits_, units, amounts, resolves, reasons, causes)
        with psycopg.Cursor(work.driver) as cursor:
            cursor.execute(WRITE, (work.workspace_id, work.now, *map(list, columns)))
            if cursor.rowcount != len(written):
                raise Overtaken
            moved = [
                (account.id, account.balance_minor - balance, account.pending_minor - pending)
                for account, (balance, pending) in zip(
                    self.accounts.values(), self._before.values(), strict=True
                )
                if (account.balance_minor, account.pending_minor) != (balance, pending)
            ]
            cursor.execute(MOVE, (*map(list, zip(*moved, strict=True)), work.workspace_id))
        self._written = []
        self._before = {a.id: (a.balance_minor, a.pending_minor) for a in self.accounts.values()}


def account_ids_of(transfers: Sequence[Transfer]) -> set[UUID]:
    """Return every account that `transfers` touch."""
    return {t.debit for t in transfers} | {t.credit for t in transfers}
