"""What may be asked of the ledger."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.ledger.book import Book, Outcome, Overtaken, Transfer, account_ids_of


class AccountSpec(NamedTuple):
    """An account that should exist."""

    key: str
    unit: str
    may_go_negative: bool = False


class Resolution(NamedTuple):
    """The end of a pending transfer: post up to what it held, or void it (0)."""

    id: UUID
    pending_id: UUID
    amount_minor: int
    reason: str
    cause: UUID | None = None


@lru_cache(maxsize=65_536)
def account_id(workspace_id: UUID, key: str) -> UUID:
    """Return the id of the account `key`, without asking the database."""
    return derived_id("ledger account", workspace_id, key)


def open_accounts(work: Work, specs: Sequence[AccountSpec]) -> dict[str, UUID]:
    """Make sure the accounts exist; return their ids by key. May be repeated."""
    ids = {spec.key: account_id(work.workspace_id, spec.key) for spec in specs}
    by_id = sorted({ids[spec.key]: spec for spec in specs}.items())
    if by_id:
        work.driver.execute(
            """
            insert into ledger_accounts (workspace_id, id, key, unit, may_go_negative)
            select %s, a.* from unnest(%b::uuid[], %b::text[], %b::text[], %b::boolean[]) as a
            on conflict (workspace_id, id) do nothing
            """,
            (
                work.workspace_id,
                [made for made, _ in by_id],
                [spec.key for _, spec in by_id],
                [spec.unit for _, spec in by_id],
                [spec.may_go_negative for _, spec in by_id],
            ),
        )
    return ids


def transfer(work: Work, transfers: Sequence[Transfer]) -> list[Outcome]:
    """Carry out `transfers` in order, set-wise; one outcome each.

    A known id is `repeated` and moves nothing. An account that may not go negative and has too
    little refuses with `insufficient`, and its neighbours go on. Raises UnknownAccount.
    """
    book = Book(work, account_ids_of(transfers))
    # Read after the locks: a twin that held them has committed, so its rows are seen.
    done = _known(work, [t.id for t in transfers])
    outcomes: list[Outcome] = []
    for asked in transfers:
        if asked.id in done:
            outcomes.append("repeated")
            continue
        outcome = book.ask(asked)
        if outcome == "posted":
            done.add(asked.id)
        outcomes.append(outcome)
    book.close()
    return outcomes


def resolve(work: Work, resolutions: Sequence[Resolution]) -> list[Outcome]:
    """End pending transfers, set-wise. Each ends once: a second end is `repeated`.

    Posting more than was held is `insufficient`. Raises LookupError when one was never pending.
    """
    wanted = [resolution.pending_id for resolution in resolutions]
    rows = work.driver.execute(
        """
        select id, debit_id, credit_id, amount_minor, unit from ledger_transfers
        where workspace_id = %s and id = any(%b) and phase = 'pending'
        """,
        (work.workspace_id, wanted),
    ).fetchall()
    pending = {row[0]: row for row in rows}
    if missing := set(wanted) - pending.keys():
        raise LookupError(min(missing))
    book = Book(work, {account for row in rows for account in row[1:3]})
    ended = {
        row[0]
        for row in work.driver.execute(
            "select resolves_id from ledger_transfers"
            " where workspace_id = %s and resolves_id = any(%b)",
            (work.workspace_id, wanted),
        )
    }
    outcomes: list[Outcome] = []
    for made, pending_id, amount_minor, reason, cause in resolutions:
        _, debit, credit, held_minor, unit = pending[pending_id]
        if pending_id in ended:
            outcomes.append("repeated")
            continue
        if not 0 <= amount_minor <= held_minor:
            outcomes.append("insufficient")
            continue
        phase = "post" if amount_minor else "void"
        asked = Transfer(made, debit, credit, amount_minor, unit, reason, cause, phase, pending_id)
        outcomes.append(book.ask(asked._replace(held_minor=held_minor)))
        ended.add(pending_id)
    book.close()
    return outcomes


def _known(work: Work, ids: list[UUID]) -> set[UUID]:
    rows = work.driver.execute(
        "select id from ledger_transfers where workspace_id = %s and id = any(%b)",
        (work.workspace_id, ids),
    )
    return {row[0] for row in rows}


__all__ = [
    "AccountSpec",
    "Overtaken",
    "Resolution",
    "account_id",
    "open_accounts",
    "resolve",
    "transfer",
]
