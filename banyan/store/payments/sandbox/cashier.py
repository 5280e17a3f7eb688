"""The sandbox provider's cashier: where buyers pay, or fail to, as many at once as come."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from banyan.kernel.work import SYSTEM, Work, unit_of_work
from banyan.store.payments.ports import Said
from banyan.store.payments.sandbox import notices
from banyan.store.payments.sandbox.manners import manners_of
from banyan.store.payments.sandbox.notices import Due


class SandboxPayment(msgspec.Struct, frozen=True, kw_only=True):
    """What the sandbox's own cashier page shows."""

    trade_number: str
    title: str
    amount_minor: int
    currency: str
    state: str
    return_url: str


class Settled(NamedTuple):
    """What became of payments, and the notices that whoever settled them will send."""

    trade_numbers: frozenset[str]
    due: list[Due]


SHOWN = """
select trade_number, title, amount_minor, currency, state, return_url from sandbox_payments
where workspace_id = %s and trade_number = any(%b)
"""

SETTLE = """
update sandbox_payments p set state = s.state, paid_at = case s.state when 'paid' then %s end
from unnest(%b::text[], %b::text[]) as s (trade_number, state)
where p.workspace_id = %s and p.trade_number = s.trade_number and p.state = 'waiting'
returning p.trade_number, p.number, p.state, p.amount_minor, p.currency
"""


def sandbox_payments(work: Work, trade_numbers: Sequence[str]) -> dict[str, SandboxPayment]:
    """Return the payments that exist as the cashier's page shows them, by trade number."""
    rows = work.driver.execute(SHOWN, (work.workspace_id, list(trade_numbers)))
    names = SandboxPayment.__struct_fields__
    return {row[0]: SandboxPayment(**dict(zip(names, row, strict=True))) for row in rows}


def sandbox_payment(work: Work, trade_number: str) -> SandboxPayment | None:
    """Return a payment as the sandbox's cashier page shows it."""
    return sandbox_payments(work, [trade_number]).get(trade_number)


def pay_in_sandbox(workspace_id: UUID, trade_number: str, *, succeeds: bool = True) -> bool:
    """Let the buyer pay, or fail to, at the sandbox's cashier; False when it does not wait.

    The notice is sent by whoever next sends those that are due.
    """
    with unit_of_work(workspace_id, SYSTEM) as work:
        settled = settle(work, {trade_number: succeeds})
    return trade_number in settled.trade_numbers


def settle(work: Work, wanted: Mapping[str, bool], *, sent_within_seconds: int = 0) -> Settled:
    """Let payments that wait succeed or fail, set-wise, and queue their notices.

    With `sent_within_seconds` the caller sends the prompt ones: nobody else does before that.
    """
    asked = sorted(wanted.items())
    states = ["paid" if succeeds else "failed" for _, succeeds in asked]
    rows = work.driver.execute(
        SETTLE, (work.now, [number for number, _ in asked], states, work.workspace_id)
    ).fetchall()
    told: list[tuple[Said, Said | None]] = []
    for trade_number, number, state, amount_minor, currency in rows:
        said = Said(
            about="payment",
            number=trade_number,
            provider_number=number,
            state=state,
            amount_minor=amount_minor,
            currency=currency,
            merchant=f"sandbox:{work.workspace_id}",
        )
        told.append((said, msgspec.structs.replace(said, state="waiting")))
    due = notices.queue(work, told, manners_of(work), sent_within_seconds=sent_within_seconds)
    return Settled(frozenset(row[0] for row in rows), due)
