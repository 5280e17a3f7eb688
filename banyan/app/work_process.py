"""The work process: relay, jobs and analytics; one of it, and the only owner of the analytics store."""

import asyncio
import os
import signal
from collections.abc import Mapping

import structlog

from banyan.app import memory, metrics
from banyan.app.connected import connected
from banyan.app.logs import set_up
from banyan.app.parent import give_way, is_supervised, stop_with_parent
from banyan.app.work_services import Service, services
from banyan.kernel.settings import load

STOP_SECONDS_MOST = 10

logger = structlog.get_logger()


def work() -> None:
    """Run every service until SIGTERM. A service that fails ends the process with an error."""
    set_up("work")
    os.umask(0o077)
    give_way()
    settings = load()
    if is_supervised():
        stop_with_parent()
    else:
        metrics.use_folder(settings.run / "metrics-work", clean=True)
    with connected(settings) as settings:
        if not is_supervised():
            metrics.serve(settings.metrics_port)
        chosen = services(settings)
        memory.settle()
        asyncio.run(run(chosen))


async def run(chosen: Mapping[str, Service]) -> None:
    """Run `chosen` side by side until a signal or until one of them raises, which is raised on."""
    stopping = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopping.set)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_run_one(place, service, stopping))
            for place, service in chosen.items()
        ]
        await stopping.wait()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS_MOST)
            for task in late:
                task.cancel()


async def _run_one(place: str, service: Service, stopping: asyncio.Event) -> None:
    try:
        await service(stopping)
    except Exception:
        logger.exception("a service failed", service=place)
        raise
