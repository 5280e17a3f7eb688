"""Rewards: what a campaign may give, what it has given, to whom, for what and why.

Owns:   offers, reward_budgets, grants
Calls:  ledger (budgets, quantities and points are its accounts)
Events: rewards.granted, .refused, .reversed, .budget_warned, .budget_spent

A giving is named by (campaign, person, rule, cause) and happens at most once. `grant` is the
set-wise command; a caller that must decide together with its own rows opens a `Till`.
"""

from banyan.rewards.budgets import fund_budget, return_budget
from banyan.rewards.events import Refused
from banyan.rewards.invariants import INVARIANTS
from banyan.rewards.offers import OfferSpec, open_offers
from banyan.rewards.queries import (
    BudgetView,
    Grant,
    budget_view,
    count_grants,
    grants_for,
    grants_of_people,
    grants_page,
    offers_left,
)
from banyan.rewards.reversals import ReverseOutcome, ReverseRequest, reverse
from banyan.rewards.till import GrantOutcome, GrantRequest, Refusal, Till, grant

__all__ = [
    "INVARIANTS",
    "BudgetView",
    "Grant",
    "GrantOutcome",
    "GrantRequest",
    "OfferSpec",
    "Refusal",
    "Refused",
    "ReverseOutcome",
    "ReverseRequest",
    "Till",
    "budget_view",
    "count_grants",
    "fund_budget",
    "grant",
    "grants_for",
    "grants_of_people",
    "grants_page",
    "offers_left",
    "open_offers",
    "return_budget",
    "reverse",
]
