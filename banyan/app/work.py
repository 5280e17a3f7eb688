"""The body of the work process: what it owns besides jobs and the timetable."""

import asyncio

from banyan import analytics
from banyan.app.work_services import Service
from banyan.kernel.settings import Settings
from banyan.kernel.work import current_database


def owner_of_analytics(settings: Settings) -> Service:
    """Return the service that owns the analytics store: ingests, answers, tells what changed."""

    async def run(stopping: asyncio.Event) -> None:
        await analytics.own(settings, current_database().relay_url, stopping)

    return run
