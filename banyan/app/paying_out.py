"""The service that pays people: sends what is due, each on its own, and brings the sandbox's word."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from uuid import UUID

import structlog
from psycopg import Error as DriverError
from sqlalchemy.exc import SQLAlchemyError

from banyan import rewards
from banyan.app.wechat_transfer import wechat_transfer
from banyan.app.work_services import Service
from banyan.kernel.settings import Settings

log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 0.4
CALLS_AT_ONCE: Final = 8
"""Calls to providers side by side: a slow one keeps its thread, not the others'."""


def paying_out(settings: Settings) -> Service:  # noqa: ARG001 - every service is made for settings
    """Return the service that looks for due payouts until it is told to stop."""
    rewards.payouts.add_payout_adapter("wechat_transfer", wechat_transfer)

    async def run(stopping: asyncio.Event) -> None:
        under_way: set[tuple[UUID, UUID]] = set()
        with ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="payouts") as threads:

            def one(due: tuple[UUID, UUID]) -> None:
                try:
                    rewards.payouts.send_payout(*due)
                except Exception:
                    log.exception("payout_call_failed", payout=str(due[1]))
                finally:
                    under_way.discard(due)

            def begin() -> None:
                for due in rewards.payouts.due_payouts():
                    if due not in under_way and len(under_way) < CALLS_AT_ONCE:
                        under_way.add(due)
                        threads.submit(one, due)
                rewards.payouts.deliver_sandbox_payout_notices()

            while not stopping.is_set():
                try:
                    await asyncio.to_thread(begin)
                except (SQLAlchemyError, DriverError) as problem:
                    # The store may be restarting; what is due now is due in a moment as well.
                    log.warning("payouts_wait", problem=type(problem).__name__)
                try:
                    async with asyncio.timeout(EVERY_SECONDS):
                        await stopping.wait()
                except TimeoutError:
                    continue

    return run
