"""The hot path over ASGI: what a phone sends and what it is told."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from banyan import links
from banyan.app.supports import handle_support, running
from banyan.kernel.ids import new_id
from banyan.kernel.settings import load
from banyan.kernel.work import Database, current_database, use_database
from banyan.links.table import LinkTable
from banyan.people import Participant, participant_token
from tests.stage import Stage
from tests.whole import assert_whole

Answer = tuple[int, dict[str, str], dict[str, Any]]
PROBLEM = "application/problem+json; charset=utf-8"


@pytest.fixture
def stage(database: object) -> Stage:
    return Stage()


@asynccontextmanager
async def web(folder: Path) -> AsyncGenerator[None]:
    """What a web process keeps for the hot path: the table of links and the batch."""
    table = LinkTable(current_database().relay_url, folder / "links")
    given = links.link_table
    links.link_table = lambda: table
    try:
        async with running(load({"BANYAN_HOME": str(folder)})):
            yield
    finally:
        links.link_table = given


async def post(
    quest: object, token: str | None, body: bytes, headers: dict[str, str] | None = None
) -> Answer:
    """Send one support to the handler, as the server would."""
    sent: list[Any] = []
    said = {"content-length": str(len(body)), **(headers or {})}
    if token:
        said["cookie"] = f"byp={token}"
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/api/public/quests/{quest}/supports",
        "query_string": b"",
        "client": ("127.0.0.1", 1),
        "headers": [(key.encode(), value.encode()) for key, value in said.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await handle_support(scope, receive, send)
    start, content = sent
    told = {key.decode(): value.decode() for key, value in start["headers"]}
    return start["status"], told, json.loads(content["body"])


class Place:
    """A quest with its link, and ways to sign people in."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.campaign = stage.campaign()
        self.owner, self.friend = stage.people(2)
        (self.quest,) = stage.quests(self.campaign, [self.owner])
        self.code = stage.one("select share_code from quests where id = %s", self.quest)
        self.body = json.dumps({"link_code": self.code}).encode()

    def token(self, person: UUID | None = None, workspace: UUID | None = None) -> str:
        return participant_token(
            Participant(workspace or self.stage.workspace, person or self.friend)
        )


@pytest.fixture
def place(stage: Stage) -> Place:
    return Place(stage)


def run(folder: Path, *calls: Callable[[], Any]) -> list[Answer]:
    async def all_at_once() -> list[Answer]:
        async with web(folder):
            return await asyncio.gather(*(call() for call in calls))

    return asyncio.run(all_at_once())


def test_a_support_is_answered_with_all_the_page_needs(place: Place, tmp_path: Path) -> None:
    ((status, headers, told),) = run(tmp_path, lambda: post(place.quest, place.token(), place.body))
    assert (status, headers["content-type"]) == (201, "application/json")
    assert told["counted"] is True
    assert told["reason"] is None
    assert told["message"] == {"zh": "助力成功", "en": "Your help counts"}
    (grant,) = told["grants"]
    assert grant["offer"] == {"key": "half", "name": {"zh": "half 券", "en": "half coupon"}}
    assert told["quest"]["id"] == str(place.quest)
    assert (told["quest"]["have"], told["quest"]["state"]) == (1, "won")
    assert told["quest"]["tiers"] == [{"people": 1, "offer_key": "latte", "reached": True}]
    assert_whole()


def test_two_taps_at_once_and_a_later_one_get_the_same_answer(place: Place, tmp_path: Path) -> None:
    def tap() -> Any:
        return post(place.quest, place.token(), place.body, {"idempotency-key": "tap"})

    first = run(tmp_path, tap, tap, tap)
    again = run(tmp_path, tap)
    assert len({json.dumps(answer) for answer in [*first, *again]}) == 1
    assert place.stage.one("select count(*) from supports") == 1
    assert_whole()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "invalid"),
        (b"{", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'{"link_code": 7}', 422, "invalid"),
        (b'{"link_code": ""}', 422, "invalid"),
        (b'{"link_code": "\xff"}', 422, "invalid"),
        (b'{"link_code": "0000000000000000"}', 404, "unknown_link"),
        (b'{"link_code": "' + b"x" * 3000 + b'"}', 413, "body_too_large"),
    ],
)
def test_what_is_not_a_support_is_told_so(
    place: Place, tmp_path: Path, body: bytes, status: int, code: str
) -> None:
    ((got, headers, told),) = run(tmp_path, lambda: post(place.quest, place.token(), body))
    assert (got, told["code"], headers["content-type"]) == (status, code, PROBLEM)
    assert place.stage.one("select count(*) from supports") == 0


def test_who_asks_and_for_what_is_checked(place: Place, tmp_path: Path) -> None:
    other = Place(place.stage)
    token, body = place.token(), place.body
    answers = run(
        tmp_path,
        lambda: post(place.quest, None, body),
        lambda: post(place.quest, token[:-2] + "xx", body),
        lambda: post("nonsense", token, body),
        lambda: post(new_id(), token, body),
        lambda: post(other.quest, token, body),
        lambda: post(place.quest, place.token(workspace=new_id()), body),
        lambda: post(place.quest, place.token(new_id()), body),
        lambda: post(place.quest, token, body, {"idempotency-key": "x" * 300}),
    )
    assert [(status, told["code"]) for status, _, told in answers] == [
        (401, "not_signed_in"),
        (401, "not_signed_in"),
        (404, "quest_not_found"),
        (422, "not_a_quest_link"),
        (422, "not_a_quest_link"),
        (404, "unknown_link"),
        (401, "not_signed_in"),
        (422, "idempotency_key_invalid"),
    ]
    assert place.stage.one("select count(*) from supports") == 0


def test_a_problem_is_told_in_the_participants_language(place: Place, tmp_path: Path) -> None:
    answers = run(
        tmp_path,
        lambda: post(place.quest, None, place.body),
        lambda: post(place.quest, None, place.body, {"accept-language": "en-GB"}),
    )
    assert [told["title"] for _, _, told in answers] == ["请先登录", "Please sign in first"]


def test_while_the_database_is_down_nothing_is_lost(place: Place, tmp_path: Path) -> None:
    async def told() -> list[Answer]:
        async with web(tmp_path):
            await links.link_table().find(place.code)
            there = current_database()
            gone = Database(
                "postgresql://nobody@127.0.0.1:1/nowhere", "postgresql://nobody@127.0.0.1:1/nowhere"
            )
            use_database(gone)
            down = await post(place.quest, place.token(), place.body)
            use_database(there)
            gone.close()
            return [down, await post(place.quest, place.token(), place.body)]

    (status, headers, problem), (again, _, counted) = asyncio.run(told())
    assert (status, problem["code"]) == (503, "store_down")
    assert int(headers["retry-after"]) > 0
    assert (again, counted["counted"]) == (201, True)
    assert_whole()
