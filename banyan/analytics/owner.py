"""The owner of the store, one process: ingests, answers, and tells what changed."""

import asyncio
import threading
import time
from uuid import UUID

import psycopg
import structlog

from banyan.analytics.answering import Answers
from banyan.analytics.asking import socket_of
from banyan.analytics.ingest import Ingest
from banyan.analytics.store import Store
from banyan.kernel.relay import tell
from banyan.kernel.settings import Settings

log = structlog.get_logger(__name__)

LIVE_CHANNEL = "banyan_live"
TELL_EVERY_SECONDS = 0.05
"""Ingest notes what changed once a step; this only gathers steps that follow each other at once."""


class _Herald:
    """Tells the web processes, by NOTIFY, which campaigns and quests changed."""

    def __init__(self, relay_url: str) -> None:
        self._relay_url = relay_url
        self._topics: set[str] = set()
        self._guard = threading.Lock()
        self._connection: psycopg.Connection | None = None

    def note(self, campaigns: set[tuple[UUID, UUID]], quests: set[UUID]) -> None:
        """Remember what changed, to be told at the next turn."""
        with self._guard:
            self._topics.update(f"campaign:{campaign}" for _, campaign in campaigns)
            self._topics.update(f"quest:{quest}" for quest in quests)

    def run(self, stopping: threading.Event) -> None:
        """Tell what was noted, soon after, until `stopping` is set."""
        while not stopping.wait(TELL_EVERY_SECONDS):
            with self._guard:
                topics, self._topics = self._topics, set()
            if not topics:
                continue
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(
                        self._relay_url, autocommit=True, connect_timeout=5
                    )
                tell(self._connection, LIVE_CHANNEL, sorted(topics))
            except psycopg.Error:
                with self._guard:
                    self._topics |= topics
                self._connection = None
                time.sleep(1)
        if self._connection is not None:
            self._connection.close()


async def own(settings: Settings, relay_url: str, stopping: asyncio.Event) -> None:
    """Own the store until `stopping` is set. Raises StoreDown when it cannot be opened."""
    loop = asyncio.get_running_loop()
    store = await asyncio.to_thread(Store, settings.analytics_url)
    await asyncio.to_thread(store.prepare)
    herald = _Herald(relay_url)
    answers: list[Answers] = []

    def changed(campaigns: set[tuple[UUID, UUID]], quests: set[UUID]) -> None:
        # First what is remembered is marked as old, then watchers are told to ask again.
        for each in answers:
            loop.call_soon_threadsafe(each.changed, campaigns)
        herald.note(campaigns, quests)

    ingest = Ingest(store, relay_url, settings.journal, settings.home / "telemetry", changed)
    answers.append(await asyncio.to_thread(Answers, ingest))
    quiet = threading.Event()
    threads = [
        threading.Thread(target=ingest.run, name="ingest"),
        threading.Thread(target=herald.run, args=(quiet,), name="herald"),
    ]
    for thread in threads:
        thread.start()
    try:
        await answers[0].serve(socket_of(settings), stopping)
    finally:
        ingest.stop()
        quiet.set()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        answers[0].close()
        store.close()
