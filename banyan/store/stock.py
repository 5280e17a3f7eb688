"""Stock: how many of a SKU there are, as accounts of the ledger.

`supply → available → reserved → sold`. A reservation is a transfer taken before the order exists;
it ends once, sold or given back, by transfers whose ids belong to the order line.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from banyan import ledger
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id, sibling_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Transfer
from banyan.store.refusals import SOLD_OUT

PARTS = ("supply", "available", "reserved", "sold")

RESERVE, SELL, RELEASE, RESTOCK, RESERVE_AGAIN = 1, 2, 3, 4, 6
"""Siblings of a line's id that name its transfers."""


class Stock(NamedTuple):
    """How many can be bought, are promised to unpaid orders, and were sold and not returned."""

    available: int
    reserved: int
    sold: int


class StockAccounts(NamedTuple):
    """The ids of a SKU's accounts and its unit."""

    supply: UUID
    available: UUID
    reserved: UUID
    sold: UUID
    unit: str


def stock_key(sku_id: UUID, part: str) -> str:
    """Return the key of the account that holds one part of a SKU's stock."""
    return f"store:stock:{sku_id}:{part}"


def unit_of(sku_id: UUID) -> str:
    """Return the unit in which a SKU is counted."""
    return f"sku:{sku_id}"


def stock_accounts(workspace_id: UUID, sku_id: UUID) -> StockAccounts:
    """Return the ids of a SKU's accounts, without asking the database."""
    supply, available, reserved, sold = (
        ledger.account_id(workspace_id, stock_key(sku_id, part)) for part in PARTS
    )
    return StockAccounts(supply, available, reserved, sold, unit_of(sku_id))


def open_stock(work: Work, quantities: Iterable[tuple[UUID, int]]) -> None:
    """Open the accounts of new SKUs and put the first quantity on the shelf, set-wise."""
    wanted = list(quantities)
    ledger.open_accounts(
        work,
        [
            AccountSpec(stock_key(sku, part), unit_of(sku), may_go_negative=part == "supply")
            for sku, _ in wanted
            for part in PARTS
        ],
    )
    supply = [(sku, quantity) for sku, quantity in wanted if quantity]
    if supply:
        add_stock(work, supply, "stock.opened")


def add_stock(work: Work, changes: Sequence[tuple[UUID, int]], reason: str) -> None:
    """Put more of each SKU on the shelf, or take some off (a negative change).

    Raises `sold_out` when fewer are free than should be taken off; then nothing changes.
    """
    moves: list[Transfer] = []
    for sku, change in changes:
        accounts = stock_accounts(work.workspace_id, sku)
        ends = (accounts.supply, accounts.available)
        debit, credit = ends if change > 0 else ends[::-1]
        if change:
            moves.append(Transfer(new_id(), debit, credit, abs(change), accounts.unit, reason, sku))
    outcomes = ledger.transfer(work, moves)
    if "insufficient" in outcomes:
        short = moves[outcomes.index("insufficient")]
        left = stock_of(work, [short.cause]) if short.cause else {}
        found = left.get(short.cause) if short.cause else None
        raise Refused(SOLD_OUT, name=str(short.cause), left=found.available if found else 0)


def set_stock(work: Work, sku_id: UUID, available: int, reason: str) -> None:
    """Make `available` the number that can be bought, whatever it was; reservations stay."""
    accounts = stock_accounts(work.workspace_id, sku_id)
    book = ledger.Book(work, [accounts.supply, accounts.available])
    change = available - book.accounts[accounts.available].free_minor
    if change:
        ends = (accounts.supply, accounts.available)
        debit, credit = ends if change > 0 else ends[::-1]
        book.ask(Transfer(new_id(), debit, credit, abs(change), accounts.unit, reason, sku_id))
        book.close()


def stock_of(work: Work, sku_ids: Iterable[UUID]) -> dict[UUID, Stock]:
    """Return how many there are of each SKU; a SKU without accounts has none."""
    wanted = {sku: stock_accounts(work.workspace_id, sku) for sku in sku_ids}
    balances = ledger.balances(work, [each for made in wanted.values() for each in made[1:4]])
    return {
        sku: Stock(*(balances.get(each, 0) for each in made[1:4])) for sku, made in wanted.items()
    }


def reserve(accounts: StockAccounts, line_id: UUID, quantity: int) -> Transfer:
    """Return the transfer that promises stock to an order line."""
    return Transfer(
        *(sibling_id(line_id, RESERVE), accounts.available, accounts.reserved),
        *(quantity, accounts.unit, "stock.reserved", line_id),
    )


def reserve_again(accounts: StockAccounts, line_id: UUID, quantity: int) -> Transfer:
    """Return the transfer that promises stock to the line of an order that is taken up again."""
    first = reserve(accounts, line_id, quantity)
    return first._replace(id=sibling_id(line_id, RESERVE_AGAIN))


def sell(accounts: StockAccounts, line_id: UUID, quantity: int) -> Transfer:
    """Return the transfer that ends a reservation: paid."""
    return Transfer(
        *(sibling_id(line_id, SELL), accounts.reserved, accounts.sold),
        *(quantity, accounts.unit, "stock.sold", line_id),
    )


def release(accounts: StockAccounts, line_id: UUID, quantity: int) -> Transfer:
    """Return the transfer that ends a reservation: given back."""
    return Transfer(
        *(sibling_id(line_id, RELEASE), accounts.reserved, accounts.available),
        *(quantity, accounts.unit, "stock.released", line_id),
    )


def restock(accounts: StockAccounts, transfer_id: UUID, line_id: UUID, quantity: int) -> Transfer:
    """Return the transfer that puts refunded goods back on the shelf."""
    return Transfer(
        *(transfer_id, accounts.sold, accounts.available),
        *(quantity, accounts.unit, "stock.restocked", line_id),
    )
