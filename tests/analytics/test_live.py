"""Pages hear of changes: by a real NOTIFY, coalesced, and again after an outage."""

import asyncio
import time
from uuid import UUID

import psycopg
import pytest

from banyan import analytics
from banyan.app import live
from banyan.campaigns.events import ParticipantJoined
from banyan.kernel.errors import Refused
from banyan.kernel.events import record
from banyan.kernel.ids import new_id
from banyan.kernel.postgres import Urls
from banyan.kernel.relay import tell
from banyan.kernel.settings import load
from banyan.kernel.work import SYSTEM, unit_of_work

from .conftest import Owner

pytestmark = pytest.mark.usefixtures("database")


def notify(urls: Urls, *topics: str) -> None:
    with psycopg.connect(urls.relay, autocommit=True) as connection:
        tell(connection, analytics.LIVE_CHANNEL, topics)


async def until_listening(urls: Urls) -> None:
    with live._hub[0].watch("ready") as topic:
        while not topic.version:
            await asyncio.to_thread(notify, urls, "ready")
            await asyncio.sleep(0.05)


def test_a_watcher_is_told_now_and_after_each_change(urls: Urls) -> None:
    async def run() -> None:
        asked = 0

        def ask() -> str:
            nonlocal asked
            asked += 1
            return str(asked)

        async with live.running(load()):
            await until_listening(urls)
            stream = live.follow("campaign:x", "numbers", ask, shared=True)
            first = await anext(stream)
            assert (first.event, first.data) == ("numbers", "1")
            waiting = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0.6)
            assert not waiting.done()
            await asyncio.to_thread(notify, urls, "campaign:other")
            await asyncio.sleep(0.3)
            assert not waiting.done()
            await asyncio.to_thread(notify, urls, *[f"quest:{n}" for n in range(900)], "campaign:x")
            second = await asyncio.wait_for(waiting, 5)
            assert second.data == "2"
            await stream.aclose()
            assert "campaign:x" not in live._hub[0]._topics

    asyncio.run(run())


def test_many_watchers_cost_one_question(urls: Urls) -> None:
    async def run() -> None:
        asked = 0

        def ask() -> str:
            nonlocal asked
            asked += 1
            time.sleep(0.05)
            return str(asked)

        async with live.running(load()):
            await until_listening(urls)
            streams = [live.follow("campaign:y", "numbers", ask, shared=True) for _ in range(200)]
            await asyncio.gather(*map(anext, streams))
            assert asked == 1
            nexts = [asyncio.ensure_future(anext(stream)) for stream in streams]
            await asyncio.sleep(0.4)
            await asyncio.to_thread(notify, urls, "campaign:y")
            told = await asyncio.wait_for(asyncio.gather(*nexts), 10)
            assert {each.data for each in told} == {"2"}

    asyncio.run(run())


def test_a_stream_ends_when_its_question_is_refused() -> None:
    async def run() -> None:
        def ask() -> str:
            raise Refused(analytics.ANALYTICS_DOWN)

        async with live.running(load()):
            told = [each async for each in live.follow("campaign:z", "numbers", ask, shared=False)]
            assert told == []

    asyncio.run(run())


def test_an_event_reaches_an_open_page_within_two_seconds(
    urls: Urls, workspace: UUID, owner: Owner
) -> None:
    assert owner
    campaign = new_id()

    def ask() -> str:
        return str(analytics.numbers_of(workspace, campaign).participants)

    def join() -> None:
        with unit_of_work(workspace, SYSTEM) as work:
            event = ParticipantJoined(
                campaign_id=campaign,
                person_id=new_id(),
                referrer_id=None,
                quest_id=None,
                generation=0,
                channel="web",
                is_new_person=True,
            )
            record(work, [event])

    async def run() -> None:
        async with live.running(load()):
            await until_listening(urls)
            stream = live.follow(f"campaign:{campaign}", "numbers", ask, shared=True)
            assert (await anext(stream)).data == "0"
            await asyncio.to_thread(join)
            # Far beyond the promise, so that a loaded machine fails no test; without the
            # notification the next word would come after the sign of life.
            told = await asyncio.wait_for(anext(stream), live.AT_LEAST_EVERY_SECONDS - 1)
            assert told.data == "1"
            await stream.aclose()

    asyncio.run(run())
