"""The budget envelope: merchant → plan → campaign → day, all of it accounts of the ledger.

A campaign with a daily limit spends from the account of the day, which is funded once per day of
the workspace's own clock; what a day leaves over goes back when the next one opens.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, LiteralString, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from banyan import ledger
from banyan.kernel.connection import Later
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Transfer
from banyan.rewards import refusals
from banyan.rewards.accounts import budget_key, day_key, plan_key, source_key, spent_key


class Budget(NamedTuple):
    """A campaign's row, as read by this transaction."""

    campaign_id: UUID
    currency: str
    timezone: str
    total_minor: int
    per_day_minor: int | None
    warn_at_bps: int
    day: date | None
    day_funded_minor: int
    warned_at: datetime | None
    spent_at: datetime | None
    returned_at: datetime | None
    plan_id: UUID | None
    channels: list[str]
    """Those that have a cap of their own."""

    def parent_key(self) -> str:
        """Return the key of the account that funds it: its plan's, or the merchant's."""
        return plan_key(self.plan_id) if self.plan_id else source_key(self.currency)

    def today(self, now: datetime) -> date:
        """Return the day of `now` on the merchant's clock; a day once opened never closes back."""
        today = now.astimezone(ZoneInfo(self.timezone)).date()
        return max(today, self.day) if self.day else today

    def warns_at_minor(self) -> int:
        """Return the amount spent at which the merchant is told."""
        return -(-self.total_minor * self.warn_at_bps // 10_000)


READ: LiteralString = """
select campaign_id, currency, timezone, total_minor, per_day_minor, warn_at_bps, day,
       day_funded_minor, warned_at, spent_at, returned_at, plan_id, channels
from reward_budgets where workspace_id = %s and campaign_id = any(%b::uuid[]) order by campaign_id
"""
LOCK: LiteralString = f"{READ} for no key update"


def read_budgets(work: Work, campaign_ids: Iterable[UUID], *, lock: bool) -> dict[UUID, Budget]:
    """Return the envelopes of the campaigns that have one, locked in id order if asked."""
    return ask_budgets(work, campaign_ids, lock=lock)()


def ask_budgets(
    work: Work, campaign_ids: Iterable[UUID], *, lock: bool
) -> Later[dict[UUID, Budget]]:
    """Ask what `read_budgets` returns."""
    asked = work.driver.ask(LOCK if lock else READ, (work.workspace_id, list(campaign_ids)))
    return lambda: {budget.campaign_id: budget for budget in map(Budget._make, asked)}


def fund_budget(
    work: Work,
    campaign_id: UUID,
    total_minor: int,
    per_day_minor: int | None,
    warn_at_bps: int,
    *,
    currency: str,
    timezone: str,
    plan_id: UUID | None = None,
) -> None:
    """Set a campaign's budget: called again with other amounts, it is raised or lowered to them.

    `timezone` (IANA), `currency` and `plan_id` (what funds it; None: the merchant) are those of
    the first call. Refuses `budget_below_spent`, `plan_not_found`, `plan_spent`.
    """
    work.driver.execute(
        """
        insert into reward_budgets (workspace_id, campaign_id, currency, timezone, total_minor,
                                    per_day_minor, warn_at_bps, plan_id)
        values (%s, %s, %s, %s, 0, %s, %s, %s) on conflict do nothing
        """,
        (work.workspace_id, campaign_id, currency, timezone, per_day_minor, warn_at_bps, plan_id),
    )
    budget = read_budgets(work, [campaign_id], lock=True)[campaign_id]
    if budget.plan_id is not None:
        _must_have_plan(work, budget.plan_id, budget.currency)
    accounts = ledger.open_accounts(
        work,
        [
            AccountSpec(source_key(budget.currency), budget.currency, may_go_negative=True),
            AccountSpec(budget_key(campaign_id), budget.currency),
            AccountSpec(spent_key(campaign_id), budget.currency),
        ],
    )
    source = ledger.account_id(work.workspace_id, budget.parent_key())
    own = accounts[budget_key(campaign_id)]
    # The open day is emptied and filled again, so that it always meets the newest limits.
    day_funded_minor = budget.day_funded_minor - _close_day(work, budget)
    more = total_minor - budget.total_minor
    if more:
        move = Transfer(
            new_id(),
            source if more > 0 else own,
            own if more > 0 else source,
            abs(more),
            budget.currency,
            "budget.funded" if more > 0 else "budget.lowered",
            campaign_id,
        )
        if ledger.transfer(work, [move]) == ["insufficient"]:
            if more > 0:
                raise Refused(refusals.PLAN_SPENT)
            spent = ledger.balances(work, [accounts[spent_key(campaign_id)]])
            raise Refused(refusals.BUDGET_BELOW_SPENT, spent_minor=sum(spent.values()))
    work.driver.execute(
        """
        update reward_budgets set total_minor = %s, per_day_minor = %s, warn_at_bps = %s,
               day_funded_minor = %s, returned_at = null,
               spent_at = case when %s then null else spent_at end,
               warned_at = case when %s then null else warned_at end
        where workspace_id = %s and campaign_id = %s
        """,
        (
            total_minor,
            per_day_minor,
            warn_at_bps,
            day_funded_minor,
            more > 0,
            more > 0,
            work.workspace_id,
            campaign_id,
        ),
    )
    if budget.day is not None and per_day_minor is not None:
        changed = read_budgets(work, [campaign_id], lock=False)[campaign_id]
        _fund_day(work, changed, budget.day)


def _must_have_plan(work: Work, plan_id: UUID, currency: str) -> None:
    found = work.driver.execute(
        "select currency from reward_plans where workspace_id = %s and id = %s",
        (work.workspace_id, plan_id),
    ).fetchone()
    if found is None or found[0] != currency:
        raise Refused(refusals.NO_SUCH_PLAN)


def return_budget(work: Work, campaign_id: UUID) -> int:
    """Give back what is left of a campaign's budget; return how much. May be repeated."""
    budget = read_budgets(work, [campaign_id], lock=True).get(campaign_id)
    if budget is None:
        return 0
    _close_day(work, budget)
    own = ledger.account_id(work.workspace_id, budget_key(campaign_id))
    left = ledger.balances(work, [own]).get(own, 0)
    if left:
        source = ledger.account_id(work.workspace_id, budget.parent_key())
        move = Transfer(
            new_id(), own, source, left, budget.currency, "budget.returned", campaign_id
        )
        ledger.transfer(work, [move])
    work.driver.execute(
        """
        update reward_budgets set total_minor = total_minor - %s, day = null, returned_at = %s
        where workspace_id = %s and campaign_id = %s
        """,
        (left, work.now, work.workspace_id, campaign_id),
    )
    return left


def open_days(work: Work, budgets: dict[UUID, Budget]) -> dict[UUID, Budget]:
    """Return `budgets` with the account of today open for each that has a daily limit."""

    def stale(found: Iterable[Budget]) -> list[UUID]:
        return [
            budget.campaign_id
            for budget in found
            if budget.per_day_minor is not None and budget.day != budget.today(work.now)
        ]

    waiting = stale(budgets.values())
    if not waiting:
        return budgets
    # Whoever held the rows may have opened the day meanwhile, so they are read again.
    locked = read_budgets(work, waiting, lock=True)
    opened = dict(budgets) | locked
    for campaign_id in stale(locked.values()):
        budget = locked[campaign_id]
        _close_day(work, budget)
        _fund_day(work, budget._replace(day_funded_minor=0), budget.today(work.now))
    return opened | read_budgets(work, waiting, lock=False)


def spending_account(work: Work, budget: Budget) -> UUID:
    """Return the account from which this campaign spends now."""
    if budget.per_day_minor is not None and budget.day is not None:
        key = day_key(budget.campaign_id, budget.day)
        return ledger.account_id(work.workspace_id, key)
    return _own_accounts(work.workspace_id, budget.campaign_id)[0]


def spent_account(work: Work, budget: Budget) -> UUID:
    """Return the account of what this campaign has spent."""
    return _own_accounts(work.workspace_id, budget.campaign_id)[1]


@lru_cache(10_000)
def _own_accounts(workspace_id: UUID, campaign_id: UUID) -> tuple[UUID, UUID]:
    """Return the accounts of what a campaign may spend, and what it has."""
    return (
        ledger.account_id(workspace_id, budget_key(campaign_id)),
        ledger.account_id(workspace_id, spent_key(campaign_id)),
    )


def _close_day(work: Work, budget: Budget) -> int:
    """Give the left-over of the open day back to the campaign; return how much. Row locked."""
    if budget.day is None:
        return 0
    own = ledger.account_id(work.workspace_id, budget_key(budget.campaign_id))
    day = ledger.account_id(work.workspace_id, day_key(budget.campaign_id, budget.day))
    book = ledger.Book(work, [own, day])
    if day in book.accounts and (left := book.accounts[day].free_minor):
        reason = "budget.day_closed"
        book.ask(Transfer(new_id(), day, own, left, budget.currency, reason, budget.campaign_id))
        book.close()
        return left
    return 0


def _fund_day(work: Work, budget: Budget, day: date) -> None:
    """Fill the account of `day` up to the daily limit and what is left; the row must be locked."""
    key = day_key(budget.campaign_id, day)
    into = ledger.open_accounts(work, [AccountSpec(key, budget.currency)])[key]
    own = ledger.account_id(work.workspace_id, budget_key(budget.campaign_id))
    book = ledger.Book(work, [own, into])
    wanted = (budget.per_day_minor or 0) - budget.day_funded_minor
    amount = max(0, min(wanted, book.accounts[own].free_minor))
    if amount:
        reason = "budget.day_opened"
        book.ask(Transfer(new_id(), own, into, amount, budget.currency, reason, budget.campaign_id))
        book.close()
    work.driver.execute(
        """
        update reward_budgets set day = %s, day_funded_minor = %s
        where workspace_id = %s and campaign_id = %s
        """,
        (day, budget.day_funded_minor + amount, work.workspace_id, budget.campaign_id),
    )


def mark_once(
    work: Work, column: Literal["warned_at", "spent_at"], campaign_ids: Sequence[UUID]
) -> set[UUID]:
    """Set `warned_at` or `spent_at` where it is empty; return the campaigns where it was."""
    rows = work.driver.execute(
        f"update reward_budgets set {column} = %s"  # noqa: S608 - one of two words of ours
        f" where workspace_id = %s and campaign_id = any(%b) and {column} is null"
        " returning campaign_id",
        (work.now, work.workspace_id, sorted(campaign_ids)),
    )
    return {row[0] for row in rows}
