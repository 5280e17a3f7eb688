"""Quotas: how many pieces a campaign sells in all, as accounts of the ledger.

`source → left → taken`; `left` cannot be overdrawn, so no stampede sells more than was announced.
A piece that is not paid in time, or whose order is refunded as a whole, goes back to `left`.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from banyan import ledger
from banyan.kernel.ids import derived_id, sibling_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Book, Transfer

TAKE, GIVE_BACK = 11, 12
"""Siblings of an order's id that name its transfers here."""


class QuotaAccounts(NamedTuple):
    """The accounts of one campaign's quota, and its unit."""

    source: UUID
    left: UUID
    taken: UUID
    unit: str


def _key(campaign_id: UUID, part: str) -> str:
    return f"campaigns:{campaign_id}:sale:{part}"


def quota_accounts(workspace_id: UUID, campaign_id: UUID) -> QuotaAccounts:
    """Return the ids of a campaign's quota accounts, without asking the database."""
    source, left, taken = (
        ledger.account_id(workspace_id, _key(campaign_id, part))
        for part in ("source", "left", "taken")
    )
    return QuotaAccounts(source, left, taken, f"sale:{campaign_id}")


def open_quota(work: Work, campaign_id: UUID, quantity: int) -> None:
    """Let the campaign sell `quantity` pieces in all; it may only grow. May be repeated."""
    accounts = quota_accounts(work.workspace_id, campaign_id)
    ledger.open_accounts(
        work,
        [
            AccountSpec(_key(campaign_id, part), accounts.unit, may_go_negative=part == "source")
            for part in ("source", "left", "taken")
        ],
    )
    book = Book(work, accounts[:3])
    more = quantity + book.accounts[accounts.source].balance_minor
    if more > 0:
        made = derived_id("sale quota", work.workspace_id, campaign_id, quantity)
        book.ask(
            Transfer(
                *(made, accounts.source, accounts.left, more, accounts.unit, "sale.announced"),
                campaign_id,
            )
        )
        book.close()


def left_of(work: Work, campaign_id: UUID) -> int | None:
    """Return how many pieces are left of a campaign's quota; None when it has none."""
    accounts = quota_accounts(work.workspace_id, campaign_id)
    row = work.driver.execute(
        "select balance_minor from ledger_accounts where workspace_id = %s and id = %s",
        (work.workspace_id, accounts.left),
    ).fetchone()
    return int(row[0]) if row else None


class Quotas:
    """The quotas of some campaigns, locked for this transaction."""

    def __init__(self, work: Work, campaign_ids: Iterable[UUID]) -> None:
        """Lock the quotas of those campaigns that have one."""
        self._work = work
        self._of = {
            campaign: quota_accounts(work.workspace_id, campaign) for campaign in campaign_ids
        }
        self._book = Book(work, [each for a in self._of.values() for each in (a.left, a.taken)])
        self._left: dict[UUID, int] = {
            campaign: self._book.accounts[accounts.left].free_minor
            for campaign, accounts in self._of.items()
            if accounts.left in self._book.accounts
        }

    def left(self, campaign_id: UUID) -> int | None:
        """Return how many are left in this transaction; None when there is no quota."""
        return self._left.get(campaign_id)

    def set_aside(self, campaign_id: UUID, quantity: int) -> bool:
        """Think of `quantity` as taken; False when there are fewer."""
        left = self._left.get(campaign_id)
        if left is None:
            return True
        if left < quantity:
            return False
        self._left[campaign_id] = left - quantity
        return True

    def put_back(self, campaign_id: UUID, quantity: int) -> None:
        """Think of `quantity` as not taken after all."""
        if campaign_id in self._left:
            self._left[campaign_id] += quantity

    def close(
        self,
        taken: Mapping[UUID, tuple[UUID, int]] | None = None,
        returned: Mapping[UUID, tuple[UUID, int]] | None = None,
    ) -> None:
        """Write what orders took and gave back: order → (campaign, quantity)."""
        for nth, orders in ((TAKE, taken or {}), (GIVE_BACK, returned or {})):
            for order, (campaign, quantity) in orders.items():
                if campaign not in self._left:
                    continue
                accounts = self._of[campaign]
                ends = (accounts.left, accounts.taken)
                debit, credit = ends if nth == TAKE else ends[::-1]
                reason = "sale.taken" if nth == TAKE else "sale.given_back"
                asked = Transfer(
                    *(sibling_id(order, nth), debit, credit, quantity, accounts.unit, reason),
                    order,
                )
                if self._book.ask(asked) == "insufficient":
                    msg = f"order {order} is not in the quota of its campaign"
                    raise RuntimeError(msg)
        self._book.close()
