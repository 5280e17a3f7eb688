"""Crediting: shares of red packets bring their people the money, soon after they were taken.

While a crowd is still grabbing it takes a tenth of the time, so that the packet is the crowd's; as
soon as nobody comes any more it goes as fast as it can.

What goes wrong in one packet is that packet's: it is set aside, tried again with a growing pause,
and logged and counted until it is credited, while every other packet goes on. Nothing of it is
kept but in this process: its shares stand in their rows, and the next try finds them.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from psycopg import Error as DriverError
from sqlalchemy.exc import SQLAlchemyError

from banyan import campaigns, rewards
from banyan.app import metrics
from banyan.app.hot import DOWN, QUICKER, TRIES
from banyan.app.work_services import Service
from banyan.kernel.settings import Settings
from banyan.kernel.work import SYSTEM, unit_of_work

log = structlog.get_logger(__name__)

EVERY_SECONDS = 0.2
CROWDED_REST = 9
"""How many times as long as it worked it rests while people are grabbing."""
REST_SECONDS_MOST = 5.0
PAUSE_SECONDS = 1.0
"""How long a packet is set aside the first time; each further time twice as long."""
PAUSE_SECONDS_MOST = 300.0
STORE_STATES: Final = ("08", "53", "57P", "58")
"""How the states begin by which PostgreSQL says that it is away, full or ill itself."""


class SetAside(NamedTuple):
    """A packet whose last tries failed."""

    problem: str
    """The kind of error."""
    tries: int
    again_at: float
    """When it is tried again, by the clock the rounds are told."""


def crediting(settings: Settings) -> Service:  # noqa: ARG001 - every service is made for settings
    """Return the service that credits what was taken until it is told to stop."""
    waiting = metrics.gauge("packets_set_aside", "Red packets whose credits fail and wait")

    async def run(stopping: asyncio.Event) -> None:
        credits_ = Crediting()
        while not stopping.is_set():
            rest = EVERY_SECONDS
            try:
                rest = await asyncio.to_thread(credits_.round, time.monotonic())
            except (SQLAlchemyError, DriverError) as problem:
                # The store may be restarting; what waits now waits then as well.
                log.warning("crediting_waits", problem=type(problem).__name__)
            waiting.set(len(credits_.set_aside))
            try:
                async with asyncio.timeout(rest):
                    await stopping.wait()
            except TimeoutError:
                continue

    return run


class Crediting:
    """The rounds of one process, and what they remember of the packets they met."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.set_aside: dict[UUID, SetAside] = {}
        """By campaign: what fails for a reason of its own."""
        self._overtaken: dict[UUID, int] = {}
        self._taken: Mapping[UUID, int] = {}

    def round(self, now: float) -> float:
        """Credit one set of every packet that waits for it and is not set aside.

        `now` are seconds of a clock that only goes on. Returns for how many seconds to rest.
        Raises what the store raises when it is away.
        """
        waiting = rewards.packets_waiting()
        began, credited = time.perf_counter(), 0
        for workspace_id, campaign_id, _ in waiting:
            credited += self._credit(workspace_id, campaign_id, now)
        before, self._taken = self._taken, {campaign: count for _, campaign, count in waiting}
        for remembered in (self.set_aside, self._overtaken):
            for gone in remembered.keys() - self._taken.keys():
                del remembered[gone]
        if not credited:
            return EVERY_SECONDS
        if any(before.get(campaign) != count for campaign, count in self._taken.items()):
            worked = time.perf_counter() - began
            return min(max(EVERY_SECONDS, CROWDED_REST * worked), REST_SECONDS_MOST)
        return 0.0

    def _credit(self, workspace_id: UUID, campaign_id: UUID, now: float) -> int:
        """Credit the next set of one packet; return how many shares."""
        held = self.set_aside.get(campaign_id)
        if held is not None and now < held.again_at:
            return 0
        try:
            with unit_of_work(workspace_id, SYSTEM) as work:
                credited = campaigns.credit_grabs(work, campaign_id)
        except QUICKER as quicker:
            # Somebody else credits it too. Overtaken by nobody, again and again, is its own fault.
            times = self._overtaken[campaign_id] = self._overtaken.get(campaign_id, 0) + 1
            log.info("crediting_again", problem=type(quicker).__name__)
            if times >= TRIES:
                self._put_aside(workspace_id, campaign_id, quicker, now)
            return 0
        except Exception as problem:
            if is_the_stores(problem):
                raise
            self._put_aside(workspace_id, campaign_id, problem, now)
            return 0
        self._overtaken.pop(campaign_id, None)
        if self.set_aside.pop(campaign_id, None) is not None:
            log.info("packet_credited_again", campaign=str(campaign_id), shares=credited)
        return credited

    def _put_aside(
        self, workspace_id: UUID, campaign_id: UUID, problem: Exception, now: float
    ) -> None:
        before = self.set_aside.get(campaign_id)
        tries = before.tries + 1 if before else 1
        pause = pause_after(tries)
        name = type(problem).__name__
        self.set_aside[campaign_id] = SetAside(name, tries, now + pause)
        log.error(
            "packet_set_aside",
            workspace=str(workspace_id),
            campaign=str(campaign_id),
            problem=name,
            tries=tries,
            again_in_seconds=pause,
            # Its whole story once; after that it says only that it is still there.
            exc_info=problem if before is None or before.problem != name else None,
        )


def pause_after(tries: int) -> float:
    """Return for how many seconds a packet is set aside that failed so many times in a row."""
    return min(PAUSE_SECONDS * 2.0 ** min(tries - 1, 30), PAUSE_SECONDS_MOST)


def is_the_stores(problem: Exception) -> bool:
    """Whether the store is away, so that no packet can be credited, rather than one at fault."""
    if not isinstance(problem, DOWN):
        return False
    state = getattr(getattr(problem, "orig", problem), "sqlstate", None)
    return state is None or str(state).startswith(STORE_STATES)
