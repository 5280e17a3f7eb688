"""Caps of channels: leave to spend, as accounts that a grant draws on beside the budget."""

from collections.abc import Mapping
from uuid import UUID

from banyan import ledger
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Transfer
from banyan.rewards import refusals
from banyan.rewards.accounts import channel_key, channel_unit
from banyan.rewards.budgets import read_budgets


def cap_channels(work: Work, campaign_id: UUID, caps: Mapping[str, int]) -> None:
    """Set the most each channel may spend: called again with other amounts, it is changed to them.

    The campaign must have a budget. A channel once capped stays capped. Raises
    `budget_below_spent`.
    """
    if not caps:
        return
    currency = read_budgets(work, [campaign_id], lock=True)[campaign_id].currency
    rows = work.driver.execute(
        "select channel, most_minor from reward_channel_caps"
        " where workspace_id = %s and campaign_id = %s for update",
        (work.workspace_id, campaign_id),
    ).fetchall()
    before, unit = dict(rows), channel_unit(currency)
    for channel, most_minor in sorted(caps.items()):
        cap, left, used = (channel_key(campaign_id, channel, p) for p in ("cap", "left", "used"))
        ids = ledger.open_accounts(
            work,
            [
                AccountSpec(cap, unit, may_go_negative=True),
                AccountSpec(left, unit),
                AccountSpec(used, unit),
            ],
        )
        more = most_minor - before.get(channel, 0)
        if more:
            debit, credit = (ids[cap], ids[left]) if more > 0 else (ids[left], ids[cap])
            move = Transfer(new_id(), debit, credit, abs(more), unit, "channel.capped", campaign_id)
            if ledger.transfer(work, [move]) == ["insufficient"]:
                spent = ledger.balances(work, [ids[used]])
                raise Refused(refusals.BUDGET_BELOW_SPENT, spent_minor=sum(spent.values()))
        work.driver.execute(
            "insert into reward_channel_caps (workspace_id, campaign_id, channel, most_minor)"
            " values (%s, %s, %s, %s) on conflict (workspace_id, campaign_id, channel)"
            " do update set most_minor = excluded.most_minor",
            (work.workspace_id, campaign_id, channel, most_minor),
        )
    work.driver.execute(
        "update reward_budgets set channels = %s where workspace_id = %s and campaign_id = %s",
        (sorted(before.keys() | caps.keys()), work.workspace_id, campaign_id),
    )
