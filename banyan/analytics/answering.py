"""The owner of the store answers questions: at most two at a time, equal ones once.

A campaign's numbers are computed when something changed since they last were, and not more often
than every third of a second (rarer when they take long), however many people watch.
"""

import asyncio
import os
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar
from uuid import UUID

import msgspec
import structlog

from banyan.analytics import effects, queries
from banyan.analytics.ingest import Ingest
from banyan.analytics.numbers import Numbers
from banyan.analytics.store import Store, StoreDown
from banyan.analytics.wire import ASK_MOST_BYTES, Ask, Told, address_of, decode_ask, encode

log = structlog.get_logger(__name__)

LEAST_SECONDS = 0.3
REST_SECONDS_MOST = 0.5
"""However long the numbers take, they are begun anew this soon: a live page is 2 s behind at most."""
OLD_SECONDS = 30.0
LANES = 2
REMEMBERED_MOST = 512
EFFECTS_SECONDS = 5.0
"""A leaderboard that is sorted another way is not counted anew."""
EFFECTS_MOST = 64
REBUILD_SECONDS = 3600.0
WAITING_MOST = 256

_json = msgspec.json.Encoder().encode
Place = tuple[UUID, UUID]
T = TypeVar("T")


class _Remembered:
    """The numbers of one campaign and when they must be computed again."""

    def __init__(self) -> None:
        self.numbers: Numbers | None = None
        self.until = 0.0
        self.took = 0.0
        self.began = 0.0
        self.turn = asyncio.Lock()


class Answers:
    """Answers the questions of `wire.Ask` from one store."""

    def __init__(self, ingest: Ingest) -> None:
        """Open connections for reading beside the one that writes."""
        self._ingest = ingest
        self._stores: SimpleQueue[Store] = SimpleQueue()
        for _ in range(LANES):
            self._stores.put(ingest.store.another())
        self._lanes = asyncio.Semaphore(LANES)
        self._remembered: OrderedDict[Place, _Remembered] = OrderedDict()
        self._changed: dict[Place, float] = {}
        self._waiting = 0
        self._effects: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()
        self._effects_turn = asyncio.Lock()

    def changed(self, places: set[Place]) -> None:
        """Note that something happened in these campaigns. Call it in the event loop."""
        now = time.time()
        for place in places:
            if place in self._remembered:
                self._changed[place] = now

    async def serve(self, path: Path, stopping: asyncio.Event) -> None:
        """Answer on the unix socket at `path` until `stopping` is set."""
        await asyncio.to_thread(_make_way, path)
        with address_of(path) as address:
            # Made for its owner alone: the umask of this process says so from the first moment.
            before = os.umask(0o177)
            try:
                server = await asyncio.start_unix_server(self._meet, address)
            finally:
                os.umask(before)
        async with server:
            await stopping.wait()

    async def answer(self, question: Ask) -> Told:
        """Return the answer to one question."""
        try:
            return Told(await self._value(question))
        except StoreDown as problem:
            log.warning("analytics_down", problem=str(problem)[:200])
            return Told(problem="down")
        except (KeyError, ValueError, IndexError):
            log.exception("analytics_cannot_answer", what=question.what)
            return Told(problem="invalid")

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(5):
                size = int.from_bytes(await reader.readexactly(4))
                if size > ASK_MOST_BYTES:
                    return
                question = decode_ask(await reader.readexactly(size))
            data = encode(await self.answer(question))
            writer.write(len(data).to_bytes(4) + data)
            async with asyncio.timeout(5):
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, msgspec.MsgspecError):
            log.info("analytics_question_broke_off")
        finally:
            writer.close()

    async def _value(self, question: Ask) -> bytes:
        here = question.workspace_id
        match question.what:
            case "numbers":
                (campaign,) = question.campaign_ids
                told = _json(await self._numbers((here, campaign)))
            case "growth":
                found = {}
                for campaign in question.campaign_ids:
                    found[str(campaign)] = (await self._numbers((here, campaign))).k.value
                told = _json(found)
            case "effects":
                told = await self._effects_of(question)
            case "series":
                (campaign,) = question.campaign_ids
                unit, zone = question.unit, question.timezone
                told = _json(
                    await self._query(
                        lambda store: queries.series(store, here, campaign, unit, zone)
                    )
                )
            case "tree":
                (campaign,) = question.campaign_ids
                most = question.most
                told = _json(
                    await self._query(lambda store: queries.tree(store, here, campaign, most))
                )
            case "clicks":
                links = question.link_ids
                told = _json(
                    await self._query(lambda store: queries.clicks_of_links(store, here, links))
                )
            case "rebuild":
                done = await asyncio.to_thread(self._ingest.rebuild, REBUILD_SECONDS)
                self._remembered.clear()
                self._effects.clear()
                told = _json(done)
            case _:
                raise KeyError(question.what)
        return told

    async def _numbers(self, place: Place) -> Numbers:
        kept = self._remembered.get(place)
        if kept is None:
            kept = self._remembered[place] = _Remembered()
            if len(self._remembered) > REMEMBERED_MOST:
                gone, _ = self._remembered.popitem(last=False)
                self._changed.pop(gone, None)
        self._remembered.move_to_end(place)
        # Whoever asks meanwhile waits here and finds the answer of the one who came first.
        async with kept.turn:
            # Time alone changes a few of them (who joined within the hour, who has had their time).
            is_old = time.time() - kept.began > OLD_SECONDS
            if kept.numbers is None or is_old or self._changed.get(place, 0.0) >= kept.began:
                rest = min(max(LEAST_SECONDS, 3 * kept.took), REST_SECONDS_MOST)
                wait = kept.began + rest - time.time()
                if wait > 0:
                    await asyncio.sleep(wait)
                kept.began = time.time()
                as_of = self._ingest.as_of
                kept.numbers = await self._query(
                    lambda store: queries.numbers(store, *place, as_of)
                )
                kept.took = time.time() - kept.began
        # Nothing changed since they were computed: they hold for as long as the store is complete.
        as_of = max(self._ingest.as_of, kept.numbers.as_of.timestamp())
        if self._changed.get(place, 0.0) >= kept.began:
            as_of = kept.numbers.as_of.timestamp()
        return queries.as_of(kept.numbers, as_of)

    async def _effects_of(self, question: Ask) -> bytes:
        key = encode(question)
        since = time.time() - question.days * 86_400 if question.days else 0.0
        # One at a time: the other lane stays free for the live numbers.
        async with self._effects_turn:
            kept = self._effects.get(key)
            if kept is not None and time.monotonic() - kept[0] < EFFECTS_SECONDS:
                return kept[1]
            found = await self._query(
                lambda store: effects.effects(store, question.workspace_id, question.groups, since)
            )
            told = _json(found)
            self._effects[key] = (time.monotonic(), told)
            self._effects.move_to_end(key)
            if len(self._effects) > EFFECTS_MOST:
                self._effects.popitem(last=False)
            return told

    async def _query(self, query: Callable[[Store], T]) -> T:
        if self._waiting >= WAITING_MOST:
            raise StoreDown
        self._waiting += 1
        try:
            async with self._lanes:
                return await asyncio.to_thread(self._with_store, query)
        finally:
            self._waiting -= 1

    def _with_store(self, query: Callable[[Store], T]) -> T:
        store = self._stores.get()
        try:
            return query(store)
        finally:
            self._stores.put(store)

    def close(self) -> None:
        """Close the connections for reading."""
        while not self._stores.empty():
            self._stores.get().close()


def _make_way(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
