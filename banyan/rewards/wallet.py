"""A person's wallet: what is theirs over all campaigns, what each is for, and what became of it."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from banyan import ledger, workspaces
from banyan.kernel.work import Work
from banyan.rewards.coupons import coupons_of
from banyan.rewards.debts import debts_of, owed_by
from banyan.rewards.payouts import PayoutTerms, payout_terms, payouts_of
from banyan.rewards.points import lots_of
from banyan.rewards.purses import cash_key

MOST: Final = 200


class Words(msgspec.Struct, frozen=True):
    """Words in both languages."""

    zh: str
    en: str


class CashView(msgspec.Struct, frozen=True, kw_only=True):
    """Cash, in minor units: `free` can be paid out now, `held` vests later, `on_the_way` is asked for.

    `owed` was taken back after it was paid out: the next cash pays it first.
    """

    currency: str
    free_minor: int
    held_minor: int
    on_the_way_minor: int
    paid_minor: int
    owed_minor: int


class LotView(msgspec.Struct, frozen=True, kw_only=True):
    """Points that end together."""

    left: int
    expires_at: datetime


class CouponView(msgspec.Struct, frozen=True, kw_only=True):
    """A coupon and what it is for. `has_lapsed`: its order was refunded after it had expired."""

    id: UUID
    name: Words
    value_minor: int
    off_bps: int
    from_minor: int
    is_for_some: bool
    stacks: bool
    code: str
    state: str
    has_lapsed: bool
    terms: Words
    expires_at: datetime


class ThingView(msgspec.Struct, frozen=True, kw_only=True):
    """A gift, a level or content. `claim`: what became of a gift that was asked for."""

    id: UUID
    kind: str
    name: Words
    code: str | None
    state: str
    content: dict[str, Any] | None
    claim: str | None
    company: str | None
    number: str | None
    expires_at: datetime | None


class OwedView(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed of cash that was given and taken back, and what it had been given for."""

    grant_id: UUID
    campaign_id: UUID
    reason: Words
    made_minor: int
    owed_minor: int
    made_at: datetime


class EarnedView(msgspec.Struct, frozen=True, kw_only=True):
    """Cash that was given, and when it is or was one's own."""

    id: UUID
    campaign_id: UUID
    reason: Words
    amount_minor: int
    state: str
    granted_at: datetime
    held_until: datetime | None
    vested_at: datetime | None


class MyPayout(msgspec.Struct, frozen=True, kw_only=True):
    """A payout as its person sees it."""

    id: UUID
    amount_minor: int
    method: str
    state: str
    waits_for_approval: bool
    created_at: datetime
    ended_at: datetime | None


class Wallet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything."""

    cash: CashView
    terms: PayoutTerms
    owed: list[OwedView]
    earned: list[EarnedView]
    payouts: list[MyPayout]
    points: int
    lots: list[LotView]
    coupons: list[CouponView]
    things: list[ThingView]


def wallet(work: Work, person_id: UUID) -> Wallet:
    """Return what `person_id` has."""
    lots, asked = lots_of(work, person_id), payouts_of(work, person_id)
    return Wallet(
        cash=_cash(work, person_id),
        terms=payout_terms(work),
        owed=[
            OwedView(
                grant_id=one.grant_id,
                campaign_id=one.campaign_id,
                reason=Words(one.reason_zh, one.reason_en),
                made_minor=one.made_minor,
                owed_minor=one.owed_minor,
                made_at=one.made_at,
            )
            for one in debts_of(work, person_id, only_open=True)
        ],
        earned=_earned(work, person_id),
        payouts=[
            MyPayout(
                id=one.id,
                amount_minor=one.amount_minor,
                method=one.method,
                state=one.state,
                waits_for_approval=one.state == "created" and not one.is_agreed,
                created_at=one.created_at,
                ended_at=one.ended_at,
            )
            for one in asked
        ],
        points=sum(lot.left for lot in lots),
        lots=[LotView(left=lot.left, expires_at=lot.expires_at) for lot in lots],
        coupons=[
            CouponView(
                id=one.id,
                name=Words(one.name_zh, one.name_en),
                value_minor=one.value_minor,
                off_bps=one.off_bps,
                from_minor=one.from_minor,
                is_for_some=one.product_ids is not None or one.category_ids is not None,
                stacks=one.stacks,
                code=one.code,
                state=one.state,
                has_lapsed=one.has_lapsed,
                terms=Words(one.terms_zh, one.terms_en),
                expires_at=one.expires_at,
            )
            for one in coupons_of(work, person_id)
        ],
        things=_things(work, person_id),
    )


def _cash(work: Work, person_id: UUID) -> CashView:
    currency = workspaces.workspace_of(work).currency
    own = ledger.account_id(work.workspace_id, cash_key(person_id, currency))
    sums = work.driver.execute(
        """
        select coalesce((select balance_minor - pending_minor from ledger_accounts
                         where workspace_id = %(workspace)s and id = %(own)s), 0),
          coalesce((select sum(cost_minor - reversed_minor) from grants
                    where workspace_id = %(workspace)s and beneficiary_id = %(person)s
                      and kind = 'cash' and state = 'pending'), 0),
          coalesce((select sum(amount_minor) from payouts
                    where workspace_id = %(workspace)s and person_id = %(person)s
                      and state in ('created', 'submitting', 'unknown')), 0),
          coalesce((select sum(amount_minor) from payouts
                    where workspace_id = %(workspace)s and person_id = %(person)s
                      and state = 'succeeded'), 0)
        """,
        {"workspace": work.workspace_id, "own": own, "person": person_id},
    ).fetchone() or (0, 0, 0, 0)
    free, held, on_the_way, paid = map(int, sums)
    owed = owed_by(work, person_id, currency)
    # What has just come is not collected yet, and is no more theirs than if it were.
    return CashView(
        currency=currency,
        free_minor=max(0, free - owed),
        owed_minor=max(0, owed - free),
        held_minor=held,
        on_the_way_minor=on_the_way,
        paid_minor=paid,
    )


def _earned(work: Work, person_id: UUID) -> list[EarnedView]:
    rows = work.driver.execute(
        """
        select id, campaign_id, reason_zh, reason_en, cost_minor - reversed_minor, state,
               granted_at, held_until, vested_at
        from grants where workspace_id = %s and beneficiary_id = %s and kind = 'cash'
        order by id desc limit %s
        """,
        (work.workspace_id, person_id, MOST),
    )
    return [
        EarnedView(
            id=row[0],
            campaign_id=row[1],
            reason=Words(row[2], row[3]),
            amount_minor=row[4],
            state=row[5],
            granted_at=row[6],
            held_until=row[7],
            vested_at=row[8],
        )
        for row in rows
    ]


def _things(work: Work, person_id: UUID) -> list[ThingView]:
    rows = work.driver.execute(
        """
        select g.id, g.kind, o.name_zh, o.name_en, g.code, g.state, o.content, c.state, c.company,
               c.number, g.expires_at
        from grants g join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
        left join gift_claims c on c.workspace_id = g.workspace_id and c.id = g.id
        where g.workspace_id = %s and g.beneficiary_id = %s
          and g.kind in ('gift', 'level', 'content')
        order by g.id desc limit %s
        """,
        (work.workspace_id, person_id, MOST),
    )
    return [
        ThingView(
            id=row[0],
            kind=row[1],
            name=Words(row[2], row[3]),
            code=row[4],
            state=row[5],
            # What was taken back, or is over, opens nothing any more.
            content=row[6]
            if row[5] in {"vested", "paid"} and (row[10] is None or row[10] > work.now)
            else None,
            claim=row[7],
            company=row[8],
            number=row[9],
            expires_at=row[10],
        )
        for row in rows
    ]
