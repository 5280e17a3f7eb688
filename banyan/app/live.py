"""Live pages: what changed comes by NOTIFY, and goes out to every open page as server-sent events.

One connection to the database listens for all pages of a process. A page that watches a topic is
woken when the topic is named, at most every third of a second, and asks for the newest state
itself; so nothing is lost by a slow page, and a thousand watchers of one campaign are one query.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import ServerSentEvent, ServerSentEventMessage

from banyan import campaigns
from banyan.analytics import LIVE_CHANNEL
from banyan.analytics.admin_api import numbers_with_budget
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.settings import Settings
from banyan.kernel.work import current_database
from banyan.people import Guest
from banyan.workspaces import Caller

log = structlog.get_logger(__name__)

AT_MOST_EVERY_SECONDS = 0.3
AT_LEAST_EVERY_SECONDS = 15.0
SESSION_CHECK_SECONDS = 300.0
RECONNECT_SECONDS = 1.0

_json = msgspec.json.Encoder().encode


class Topic:
    """Something pages watch: how often it changed, and the newest state if one was asked for."""

    def __init__(self) -> None:
        self.version = 0
        self.watchers = 0
        self.changed = asyncio.Event()
        self.turn = asyncio.Lock()
        self.state: tuple[int, float, str] | None = None
        """Version, monotonic moment and text of the newest state."""

    def change(self) -> None:
        """Wake whoever watches."""
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()

    async def newest(self, ask: Callable[[], str]) -> str:
        """Return the state as of now; many who ask at once cost one question."""
        async with self.turn:
            kept = self.state
            if kept and kept[0] == self.version and time.monotonic() - kept[1] < 1.0:
                return kept[2]
            version = self.version
            text = await asyncio.to_thread(ask)
            self.state = (version, time.monotonic(), text)
            return text


class LiveHub:
    """The topics of this process and the connection that hears of their changes."""

    def __init__(self, relay_url: str) -> None:
        """Remember where to listen; `run` does."""
        self._relay_url = relay_url
        self._topics: dict[str, Topic] = {}

    @contextlib.contextmanager
    def watch(self, name: str) -> Any:
        """Watch the topic `name` while the block lasts; yields the `Topic`."""
        topic = self._topics.setdefault(name, Topic())
        topic.watchers += 1
        try:
            yield topic
        finally:
            topic.watchers -= 1
            if not topic.watchers:
                self._topics.pop(name, None)

    def heard(self, names: str) -> None:
        """Change the topics named in one notification."""
        for name in names.split(" "):
            topic = self._topics.get(name)
            if topic is not None:
                topic.change()

    async def run(self) -> None:
        """Listen until cancelled. After an outage everybody is woken: anything may have changed."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._relay_url, autocommit=True, connect_timeout=5
                ) as connection:
                    await connection.execute(f"listen {LIVE_CHANNEL}")
                    for topic in list(self._topics.values()):
                        topic.change()
                    async for notice in connection.notifies():
                        self.heard(notice.payload)
            except (psycopg.Error, OSError) as problem:
                log.warning("live_waits", problem=type(problem).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)


_hub: list[LiveHub] = []


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[None]:
    """Listen while this web process serves."""
    _ = settings
    hub = LiveHub(current_database().relay_url)
    _hub[:] = [hub]
    task = asyncio.create_task(hub.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        _hub.clear()


async def follow(
    name: str, event: str, ask: Callable[[], str], *, shared: bool
) -> AsyncGenerator[ServerSentEventMessage]:
    """Yield the state of topic `name` now and after each change, a sign of life between.

    `ask` tells the newest state; it runs in a thread. With `shared` one answer serves all who
    watch. The stream ends when `ask` is refused or its time is over; pages open it again, which
    also checks anew who they are.
    """
    until = time.monotonic() + SESSION_CHECK_SECONDS
    with _hub[0].watch(name) as topic:
        while time.monotonic() < until:
            changed, began = topic.changed, time.monotonic()
            try:
                text = await (topic.newest(ask) if shared else asyncio.to_thread(ask))
            except Refused as refused:
                log.info("stream_ends", code=refused.refusal.code)
                return
            yield ServerSentEventMessage(event=event, data=text)
            # What it took to find out is a part of the pause.
            await asyncio.sleep(began + AT_MOST_EVERY_SECONDS - time.monotonic())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AT_LEAST_EVERY_SECONDS):
                    await changed.wait()


@get(
    "/api/admin/campaigns/{campaign_id:uuid}/stream",
    opt={"audience": "member", "permission": "campaigns.read"},
)
async def stream_numbers(
    caller: NamedDependency[Caller], campaign_id: FromPath[UUID]
) -> ServerSentEvent:
    """Send a campaign's numbers now and whenever they change."""

    def ask() -> str:
        return _json(numbers_with_budget(caller, campaign_id)).decode()

    def check() -> None:
        with caller.work() as work:
            campaigns.must_exist(work, campaign_id)

    await asyncio.to_thread(check)
    return ServerSentEvent(follow(f"campaign:{campaign_id}", "numbers", ask, shared=True))


@get(
    "/api/public/quests/{quest_id:uuid}/stream", opt={"audience": "participant", "permission": None}
)
async def stream_quest(guest: NamedDependency[Guest], quest_id: FromPath[UUID]) -> ServerSentEvent:
    """Send my quest now and whenever somebody helps."""
    known = guest.participant
    if known is None:
        raise Refused(NOT_SIGNED_IN)

    def ask() -> str:
        with guest.work(known.workspace_id) as work:
            return _json(campaigns.own_quest(work, quest_id, known.person_id)).decode()

    # Somebody else's quest is refused before the stream begins.
    await asyncio.to_thread(ask)
    return ServerSentEvent(follow(f"quest:{quest_id}", "quest", ask, shared=False))


routes = [stream_numbers, stream_quest]
