"""Crediting: shares of red packets bring their people the money, soon after they were taken.

While a crowd is still grabbing it takes a tenth of the time, so that the packet is the crowd's; as
soon as nobody comes any more it goes as fast as it can.
"""

import asyncio
import time
from collections.abc import Mapping
from uuid import UUID

import structlog
from psycopg import Error as DriverError
from sqlalchemy.exc import SQLAlchemyError

from banyan import campaigns, rewards
from banyan.app.hot import QUICKER
from banyan.app.work_services import Service
from banyan.kernel.settings import Settings
from banyan.kernel.work import SYSTEM, unit_of_work

log = structlog.get_logger(__name__)

EVERY_SECONDS = 0.2
CROWDED_REST = 9
"""How many times as long as it worked it rests while people are grabbing."""
REST_SECONDS_MOST = 5.0


def crediting(settings: Settings) -> Service:  # noqa: ARG001 - every service is made for settings
    """Return the service that credits what was taken until it is told to stop."""

    async def run(stopping: asyncio.Event) -> None:
        seen: Mapping[UUID, int] = {}
        while not stopping.is_set():
            rest = EVERY_SECONDS
            try:
                seen, rest = await asyncio.to_thread(credit_round, seen)
            except (SQLAlchemyError, DriverError) as problem:
                # The store may be restarting; what waits now waits then as well.
                log.warning("crediting_waits", problem=type(problem).__name__)
            try:
                async with asyncio.timeout(rest):
                    await stopping.wait()
            except TimeoutError:
                continue

    return run


def credit_round(seen: Mapping[UUID, int]) -> tuple[dict[UUID, int], float]:
    """Credit one set of every packet that waits for it.

    `seen` is how many shares of each were taken a round before. Returns the same of now, and for
    how many seconds to rest.
    """
    waiting = rewards.packets_waiting()
    began, credited = time.perf_counter(), 0
    for workspace_id, campaign_id, _ in waiting:
        try:
            with unit_of_work(workspace_id, SYSTEM) as work:
                credited += campaigns.credit_grabs(work, campaign_id)
        except QUICKER as quicker:
            log.info("crediting_again", problem=type(quicker).__name__)
    taken = {campaign_id: count for _, campaign_id, count in waiting}
    if not credited:
        return taken, EVERY_SECONDS
    if any(seen.get(campaign_id) != count for campaign_id, count in taken.items()):
        worked = time.perf_counter() - began
        return taken, min(max(EVERY_SECONDS, CROWDED_REST * worked), REST_SECONDS_MOST)
    return taken, 0.0
