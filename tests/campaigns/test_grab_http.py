"""Grabs over ASGI: one share each, and the late ones answered without the database."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from banyan import campaigns, links
from banyan.app import grabs
from banyan.app.grabs import handle_grab, is_grab, running
from banyan.kernel.ids import new_id
from banyan.kernel.settings import load
from banyan.kernel.work import current_database, use_database
from banyan.links.table import LinkTable
from banyan.people import Participant, participant_token
from tests.campaigns.packets import packet
from tests.stage import Stage
from tests.whole import assert_whole


class Place:
    """A packet of three shares with its link, and people to open it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.campaign = packet(stage, total=900, shares=3)
        self.people = stage.people(6)
        self.code = stage.one("select code from links where campaign_id = %s", self.campaign)

    async def grab(
        self, person: UUID | None, key: str | None = None, code: str | None = None, **more: Any
    ) -> tuple[int, dict[str, Any]]:
        """Send one grab to the handler, as the server would."""
        headers: list[tuple[bytes, bytes]] = []
        if person:
            who = Participant(more.get("workspace", self.stage.workspace), person)
            headers.append((b"cookie", f"byp={participant_token(who)}".encode()))
        if key:
            headers.append((b"idempotency-key", key.encode()))
        path = f"/api/public/campaigns/{code or self.code}/grabs"
        assert is_grab(path)
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "client": ("127.0.0.1", 1),
            "headers": headers,
        }
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            raise AssertionError

        async def send(message: Any) -> None:
            sent.append(message)

        await handle_grab(scope, receive, send)
        start, content = sent
        told = dict(start["headers"])
        assert told[b"cache-control"] == b"no-store"
        assert int(told[b"content-length"]) == len(content["body"])
        return start["status"], json.loads(content["body"])


@pytest.fixture
def place(database: object) -> Place:
    return Place(Stage())


@asynccontextmanager
async def web(folder: Path) -> AsyncGenerator[None]:
    table = LinkTable(current_database().relay_url, folder / "links")
    table.start()
    given = links.link_table
    links.link_table = lambda: table
    try:
        async with running(load({"BANYAN_HOME": str(folder)})):
            yield
    finally:
        links.link_table = given
        table.stop()


async def until_learnt(place: Place) -> None:
    await asyncio.gather(*grabs._hot.answers._beside)
    assert grabs._hot.takers.knows_empty(place.campaign)


def test_who_waits_together_is_answered_each(place: Place, tmp_path: Path) -> None:
    async def go() -> None:
        async with web(tmp_path):
            asked = [place.grab(who, f"key {who}") for who in place.people]
            answers = await asyncio.gather(*asked)
        assert {status for status, _ in answers} == {201}
        told = [answer for _, answer in answers]
        assert [one["reason"] for one in told] == [None] * 3 + ["sold_out"] * 3
        assert sum(one["share"]["amount_minor"] for one in told[:3]) == 900

    asyncio.run(go())
    assert_whole()


def test_late_ones_and_repeats_never_reach_the_database(place: Place, tmp_path: Path) -> None:
    first, second, third, late, later, _ = place.people

    async def go() -> None:
        async with web(tmp_path):
            (_, mine) = await place.grab(first, "wish")
            # Another process took the other two: this one has never heard of them.
            with place.stage.work() as work:
                campaigns.grab(
                    work,
                    [campaigns.GrabRequest(place.campaign, who) for who in (second, third)],
                )
            assert (await place.grab(late))[1]["reason"] == "sold_out"
            await until_learnt(place)
            held = current_database()
            use_database(None)
            try:
                assert await place.grab(first, "wish") == (201, mine | {"left": None})
                (_, again) = await place.grab(first, "another wish")
                (_, theirs) = await place.grab(second)
                (_, gone) = await place.grab(later)
            finally:
                use_database(held)
        assert (again["reason"], again["share"]) == ("done_already", mine["share"])
        assert theirs["share"]["nth"] == 2
        assert (gone["reason"], gone["share"]) == ("sold_out", None)

    asyncio.run(go())


def test_a_share_that_is_known_is_answered_from_memory_at_once(
    place: Place, tmp_path: Path
) -> None:
    async def go() -> None:
        async with web(tmp_path):
            (_, mine) = await place.grab(place.people[0], "wish")
            held = current_database()
            use_database(None)
            try:
                (_, again) = await place.grab(place.people[0], "other")
                status, unknown = await place.grab(place.people[1])
            finally:
                use_database(held)
        assert again["share"] == mine["share"]
        # Nobody else is answered without asking.
        assert status >= 500, unknown

    asyncio.run(go())


def test_a_rolled_back_set_teaches_nothing(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    async def go() -> None:
        async with web(tmp_path):
            with monkeypatch.context() as patch:
                patch.setattr("banyan.campaigns.grabs.ShareView", broken)
                assert (await place.grab(place.people[0], "wish"))[0] == 500
            status, answer = await place.grab(place.people[0], "wish")
            assert (status, answer["counted"]) == (201, True)

    asyncio.run(go())
    assert place.stage.one("select taken from red_packets") == 1
    assert_whole()


def test_who_is_not_known_here_is_asked_to_sign_in(place: Place, tmp_path: Path) -> None:
    async def go() -> None:
        async with web(tmp_path):
            assert (await place.grab(None))[0] == 401
            assert (await place.grab(place.people[0], workspace=new_id()))[0] == 401
            assert (await place.grab(place.people[0], code="nowhere"))[1]["code"] == "unknown_link"
            bad = await place.grab(place.people[0], "k" * 256)
            assert bad[1]["code"] == "idempotency_key_invalid"

    asyncio.run(go())
