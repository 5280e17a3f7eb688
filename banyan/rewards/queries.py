"""What rewards tell."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from banyan import ledger
from banyan.kernel.work import Work
from banyan.rewards.accounts import day_key, spent_key
from banyan.rewards.budgets import read_budgets
from banyan.rewards.offers import COUPON, left_key


class Grant(NamedTuple):
    """A grant as its person and the merchant see it."""

    id: UUID
    campaign_id: UUID
    beneficiary_person_id: UUID
    offer_id: UUID
    offer_key: str
    name_zh: str
    name_en: str
    kind: str
    value_minor: int
    points: int
    cost_minor: int
    code: str | None
    state: str
    rule: str
    cause: UUID
    evidence: UUID | None
    reason_zh: str
    reason_en: str
    granted_at: datetime
    expires_at: datetime | None


class BudgetView(NamedTuple):
    """A campaign's budget now, in minor units. Without a daily limit the day's figures are None."""

    currency: str
    total_minor: int
    spent_minor: int
    left_minor: int
    day_total_minor: int | None
    day_spent_minor: int | None
    warned: bool
    spent: bool


SELECT = """
select g.id, g.campaign_id, g.beneficiary_id as beneficiary_person_id, g.offer_id,
       o.key as offer_key, o.name_zh, o.name_en, g.kind, g.value_minor, g.points, g.cost_minor,
       g.code, g.state, g.rule, g.cause, g.evidence, g.reason_zh, g.reason_en, g.granted_at,
       g.expires_at
from grants g join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
where g.workspace_id = %(workspace)s
"""


def _read(work: Work, where: LiteralString, **params: object) -> list[Grant]:
    with work.driver.cursor(row_factory=class_row(Grant)) as cursor:
        cursor.execute(SELECT + where, {"workspace": work.workspace_id, **params})
        return cursor.fetchall()


def grants_of_people(work: Work, person_ids: Sequence[UUID], campaign_id: UUID) -> list[Grant]:
    """Return what these persons were given in a campaign, newest first."""
    return _read(
        work,
        " and g.campaign_id = %(campaign)s and g.beneficiary_id = any(%(people)s)"
        " order by g.id desc",
        campaign=campaign_id,
        people=list(person_ids),
    )


def grants_for(
    work: Work, evidence: Sequence[UUID], campaign_id: UUID, people: Sequence[UUID]
) -> list[Grant]:
    """Return what these records earned these persons in a campaign, in order of giving."""
    return _read(
        work,
        " and g.campaign_id = %(campaign)s and g.beneficiary_id = any(%(people)s)"
        " and g.evidence = any(%(evidence)s) order by g.id",
        campaign=campaign_id,
        people=list(people),
        evidence=list(evidence),
    )


def grants_page(
    work: Work, campaign_id: UUID, after: UUID | None = None, most: int = 100
) -> list[Grant]:
    """Return a campaign's grants, oldest first, after the grant `after`.

    A coupon reads `paid` while an order that is paid for has it: a refund may bring it back, so
    its own row stays `vested`.
    """
    found = _read(
        work,
        " and g.campaign_id = %(campaign)s and (%(after)s::uuid is null or g.id > %(after)s)"
        " order by g.id limit %(most)s",
        campaign=campaign_id,
        after=after,
        most=most,
    )
    used = _redeemed(work, [each.id for each in found if each.kind == COUPON])
    return [each._replace(state="paid") if each.id in used else each for each in found]


def _redeemed(work: Work, coupon_ids: Sequence[UUID]) -> set[UUID]:
    """Return which coupons an order that is paid for has used."""
    rows = work.driver.execute(
        "select grant_id from coupon_uses where workspace_id = %s and grant_id = any(%b)"
        " and state = 'redeemed'",
        (work.workspace_id, list(coupon_ids)),
    )
    return {row[0] for row in rows}


def count_grants(work: Work, campaign_ids: Sequence[UUID]) -> int:
    """Return how many grants of these campaigns stand."""
    row = work.driver.execute(
        """
        select count(*) from grants where workspace_id = %s and campaign_id = any(%s)
          and state not in ('cancelled', 'clawed_back')
        """,
        (work.workspace_id, list(campaign_ids)),
    ).fetchone()
    return row[0] if row else 0


def budget_view(work: Work, campaign_id: UUID) -> BudgetView | None:
    """Return a campaign's budget, None when it has none."""
    budget = read_budgets(work, [campaign_id], lock=False).get(campaign_id)
    if budget is None:
        return None
    spent = ledger.account_id(work.workspace_id, spent_key(campaign_id))
    accounts, day_left = [spent], None
    if budget.per_day_minor and budget.day and budget.day == budget.today(work.now):
        day_left = ledger.account_id(work.workspace_id, day_key(campaign_id, budget.day))
        accounts.append(day_left)
    held = ledger.balances(work, accounts)
    spent_minor = held.get(spent, 0)
    day_spent = budget.day_funded_minor - held.get(day_left, 0) if day_left else 0
    return BudgetView(
        budget.currency,
        budget.total_minor,
        spent_minor,
        budget.total_minor - spent_minor,
        budget.per_day_minor,
        None if budget.per_day_minor is None else day_spent,
        budget.warned_at is not None,
        budget.spent_at is not None,
    )


def offers_left(work: Work, campaign_id: UUID) -> dict[str, int | None]:
    """Return how many of each offer are left, by key; None where only the budget limits."""
    rows = work.driver.execute(
        "select id, key, quantity from offers where workspace_id = %s and campaign_id = %s",
        (work.workspace_id, campaign_id),
    ).fetchall()
    ids = {row[0]: ledger.account_id(work.workspace_id, left_key(row[0])) for row in rows}
    held = ledger.balances(work, list(ids.values()))
    return {key: None if quantity is None else held.get(ids[id_], 0) for id_, key, quantity in rows}
