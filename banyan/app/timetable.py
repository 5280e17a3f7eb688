"""The timetable: what begins, ends or is closed because its moment has come."""

import asyncio
import time

import structlog
from psycopg import Error as DriverError
from sqlalchemy.exc import SQLAlchemyError

from banyan import campaigns, levels, outreach, rewards
from banyan.app.work_services import Service
from banyan.kernel.settings import Settings
from banyan.kernel.work import SYSTEM, unit_of_work

log = structlog.get_logger(__name__)

EVERY_SECONDS = 1.0
JUDGED_EVERY_SECONDS = 60.0
"""How soon a fact that changes after the publication reaches a running campaign."""

INVITED_EVERY_SECONDS = 1800.0
"""How soon somebody is invited after their day has come, or the quiet hours are over."""

EXPIRED_EVERY_SECONDS = 3600.0
"""How soon the money of coupons and gifts that nobody used in time is free again."""


def timetable(settings: Settings) -> Service:  # noqa: ARG001 - every service is made for settings
    """Return the service that looks at the clock once a second, until it is told to stop."""

    async def run(stopping: asyncio.Event) -> None:
        judged_at, expired_at, invited_at = 0.0, 0.0, 0.0
        while not stopping.is_set():
            try:
                await asyncio.to_thread(tick)
                if time.monotonic() - judged_at >= JUDGED_EVERY_SECONDS:
                    judged_at = time.monotonic()
                    await asyncio.to_thread(campaigns.judge_everywhere)
                if time.monotonic() - expired_at >= EXPIRED_EVERY_SECONDS:
                    expired_at = time.monotonic()
                    await asyncio.to_thread(rewards.expire_unused_everywhere)
                if time.monotonic() - invited_at >= INVITED_EVERY_SECONDS:
                    invited_at = time.monotonic()
                    await asyncio.to_thread(outreach.invite_birthdays_everywhere)
            except (SQLAlchemyError, DriverError) as problem:
                # The store may be restarting; what is due now is due in a second as well.
                log.warning("timetable_waits", problem=type(problem).__name__)
            try:
                async with asyncio.timeout(EVERY_SECONDS):
                    await stopping.wait()
            except TimeoutError:
                continue

    return run


def tick() -> int:
    """Do everything that is due now, in small transactions; return how many things were done."""
    done = 0
    for workspace_id in campaigns.due_workspaces():
        for move in (campaigns.start_due, campaigns.end_due, campaigns.close_over):
            with unit_of_work(workspace_id, SYSTEM) as work:
                done += move(work)
    done += rewards.vest_everywhere() + rewards.expire_everywhere()
    done += levels.judge_due_everywhere()
    return done + campaigns.wake_everywhere()
