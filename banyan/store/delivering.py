"""The sandbox's notices delivered to our own door: signed, checked and applied like anybody's."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from uuid import UUID

import structlog

from banyan import workspaces
from banyan.kernel.errors import NOT_FOUND, Refused
from banyan.kernel.work import SYSTEM, Work, unit_of_work
from banyan.store.paying import Notice, take_in
from banyan.store.payments.accounts import provider_of
from banyan.store.payments.sandbox import (
    Due,
    Sandbox,
    SandboxPayment,
    due_notices,
    mark_delivered,
    sandbox_payments,
    send_again_later,
    settle,
    signed,
)
from banyan.store.refusals import ONLY_IN_SANDBOX

logger = structlog.get_logger()

SENT_WITHIN_SECONDS = 15
"""After so long the sweep sends what the cashier could not."""


def deliver_sandbox_notices() -> int:
    """Send the sandbox provider's notices that are due, signed, to our own door; return how many.

    What cannot be sent for one workspace holds up no other's.
    """
    due = sorted(due_notices(), key=lambda each: each.workspace_id)
    for workspace_id, of_workspace in groupby(due, key=lambda each: each.workspace_id):
        _deliver(workspace_id, list(of_workspace))
    return len(due)


def _deliver(workspace_id: UUID, due: Sequence[Due]) -> None:
    """Send notices together, and write down which were answered well."""
    try:
        provider = provider_of(workspace_id, Sandbox.key)
        if not isinstance(provider, Sandbox):
            raise TypeError(provider)
        sent = [Notice(signed(provider.private_key, each.body), each.body) for each in due]
        answers = take_in(workspace_id, provider, sent)
    except Refused as refused:
        answers = [refused] * len(due)
    good: list[UUID] = []
    bad: list[UUID] = []
    for each, answer in zip(due, answers, strict=True):
        (bad if isinstance(answer, Refused) else good).append(each.id)
    with unit_of_work(workspace_id, SYSTEM) as work:
        mark_delivered(work, good)
        send_again_later(work, bad)


def shown_at_cashier(work: Work, trade_number: str) -> SandboxPayment:
    """Return a payment as the cashier's page shows it. Raises `only_in_sandbox`, `not_found`."""
    _must_be_sandbox(work)
    found = sandbox_payments(work, [trade_number]).get(trade_number)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def pay_at_cashier(
    workspace_id: UUID, wanted: Mapping[str, bool]
) -> dict[str, SandboxPayment | None]:
    """Let payments succeed or fail at the sandbox's cashier, set-wise, and send the notices.

    `wanted` says of each trade number whether it succeeds; one that does not wait stays as it is.
    Returns what the cashier's page shows then, None for a payment that does not exist. A notice
    that cannot be sent now is sent by the sweep. Raises `only_in_sandbox`.
    """
    with unit_of_work(workspace_id, SYSTEM) as work:
        _must_be_sandbox(work)
        settled = settle(work, wanted, sent_within_seconds=SENT_WITHIN_SECONDS)
        shown = sandbox_payments(work, list(wanted))
    if settled.due:
        try:
            _deliver(workspace_id, settled.due)
        except Exception:
            # The buyer has paid: that our own door is shut is not theirs to hear.
            logger.exception("sandbox_notices_wait", notices=len(settled.due))
    return {number: shown.get(number) for number in wanted}


def _must_be_sandbox(work: Work) -> None:
    if not workspaces.workspace_of(work).is_sandbox:
        raise Refused(ONLY_IN_SANDBOX)
