"""What the work process runs side by side. To add a service, add its place to `SERVICES`."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable

from banyan.kernel.settings import Settings

Service = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set. An exception ends the process, which the supervisor starts again."""

SERVICES: tuple[str, ...] = (
    "banyan.app.queue:queue",
    "banyan.app.timetable:timetable",
    "banyan.app.crediting:crediting",
    "banyan.store.sweeps:sweeps",
    "banyan.app.campaign_orders:campaign_orders",
    "banyan.app.coupon_orders:coupons",
    "banyan.app.membership:membership",
    "banyan.app.paying_out:paying_out",
    "banyan.app.work:owner_of_analytics",
    "banyan.app.housekeeping:housekeeping",
)
"""`module:function` of each; the function takes the settings and returns a `Service`."""


def services(settings: Settings) -> dict[str, Service]:
    """Return every service by its place, made for `settings`."""
    made: dict[str, Service] = {}
    for place in SERVICES:
        module, _, function = place.partition(":")
        made[place] = getattr(importlib.import_module(module), function)(settings)
    return made
