"""Debts: cash that a claw-back found paid out already, and the accounts that hold what is owed.

A debt is no money: its accounts are in a unit of their own, so nobody's cash goes below nothing
and the budget gets back only what really came back. It is paid by taking the grant back further,
as soon as its person has cash again.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from banyan import ledger, workspaces
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Book, Transfer
from banyan.rewards import refusals

MOST: Final = 200


class Debt(NamedTuple):
    """What is owed of one grant, read while the grant is locked."""

    grant_id: UUID
    keep_minor: int
    owed_minor: int
    forgiven_minor: int
    reason: str


class DebtView(NamedTuple):
    """A debt to be shown, in minor units; the words are those of the grant it is of."""

    grant_id: UUID
    campaign_id: UUID
    person_id: UUID
    reason_zh: str
    reason_en: str
    currency: str
    made_minor: int
    owed_minor: int
    forgiven_minor: int
    made_at: datetime
    settled_at: datetime | None


READ = """
select grant_id, keep_minor, owed_minor, forgiven_minor, reason from cash_debts
where workspace_id = %s and grant_id = any(%b)
"""

WRITE = """
insert into cash_debts as d (workspace_id, made_at, settled_at, grant_id, campaign_id, person_id,
                             currency, reason, keep_minor, owed_minor, made_minor)
select %(workspace)s, %(now)s, case when c.owed = 0 then %(now)s::timestamptz end, c.*, c.owed
from unnest(%(grants)b::uuid[], %(campaigns)b::uuid[], %(people)b::uuid[], %(currencies)b::text[],
            %(reasons)b::text[], %(keeps)b::bigint[], %(owed)b::bigint[])
  as c (grant_id, campaign, person, currency, reason, keep, owed)
on conflict (workspace_id, grant_id) do update
set keep_minor = excluded.keep_minor, owed_minor = excluded.owed_minor,
    reason = excluded.reason, made_minor = greatest(d.made_minor, excluded.owed_minor),
    settled_at = case when excluded.owed_minor = 0 then %(now)s::timestamptz end
"""

VIEW = """
select d.grant_id, d.campaign_id, d.person_id, g.reason_zh, g.reason_en, d.currency, d.made_minor,
       d.owed_minor, d.forgiven_minor, d.made_at, d.settled_at
from cash_debts d join grants g on g.workspace_id = d.workspace_id and g.id = d.grant_id
where d.workspace_id = %s and (%s::uuid is null or d.person_id = %s)
  and (d.owed_minor > 0 or not %s)
order by d.owed_minor = 0, d.made_at desc, d.grant_id limit %s
"""


def owes_key(person_id: UUID, currency: str) -> str:
    """Return the key of the account of what a person owes."""
    return f"person:{person_id}:owes:{currency}"


def debts_key(currency: str) -> str:
    """Return the key of the other side of every debt in `currency`."""
    return f"debts:{currency}"


def debt_unit(currency: str) -> str:
    """Return the unit of what is owed: not money, but a claim to it."""
    return f"debt:{currency}"


def debt_specs(people: Collection[tuple[UUID, str]]) -> list[AccountSpec]:
    """Return the accounts that the debts of (person, currency) need."""
    specs = [AccountSpec(owes_key(who, unit), debt_unit(unit)) for who, unit in sorted(people)]
    specs += [
        AccountSpec(debts_key(unit), debt_unit(unit), may_go_negative=True)
        for unit in sorted({unit for _, unit in people})
    ]
    return specs


class Owing(NamedTuple):
    """A debt as it will be written: made, grown, paid in part or paid."""

    grant_id: UUID
    campaign_id: UUID
    person_id: UUID
    currency: str
    reason: str
    keep_minor: int
    owed_minor: int


class Debts:
    """The debts of some locked grants, and how this transaction leaves them."""

    def __init__(self, work: Work, grant_ids: Iterable[UUID]) -> None:
        """Read what is owed of grants that are locked."""
        self._work = work
        rows = work.driver.execute(READ, (work.workspace_id, sorted(set(grant_ids))))
        self._found = {row[0]: Debt(*row) for row in rows}
        self._changed: dict[UUID, Owing] = {}

    def of(self, grant_id: UUID) -> Debt | None:
        """Return what is owed of a grant by now."""
        return self._found.get(grant_id)

    def move(self, book: Book, owing: Owing) -> None:
        """Note what is owed now, and move the difference in `book`, which has the accounts."""
        before = self._found.get(owing.grant_id)
        was = before.owed_minor if before else 0
        forgiven = before.forgiven_minor if before else 0
        more = owing.owed_minor - was
        if more:
            reason = "debt.made" if more > 0 else "debt.paid"
            book.ask(_transfer(self._work, owing, more, reason))
        if before is None and not owing.owed_minor:
            return
        self._changed[owing.grant_id] = owing
        self._found[owing.grant_id] = Debt(
            *(owing.grant_id, owing.keep_minor, owing.owed_minor, forgiven, owing.reason)
        )

    def close(self) -> None:
        """Write the debts that changed."""
        if not self._changed:
            return
        work = self._work
        grants, campaigns, people, currencies, reasons, keeps, owed = map(
            list, zip(*self._changed.values(), strict=True)
        )
        values = {
            "workspace": work.workspace_id,
            "now": work.now,
            "grants": grants,
            "campaigns": campaigns,
            "people": people,
            "currencies": currencies,
            "reasons": reasons,
            "keeps": keeps,
            "owed": owed,
        }
        work.driver.execute(WRITE, values)


def _transfer(work: Work, owing: Owing, more: int, reason: str) -> Transfer:
    own = ledger.account_id(work.workspace_id, owes_key(owing.person_id, owing.currency))
    other = ledger.account_id(work.workspace_id, debts_key(owing.currency))
    debit, credit = (other, own) if more > 0 else (own, other)
    unit = debt_unit(owing.currency)
    return Transfer(new_id(), debit, credit, abs(more), unit, reason, owing.grant_id)


def forgive(
    work: Work, grant_id: UUID, why: Literal["debt.forgiven", "debt.written_off"] = "debt.forgiven"
) -> int:
    """Let go what is still owed of a grant; return how much, in minor units. May be repeated.

    Raises `debt_not_found`. What was let go once is not claimed again. `why` names it in the ledger
    and in the audit log: by the merchant's word, or because its person was deleted.
    """
    work.driver.execute(
        "select from grants where workspace_id = %s and id = %s for update",
        (work.workspace_id, grant_id),
    )
    row = work.driver.execute(
        "select campaign_id, person_id, currency, reason, keep_minor, owed_minor from cash_debts"
        " where workspace_id = %s and grant_id = %s",
        (work.workspace_id, grant_id),
    ).fetchone()
    if row is None:
        raise Refused(refusals.NO_SUCH_DEBT)
    owing = Owing(grant_id, *row)
    if not owing.owed_minor:
        return 0
    ledger.transfer(work, [_transfer(work, owing, -owing.owed_minor, why)])
    work.driver.execute(
        "update cash_debts set forgiven_minor = forgiven_minor + owed_minor, owed_minor = 0,"
        " settled_at = %s where workspace_id = %s and grant_id = %s",
        (work.now, work.workspace_id, grant_id),
    )
    detail = {"amount_minor": owing.owed_minor, "currency": owing.currency}
    workspaces.audit(work, why, str(grant_id), detail)
    return owing.owed_minor


def owed_by(work: Work, person_id: UUID, currency: str) -> int:
    """Return what a person owes in all, in minor units."""
    own = ledger.account_id(work.workspace_id, owes_key(person_id, currency))
    return ledger.balances(work, [own]).get(own, 0)


def debts_of(
    work: Work, person_id: UUID | None = None, *, only_open: bool = False
) -> list[DebtView]:
    """Return debts, what is open first; of everybody, or of one person."""
    rows = work.driver.execute(
        VIEW, (work.workspace_id, person_id, person_id, only_open, MOST)
    ).fetchall()
    return [DebtView(*row) for row in rows]
