"""Sending payouts: one payout, one request number, one transaction before the call and one after.

A payout is leased, the provider is asked outside any transaction, and what it says is applied.
Without a clear answer it is `unknown`, which is left only by asking the provider or by repeating
the same number. Each is sent on its own, so one that cannot be reached holds up no other.
"""

from datetime import timedelta
from uuid import UUID

import structlog

from banyan.kernel.crypto import decrypt
from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.rewards.payouts.asking import PayoutInHand, end_payout, lock_payout
from banyan.rewards.payouts.providers import Declined, PayoutAsk, PayoutPort, Said, payout_port

logger = structlog.get_logger()

LEASE_SECONDS = 60
"""How long a call may take; after that whoever comes next asks the provider first."""
AGAIN_SECONDS = 4
AGAIN_SECONDS_MOST = 3600
WAIT_SECONDS = 20
MOST_AT_ONCE = 50
REMARK = "活动奖励"


def due_payouts() -> list[tuple[UUID, UUID]]:
    """Return the payouts that should be sent, or asked about, by now."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select workspace_id, id from payouts"
            " where state in ('created', 'submitting', 'unknown')"
            " and try_at <= now() order by try_at limit %s",
            (MOST_AT_ONCE,),
        )
        return [(workspace_id, payout_id) for workspace_id, payout_id in rows]


def send_payout(workspace_id: UUID, payout_id: UUID) -> str | None:
    """Send one payout, or ask what became of it; None when it is not due (any more)."""
    with unit_of_work(workspace_id, SYSTEM) as work:
        leased = _lease(work, payout_id)
    if leased is None:
        return None
    payout, was_sent = leased
    try:
        port = payout_port(payout.method, workspace_id)
        said = _ask(port, payout, workspace_id, was_sent=was_sent)
    except Declined as error:
        with unit_of_work(workspace_id, SYSTEM) as work:
            held = lock_payout(work, payout_id)
            if held.state == "submitting" and held.tries == payout.tries:
                end_payout(work, held, "failed", problem=str(error))
        return "failed"
    except Exception as error:  # noqa: BLE001 - whatever it was, whether it was paid is not known
        logger.warning("payout_unknown", payout=str(payout_id), problem=str(error))
        with unit_of_work(workspace_id, SYSTEM) as work:
            problem = str(error) or type(error).__name__
            seconds = AGAIN_SECONDS * 2 ** min(payout.tries - 1, 20)
            _leave_unknown(work, payout, problem, min(AGAIN_SECONDS_MOST, seconds))
        return "unknown"
    with unit_of_work(workspace_id, SYSTEM) as work:
        outcome = apply_payout(work, said)
        if outcome == "nothing":
            _leave_unknown(work, payout, None, WAIT_SECONDS)
    return outcome


def apply_payout(work: Work, said: Said) -> str:
    """Apply what a provider says; `succeeded`, `failed`, `repeated`, or `nothing` to apply (yet).

    An answer that does not fit what was asked for is never believed: it stays `unknown`.
    """
    row = work.driver.execute(
        "select id from payouts where workspace_id = %s and request_number = %s",
        (work.workspace_id, said.request_number),
    ).fetchone()
    if row is None:
        return "nothing"
    payout = lock_payout(work, row[0])
    if payout.state in {"succeeded", "failed", "rejected"}:
        return "repeated"
    fits = (said.amount_minor, said.currency) == (payout.amount_minor, payout.currency)
    if not fits or said.state == "waiting" or payout.state == "created":
        return "nothing"
    state = "succeeded" if said.state == "done" else "failed"
    problem = None if state == "succeeded" else said.problem or "failed"
    end_payout(work, payout, state, number=said.provider_number, problem=problem)
    return state


def _lease(work: Work, payout_id: UUID) -> tuple[PayoutInHand, bool] | None:
    """Take a due payout for this call; tell whether it may have been sent before."""
    payout = lock_payout(work, payout_id)
    row = work.driver.execute(
        """
        update payouts set state = 'submitting', tries = tries + 1, try_at = %s,
               submitted_at = coalesce(submitted_at, %s)
        where workspace_id = %s and id = %s and state in ('created', 'submitting', 'unknown')
          and try_at <= %s
        returning tries
        """,
        (
            *(work.now + timedelta(seconds=LEASE_SECONDS), work.now),
            *(work.workspace_id, payout_id, work.now),
        ),
    ).fetchone()
    if row is None:
        return None
    return payout._replace(tries=row[0]), payout.state != "created"


def _ask(port: PayoutPort, payout: PayoutInHand, workspace_id: UUID, *, was_sent: bool) -> Said:
    if was_sent:
        found = port.find(payout.request_number)
        if found is not None:
            return found
    payee = decrypt(payout.payee_encrypted, workspace_id, "payouts", "payee", payout.id)
    return port.pay(
        PayoutAsk(
            *(payout.request_number, payout.amount_minor, payout.currency, payee),
            remark=REMARK,
            scene=payout.scene,
        )
    )


def _leave_unknown(work: Work, payout: PayoutInHand, problem: str | None, seconds: int) -> None:
    """Not known, or not done yet: asked again, for as long as it takes."""
    work.driver.execute(
        "update payouts set state = 'unknown', problem = %s, try_at = %s"
        " where workspace_id = %s and id = %s and state = 'submitting' and tries = %s",
        (
            *(problem, work.now + timedelta(seconds=seconds), work.workspace_id, payout.id),
            payout.tries,
        ),
    )
