"""The service that tells quests what becomes of their orders: it follows the store's events.

An event only names an order; its story is read from the order and told once. So the relay may hand
an event over twice, late, or again from the beginning after a crash.

The events of an order whose quest cannot be read are set aside by the relay and handed over again
every five minutes; what was paid stays paid and held until then.
"""

import asyncio
from collections.abc import MutableSet, Sequence
from itertools import islice
from threading import Thread
from uuid import UUID

import msgspec
import psycopg

from banyan import ledger
from banyan.app.work_services import Service
from banyan.campaigns import STORY_EVENTS, Overtaken, tell_stories
from banyan.kernel.relay import Consumer, Recorded
from banyan.kernel.settings import Settings
from banyan.kernel.work import SYSTEM, current_database, unit_of_work

NAME = "campaign_orders"
MOST_AT_ONCE = 200
TRIES = 4
AGAIN_SECONDS = 300.0
"""How often orders are told again whose quest could not be read: somebody may have mended it."""
QUICKER = (
    *(psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected),
    *(ledger.Overtaken, Overtaken),
)


class _Body(msgspec.Struct):
    order_id: UUID


_decode = msgspec.json.Decoder(_Body).decode


def campaign_orders(settings: Settings) -> Service:  # noqa: ARG001 - every service is made for settings
    """Return the service that follows the store's events until it is told to stop."""

    async def run(stopping: asyncio.Event) -> None:
        consumer = follower(current_database().relay_url)
        thread = Thread(target=consumer.run, name=NAME, daemon=True)
        thread.start()
        await stopping.wait()
        consumer.stop()
        await asyncio.to_thread(thread.join)

    return run


def follower(relay_url: str, again_seconds: float = AGAIN_SECONDS) -> Consumer:
    """Return the consumer of the store's events that tells quests of their orders."""
    return Consumer(NAME, relay_url, take, wanted=STORY_EVENTS, again_seconds=again_seconds)


def take(batch: Sequence[Recorded]) -> list[Recorded]:
    """Tell quests what became of the orders these events speak of.

    Return the events of orders that have to wait, because a quest cannot be read.
    """
    held: set[UUID] = set()
    orders: dict[UUID, dict[UUID, None]] = {}
    for event in batch:
        of_workspace = orders.setdefault(event.workspace_id, {})
        of_workspace[_decode(event.body).order_id] = None
    for workspace_id, wanted in orders.items():
        waiting = iter(wanted)
        while some := tuple(islice(waiting, MOST_AT_ONCE)):
            tell(workspace_id, some, held)
    return [event for event in batch if held and _decode(event.body).order_id in held]


def tell(
    workspace_id: UUID, order_ids: Sequence[UUID], waiting: MutableSet[UUID] | None = None
) -> int:
    """Tell the stories of some orders in one transaction; return how many steps were new.

    Those that a quest cannot hear now because it cannot be read are added to `waiting`; without
    it that is raised.
    """
    for attempt in range(TRIES):
        try:
            with unit_of_work(workspace_id, SYSTEM) as work:
                return tell_stories(work, order_ids, waiting)
        except QUICKER:
            if attempt == TRIES - 1:
                raise
    raise AssertionError
