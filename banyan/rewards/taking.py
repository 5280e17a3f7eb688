"""What a till has at hand, and the statement that writes what was taken from it."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.connection import Later
from banyan.kernel.work import Work
from banyan.ledger import Account
from banyan.rewards.budgets import Budget, ask_budgets
from banyan.rewards.givings import GrantRequest
from banyan.rewards.offers import Offer, ask_offers


class AskedTill(NamedTuple):
    """What a till is opened with, asked for but not looked at."""

    offers: Later[dict[tuple[UUID, str], Offer]]
    budgets: Later[dict[UUID, Budget]]


def ask_till(work: Work, campaign_ids: Iterable[UUID]) -> AskedTill:
    """Ask for what a till of these campaigns is opened with, together with other questions."""
    campaigns = list(set(campaign_ids))
    return AskedTill(ask_offers(work, campaigns), ask_budgets(work, campaigns, lock=False))


class Shelf(NamedTuple):
    """An offer with the accounts that count it, None when it is not limited."""

    offer: Offer
    left: Account | None
    given: Account | None


class Purse(NamedTuple):
    """What one campaign may give, with its accounts at hand."""

    budget: Budget | None
    source: Account | None
    """Where it spends from now."""
    spent: Account | None
    shelves: dict[str, Shelf]
    channels: dict[str, tuple[Account, Account]]
    """Of each channel with a cap: what it may still spend, and what it has."""


class Taken(NamedTuple):
    """A grant about to be written."""

    id: UUID
    request: GrantRequest
    offer: Offer
    slot: int | None
    code: str | None
    value_minor: int
    cost_minor: int
    points: int


INSERT = """
insert into grants (workspace_id, granted_at, id, campaign_id, beneficiary_id, rule, rule_version,
                    cause, evidence, reason_zh, reason_en, offer_id, kind, value_minor, points,
                    cost_minor, slot, code, expires_at, state, vested_at, held_until, channel,
                    quest_id, fact_nth)
select %s, %s, g.*
from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::int[], %b::uuid[], %b::uuid[],
            %b::text[], %b::text[], %b::uuid[], %b::text[], %b::bigint[], %b::bigint[],
            %b::bigint[], %b::smallint[], %b::text[], %b::timestamptz[], %b::text[],
            %b::timestamptz[], %b::timestamptz[], %b::text[], %b::uuid[], %b::int[]) as g
"""
