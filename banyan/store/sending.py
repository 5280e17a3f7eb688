"""Sending refunds: one refund, one request number, one transaction before the call and one after.

A refund is leased, the provider is asked outside any transaction, and what it says is applied.
Without a clear answer the refund is `unknown`, which is left only by asking the provider or by
repeating the same number. Each is sent on its own, so one that cannot be reached holds up no other.
"""

from datetime import timedelta
from uuid import UUID

import structlog

from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.store.payments.accounts import provider_of
from banyan.store.payments.ports import Declined, Provider, RefundAsk, Said
from banyan.store.refund_outcomes import apply_refund, fail_refund, tell_stuck
from banyan.store.refunding import RefundInHand, lock_refund

logger = structlog.get_logger()

LEASE_SECONDS = 60
"""How long a call may take; after that whoever comes next asks the provider first."""
AGAIN_SECONDS = 4
AGAIN_SECONDS_MOST = 3600
TRIES_MOST = 12
"""Then an operator looks at it; about an hour and a half after the first."""
WAIT_SECONDS = 20
MOST_AT_ONCE = 50


def due_refunds() -> list[tuple[UUID, UUID]]:
    """Return the refunds that should be sent, or asked about, by now."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select workspace_id, id from refunds where state in ('approved', 'sending', 'unknown')"
            " and try_at <= now() order by try_at limit %s",
            (MOST_AT_ONCE,),
        )
        return [(workspace_id, refund_id) for workspace_id, refund_id in rows]


def send_refund(workspace_id: UUID, refund_id: UUID) -> str | None:
    """Send one refund, or ask what became of it; None when it is not due (any more)."""
    with unit_of_work(workspace_id, SYSTEM) as work:
        leased = _lease(work, refund_id)
    if leased is None:
        return None
    refund, was_sent = leased
    try:
        provider = provider_of(workspace_id, refund.provider)
        said = _ask(provider, refund, was_sent=was_sent)
    except Declined as error:
        with unit_of_work(workspace_id, SYSTEM) as work:
            order, held = lock_refund(work, refund_id)
            if held.state == "sending" and held.tries == refund.tries:
                fail_refund(work, order, held, str(error))
        return "failed"
    except Exception as error:  # noqa: BLE001 - whatever it was, whether it was done is not known
        logger.warning("refund_unknown", refund=str(refund_id), problem=str(error))
        with unit_of_work(workspace_id, SYSTEM) as work:
            _leave_unknown(work, refund, str(error) or type(error).__name__)
        return "unknown"
    with unit_of_work(workspace_id, SYSTEM) as work:
        outcome = apply_refund(work, refund.provider, provider.merchant, said)
        if outcome in {"nothing", "quarantined"}:
            _wait_for_it(work, refund)
    return outcome


def _lease(work: Work, refund_id: UUID) -> tuple[RefundInHand, bool] | None:
    """Take a due refund for this call; tell whether it may have been sent before."""
    _, refund = lock_refund(work, refund_id)
    row = work.driver.execute(
        """
        update refunds set state = 'sending', tries = tries + 1, try_at = %s
        where workspace_id = %s and id = %s and state in ('approved', 'sending', 'unknown')
          and try_at <= %s
        returning tries
        """,
        (
            *(work.now + timedelta(seconds=LEASE_SECONDS), work.workspace_id, refund_id),
            work.now,
        ),
    ).fetchone()
    if row is None:
        return None
    return refund._replace(tries=row[0]), refund.state != "approved"


def _ask(provider: Provider, refund: RefundInHand, *, was_sent: bool) -> Said:
    if was_sent:
        found = provider.find_refund(refund.request_number, refund.trade_number)
        # One that was refused is repeated under the same number, as a retry wants it.
        if found is not None and found.state != "failed":
            return found
    return provider.refund(
        RefundAsk(
            request_number=refund.request_number,
            trade_number=refund.trade_number,
            amount_minor=refund.amount_minor,
            paid_minor=refund.paid_minor,
            currency=refund.currency,
            reason=refund.reason[:80],
            notice_url="",
        )
    )


def _leave_unknown(work: Work, refund: RefundInHand, problem: str) -> None:
    order, held = lock_refund(work, refund.id)
    if held.state != "sending" or held.tries != refund.tries:
        return
    is_over = refund.tries >= TRIES_MOST
    wait = min(AGAIN_SECONDS_MOST, AGAIN_SECONDS * 2 ** min(refund.tries - 1, 20))
    work.driver.execute(
        "update refunds set state = 'unknown', problem = %s, try_at = %s"
        " where workspace_id = %s and id = %s",
        (
            *(problem, None if is_over else work.now + timedelta(seconds=wait)),
            *(work.workspace_id, refund.id),
        ),
    )
    if is_over:
        tell_stuck(work, order, held, problem)


def _wait_for_it(work: Work, refund: RefundInHand) -> None:
    """The provider has it but is not done: ask again, for as long as it takes."""
    work.driver.execute(
        "update refunds set state = 'unknown', problem = null, try_at = %s"
        " where workspace_id = %s and id = %s and state = 'sending' and tries = %s",
        (
            *(work.now + timedelta(seconds=WAIT_SECONDS), work.workspace_id, refund.id),
            refund.tries,
        ),
    )
