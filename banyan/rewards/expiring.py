"""What nobody used in time: its grant expires, and what it was to cost is in the budget again.

How many of an offer there were stays as it was announced: only the money is free for others. Who
takes a coupon or a gift locks its grant first, and so does this.
"""

from collections.abc import Collection
from typing import Final, NamedTuple
from uuid import UUID

from banyan import ledger
from banyan.kernel.events import record
from banyan.kernel.ids import derived_id
from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.ledger import Book, Transfer
from banyan.rewards.accounts import budget_key, channel_key, channel_unit, spent_key
from banyan.rewards.budgets import Budget, read_budgets, return_budget
from banyan.rewards.events import Reversed

MOST_AT_ONCE: Final = 2000
EXPIRED: Final = "expired"

DUE: Final = """
select g.id, g.campaign_id, g.beneficiary_id, g.cost_minor - g.reversed_minor, g.channel
from grants g
where g.workspace_id = %s and g.state = 'vested' and g.kind in ('coupon', 'gift')
  and g.expires_at <= %s
  and not exists (select from coupon_uses u where u.workspace_id = g.workspace_id
                    and u.grant_id = g.id and u.state in ('locked', 'redeemed'))
  and not exists (select from gift_claims c where c.workspace_id = g.workspace_id and c.id = g.id)
order by g.id limit %s for update of g skip locked
"""


class _Unused(NamedTuple):
    """A grant that is over, locked."""

    id: UUID
    campaign_id: UUID
    person_id: UUID
    cost_minor: int
    channel: str | None


def expire_unused(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Let coupons and gifts that are over and unused expire; return how many. May be repeated.

    What is free again of a campaign that is settled goes back to who funded it.
    """
    rows = work.driver.execute(DUE, (work.workspace_id, work.now, most)).fetchall()
    unused = [_Unused._make(row) for row in rows]
    if not unused:
        return 0
    costly = [one for one in unused if one.cost_minor]
    budgets = read_budgets(work, {one.campaign_id for one in costly}, lock=True)
    _release(work, costly, budgets)
    work.driver.execute(
        "update grants set state = 'expired', reversed_minor = cost_minor, reverse_reason = %s"
        " where workspace_id = %s and id = any(%b)",
        (EXPIRED, work.workspace_id, [one.id for one in unused]),
    )
    record(
        work,
        [
            Reversed(
                campaign_id=one.campaign_id,
                grant_id=one.id,
                beneficiary_person_id=one.person_id,
                cost_minor=one.cost_minor,
                reason=EXPIRED,
            )
            for one in costly
        ],
    )
    for budget in budgets.values():
        if budget.returned_at is not None:
            return_budget(work, budget.campaign_id)
    return len(unused)


def _release(work: Work, unused: Collection[_Unused], budgets: dict[UUID, Budget]) -> None:
    """Move what the grants cost from spent to free, and free their channels of it."""

    def account(key: str) -> UUID:
        return ledger.account_id(work.workspace_id, key)

    def leave(budget: Budget, channel: str, part: str) -> UUID:
        return account(channel_key(budget.campaign_id, channel, part))

    book = Book(
        work,
        {
            *(account(key(campaign)) for campaign in budgets for key in (spent_key, budget_key)),
            *(
                leave(budget, channel, part)
                for budget in budgets.values()
                for channel in budget.channels
                for part in ("used", "left")
            ),
        },
    )
    for one in unused:
        budget = budgets[one.campaign_id]
        ends = (account(spent_key(one.campaign_id)), account(budget_key(one.campaign_id)))
        name, minor = derived_id("grant expired", one.id), one.cost_minor
        book.ask(Transfer(name, *ends, minor, budget.currency, "grant.reversed", one.id))
        if one.channel in budget.channels:
            used, left = (leave(budget, str(one.channel), part) for part in ("used", "left"))
            # A cap that came after the grant has not counted it.
            if book.accounts[used].free_minor >= minor:
                name, unit = derived_id("channel freed", one.id), channel_unit(budget.currency)
                book.ask(Transfer(name, used, left, minor, unit, "grant.channel_reversed", one.id))
    book.close()


def expire_unused_everywhere() -> int:
    """Let what is over expire in every workspace; return how many grants."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select distinct workspace_id from grants where state = 'vested'"
            " and kind in ('coupon', 'gift') and expires_at <= now()"
        )
        due = [row[0] for row in rows]
    done = 0
    for workspace_id in due:
        while True:
            with unit_of_work(workspace_id, SYSTEM) as work:
                expired = expire_unused(work)
            done += expired
            if expired < MOST_AT_ONCE:
                break
    return done
