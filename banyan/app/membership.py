"""The service that keeps membership levels: it follows the events that may move somebody's level."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from threading import Thread
from typing import Final
from uuid import UUID

import psycopg

from banyan import ledger, levels
from banyan.app.work_services import Service
from banyan.kernel.relay import Consumer, Recorded
from banyan.kernel.settings import Settings
from banyan.kernel.work import SYSTEM, current_database, unit_of_work

NAME: Final = "levels"
MOST_AT_ONCE: Final = 500
TRIES: Final = 4
QUICKER: Final = (
    *(psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected),
    ledger.Overtaken,
)


def membership(settings: Settings) -> Service:  # noqa: ARG001 - every service is made for settings
    """Return the service that follows these events until it is told to stop."""

    async def run(stopping: asyncio.Event) -> None:
        consumer = Consumer(
            NAME, current_database().relay_url, take, wanted=levels.LISTENS, most=MOST_AT_ONCE
        )
        thread = Thread(target=consumer.run, name=NAME, daemon=True)
        thread.start()
        await stopping.wait()
        consumer.stop()
        await asyncio.to_thread(thread.join)

    return run


def take(events: Sequence[Recorded]) -> None:
    """Judge whom `events` concern, one transaction a workspace."""
    by_workspace: dict[UUID, list[Recorded]] = defaultdict(list)
    for event in events:
        by_workspace[event.workspace_id].append(event)
    for workspace_id, some in by_workspace.items():
        tell(workspace_id, some)


def tell(workspace_id: UUID, events: Sequence[Recorded]) -> int:
    """Judge whom these events of one workspace concern; return how many moved."""
    for attempt in range(TRIES):
        try:
            with unit_of_work(workspace_id, SYSTEM) as work:
                return levels.follow(work, events)
        except QUICKER:
            if attempt == TRIES - 1:
                raise
    raise AssertionError
