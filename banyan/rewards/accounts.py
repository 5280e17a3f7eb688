"""The accounts of the budget envelope, by key: merchant → plan → campaign → day, and channels."""

from datetime import date
from typing import Final
from uuid import UUID

SOURCE: Final = "merchant:budget"
"""Where budgets come from and what is left over returns to; one a currency, may go negative."""


def source_key(currency: str) -> str:
    """Return the key of the merchant's side of every budget in `currency`."""
    return f"{SOURCE}:{currency}"


def plan_key(plan_id: UUID) -> str:
    """Return the key of the account of what a plan has not set aside for a task."""
    return f"plan:{plan_id}:budget"


def budget_key(campaign_id: UUID) -> str:
    """Return the key of the account that holds a campaign's budget."""
    return f"campaign:{campaign_id}:budget"


def spent_key(campaign_id: UUID) -> str:
    """Return the key of the account that holds what a campaign has spent."""
    return f"campaign:{campaign_id}:spent"


def day_key(campaign_id: UUID, day: date) -> str:
    """Return the key of the account from which a campaign spends on `day`."""
    return f"campaign:{campaign_id}:day:{day.isoformat()}"


def channel_key(campaign_id: UUID, channel: str, part: str) -> str:
    """Return the key of a channel's account: `cap` (its source), `left` or `used`."""
    return f"channel:{campaign_id}:{channel}:{part}"


def channel_unit(currency: str) -> str:
    """Return the unit of what a channel may still spend: not money, but leave to spend it."""
    return f"leave:{currency}"
