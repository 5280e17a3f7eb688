"""Housekeeping: every invariant checked, and what has had its time forgotten, every 15 minutes."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from psycopg import Error as DriverError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from banyan.app import metrics
from banyan.app.verify import findings
from banyan.app.work_services import Service
from banyan.kernel.requests import forget_requests
from banyan.kernel.settings import Settings
from banyan.kernel.work import SYSTEM, across_workspaces, unit_of_work

log = structlog.get_logger(__name__)

EVERY_SECONDS = 900.0
FIRST_AFTER_SECONDS = 60.0
CHECK_SECONDS_MOST = 300
REST = 4
"""How many times as long as an invariant took to check it rests before the next: what people ask
meanwhile hardly waits."""
REST_SECONDS_MOST = 0.5
REQUESTS_KEPT_FOR = timedelta(days=30)
"""How long an `Idempotency-Key` is remembered: longer than anybody repeats a request."""


class _Over(Exception):  # noqa: N818 - what it is
    """The house is closing."""


def housekeeping(settings: Settings) -> Service:  # noqa: ARG001 - every service is made for settings
    """Return the service that keeps house until it is told to stop."""
    broken = metrics.gauge("invariant_violations", "Rows that break an invariant", ("invariant",))

    def keep(stopping: asyncio.Event) -> None:
        for _, finding in findings(most_seconds=CHECK_SECONDS_MOST, rest=_resting(stopping)):
            broken.labels(finding.invariant.id).set(finding.count)
            if finding.count:
                log.error("invariant_broken", id=finding.invariant.id, rows=finding.count)
        forget(datetime.now(UTC))

    async def run(stopping: asyncio.Event) -> None:
        pause = FIRST_AFTER_SECONDS
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stopping.wait()
            if stopping.is_set():
                return
            pause = EVERY_SECONDS
            try:
                await asyncio.to_thread(keep, stopping)
            except _Over:
                return
            except (SQLAlchemyError, DriverError) as problem:
                # The store may be restarting; a later round will find what this one did not.
                log.warning("housekeeping_waits", problem=type(problem).__name__)

    return run


def _resting(stopping: asyncio.Event) -> Callable[[float], None]:
    """Return the rest after an invariant that took so many seconds. It raises `_Over`."""

    def rest(took: float) -> None:
        time.sleep(min(REST * took, REST_SECONDS_MOST))
        if stopping.is_set():
            raise _Over

    return rest


def forget(now: datetime) -> int:
    """Forget requests whose keys nobody repeats any more; return how many."""
    before = now - REQUESTS_KEPT_FOR
    with across_workspaces() as connection:
        statement = text(
            "select distinct workspace_id from idempotency_requests where created_at < :before"
        )
        found = connection.execute(statement, {"before": before}).scalars().all()
    gone = 0
    for workspace_id in found:
        with unit_of_work(workspace_id, SYSTEM) as work:
            gone += forget_requests(work, before)
    return gone
