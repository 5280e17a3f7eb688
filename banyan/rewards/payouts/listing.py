"""What may be seen of payouts."""

from datetime import datetime, timedelta
from typing import Final, LiteralString
from uuid import UUID

import msgspec

from banyan import workspaces
from banyan.kernel.crypto import decrypt
from banyan.kernel.work import Work
from banyan.rewards.payouts.terms import payout_terms

STUCK_SECONDS: Final = 30
MOST: Final = 100


class PayoutView(msgspec.Struct, frozen=True, kw_only=True):
    """A payout, in minor units. `is_stuck`: it has not been known for too long how it ended."""

    id: UUID
    person_id: UUID
    method: str
    currency: str
    amount_minor: int
    state: str
    needs_approval: bool
    created_by: str
    approvals_needed: int
    approved_by: str | None
    seconded_by: str | None
    recorded_by: str | None
    is_agreed: bool
    request_number: str
    provider_number: str | None
    problem: str | None
    tries: int
    created_at: datetime
    submitted_at: datetime | None
    ended_at: datetime | None
    is_stuck: bool
    owed_minor: int
    """What its person owes by now of cash that was taken back."""
    payee: str


SELECT: Final[LiteralString] = """
select id, person_id, method, currency, amount_minor, state, needs_approval, created_by,
       approvals_needed, approved_by, seconded_by, recorded_by,
       (approved_by is not null)::int + (seconded_by is not null)::int >= approvals_needed,
       request_number, provider_number, problem, tries, created_at, submitted_at,
       ended_at, state in ('submitting', 'unknown') and submitted_at <= %(since)s,
       coalesce((select sum(d.owed_minor) from cash_debts d where d.workspace_id = p.workspace_id
                 and d.person_id = p.person_id and d.owed_minor > 0), 0)::bigint, payee_encrypted
from payouts p where workspace_id = %(workspace)s
"""


def _read(work: Work, where: LiteralString, **params: object) -> list[PayoutView]:
    known = {
        "workspace": work.workspace_id,
        "since": work.now - timedelta(seconds=STUCK_SECONDS),
        "most": MOST,
    }
    rows = work.driver.execute(SELECT + where, known | params).fetchall()
    names = PayoutView.__struct_fields__
    return [
        PayoutView(
            **dict(zip(names[:-1], row[:-1], strict=True)),
            payee=decrypt(row[-1], work.workspace_id, "payouts", "payee", row[0]),
        )
        for row in rows
    ]


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """Who may agree to payouts: `others` besides whoever asks; `limit_minor` needs nobody."""

    limit_minor: int
    others: list[str]
    names: dict[str, str]
    """By how a payout writes them: who agreed and who recorded."""
    me: str


def approval_of(work: Work) -> Approval:
    """Return who may agree to payouts above the limit."""
    return Approval(
        limit_minor=payout_terms(work).approve_above_minor,
        others=[
            one.name
            for one in workspaces.members_who_may(work, "refunds.approve")
            if f"member:{one.id}" != str(work.actor)
        ],
        names=workspaces.actor_names(work),
        me=str(work.actor),
    )


def payouts_of(work: Work, person_id: UUID) -> list[PayoutView]:
    """Return a person's payouts, the newest first."""
    return _read(
        work, " and person_id = %(person)s order by id desc limit %(most)s", person=person_id
    )


def payout_list(work: Work, state: str | None = None) -> list[PayoutView]:
    """Return the newest payouts; of one state, `stuck`, or `approval` for those that wait for it."""
    if state == "stuck":
        return stuck_payouts(work)
    if state == "approval":
        return _read(
            work,
            " and state = 'created' and (approved_by is not null)::int"
            " + (seconded_by is not null)::int < approvals_needed"
            " order by id limit %(most)s",
        )
    return _read(
        work,
        " and (%(state)s::text is null or state = %(state)s) order by id desc limit %(most)s",
        state=state,
    )


def stuck_payouts(work: Work) -> list[PayoutView]:
    """Return the payouts of which it has not been known for half a minute how they ended."""
    return _read(
        work,
        " and state in ('submitting', 'unknown') and submitted_at <= %(since)s"
        " order by submitted_at limit %(most)s",
    )
