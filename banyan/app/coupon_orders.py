"""Coupons follow their orders: a consumer of the store's events that brings each to its end."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from banyan import rewards, store
from banyan.app.work_services import Service
from banyan.kernel.relay import Consumer, Recorded
from banyan.kernel.settings import Settings
from banyan.kernel.work import SYSTEM, Work, current_database, unit_of_work
from banyan.rewards import OrderSoFar

CONSUMER: Final = "coupons"


class _OfOrder(msgspec.Struct):
    """What every event of an order says."""

    order_id: UUID


decode = msgspec.json.Decoder(_OfOrder).decode


def take(events: Sequence[Recorded]) -> None:
    """Bring the coupons of the orders that `events` speak of to where the orders are now."""
    orders: dict[UUID, set[UUID]] = defaultdict(set)
    for event in events:
        orders[event.workspace_id].add(decode(event.body).order_id)
    for workspace_id, ids in orders.items():
        with unit_of_work(workspace_id, SYSTEM) as work:
            follow(work, ids)


def follow(work: Work, order_ids: set[UUID]) -> int:
    """Bring the coupons of these orders to where the orders are; return how many changed."""
    return rewards.follow_orders(
        work,
        [
            OrderSoFar(
                *(story.order_id, story.is_paid, story.is_closed, story.goods_minor),
                sum(minor for _, minor in story.refunds),
            )
            for story in store.stories_of(work, order_ids).values()
        ],
    )


def coupons(settings: Settings) -> Service:  # noqa: ARG001 - every service is made for settings
    """Return the service that listens to the store for the coupons."""

    async def run(stopping: asyncio.Event) -> None:
        consumer = Consumer(
            CONSUMER, current_database().relay_url, take, wanted=store.CAMPAIGN_EVENTS, most=500
        )
        thread = threading.Thread(target=consumer.run, name="coupons")
        thread.start()
        await stopping.wait()
        consumer.stop()
        await asyncio.to_thread(thread.join)

    return run
