"""Ledger: who holds how much of which unit, and every transfer that made it so.

Owns:   ledger_accounts, ledger_transfers
Calls:  nothing above the kernel
Events: none; the package that asked for a transfer tells the story

Money, stock, budgets, coupon quantities and points are all accounts here, so one mechanism holds
every cap. A unit is a currency (`CNY`), `points`, or a thing that is counted (`offer:<id>`).
"""

from banyan.ledger.book import Account, Book, Outcome, Overtaken, Transfer, UnknownAccount
from banyan.ledger.commands import (
    AccountSpec,
    Resolution,
    account_id,
    open_accounts,
    resolve,
    transfer,
)
from banyan.ledger.invariants import INVARIANTS
from banyan.ledger.queries import AccountView, TransferView, accounts, balances, transfers

__all__ = [
    "INVARIANTS",
    "Account",
    "AccountSpec",
    "AccountView",
    "Book",
    "Outcome",
    "Overtaken",
    "Resolution",
    "Transfer",
    "TransferView",
    "UnknownAccount",
    "account_id",
    "accounts",
    "balances",
    "open_accounts",
    "resolve",
    "transfer",
    "transfers",
]
