"""Acts over HTTP: a phone, a counter, a friend who leaves, a poster; and what is never told."""

import io
from typing import Any

import pytest
from litestar.testing import TestClient
from PIL import Image

from banyan import workspaces
from banyan.people import Participant, participant_token
from banyan.workspaces import PERMISSIONS
from tests.edge.conftest import CONSOLE
from tests.stage import Stage, offer
from tests.whole import assert_whole

QUESTION = {
    "ask_zh": "茶树最早长在哪里？",
    "ask_en": "Where did tea first grow?",
    "choices_zh": ["北京", "云南"],
    "choices_en": ["Beijing", "Yunnan"],
    "right": 2,
}
PLAYS: dict[str, dict[str, Any]] = {
    "check_in": {"daily_offer": "half", "streaks": [{"days": 3, "offer": "latte"}]},
    "content": {"first_part": "half", "parts": [{"people": 1, "offer": "latte"}]},
    "live": {
        "room_code": "春风十里",
        "enter_offer": "half",
        "prizes": [{"offer": "latte", "odds_bps": 10_000}],
        "watch_minutes": 0,
    },
    "in_store": {
        "store_code": "TABLE7",
        "stamps": [{"visits": 1, "offer": "latte"}],
        "scan_offer": "half",
    },
    "quiz": {"levels": [{"questions": [QUESTION], "offer": "half"}], "tries_per_level": 2},
    "cause": {"unit_offer": "latte", "goal": 100, "thanks_offer": "half"},
    "poster": {"tiers": [{"people": 1, "offer": "latte"}], "friend_offer": "half"},
}


class Phone:
    """One person's phone, before one quest of theirs."""

    def __init__(self, client: TestClient[Any], key: str) -> None:
        self.client, self.stage = client, Stage()
        self.campaign = self.stage.campaign(
            {"key": key, "settings": PLAYS[key]},
            offers=[offer("latte", 500, quantity=100), offer("half", 300, quantity=1_000)],
        )
        (self.owner,) = self.stage.people(1)
        (self.quest,) = self.stage.quests(self.campaign, [self.owner])
        self.code = self.stage.one("select share_code from quests where id = %s", self.quest)

    def asked(self, method: str, path: str, who: Any = None, **more: Any) -> Any:
        token = participant_token(Participant(self.stage.workspace, who or self.owner))
        headers = {"cookie": f"byp={token}"} | more.pop("headers", {})
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, **more)

    def act(self, step: str, who: Any = None, key: str | None = None, **proof: str) -> Any:
        return self.asked(
            "POST",
            f"/api/public/quests/{self.quest}/acts",
            who,
            json={"step": step, **proof},
            headers={"Idempotency-Key": key} if key else {},
        )

    def page(self) -> Any:
        return self.asked("GET", f"/api/public/links/{self.code}").json()


@pytest.mark.parametrize(
    ("key", "step", "proof", "given"),
    [
        ("check_in", "checked_in", {}, ["half"]),
        ("content", "read", {}, ["half"]),
        ("live", "entered", {"code": " 春风十里 "}, ["half"]),
        ("in_store", "scanned", {"code": "table7"}, ["half"]),
        ("quiz", "level_1", {"answer": "2"}, ["half"]),
        ("cause", "gave", {}, ["latte", "half"]),
    ],
)
def test_a_tap_is_answered_with_all_the_page_needs_and_a_repeat_with_the_same(
    client: TestClient[Any], key: str, step: str, proof: dict[str, str], given: list[str]
) -> None:
    phone = Phone(client, key)
    first = phone.act(step, key="tap", **proof)
    assert first.status_code == 201, first.text
    told = first.json()
    assert (told["counted"], told["reason"]) == (True, None)
    assert [grant["offer"]["key"] for grant in told["grants"]] == given
    (shown,) = [one for one in told["quest"]["acts"] if one["step"] == step]
    assert (shown["done"], shown["is_open"]) == (1, False)
    assert phone.act(step, key="tap", **proof).json() == told
    again = phone.act(step, key="other", **proof).json()
    assert again["counted"] is False
    assert again["message"]["zh"]
    assert len(phone.page()["my_quest"]["grants"]) == len(given)
    assert_whole()


def test_a_draw_of_the_live_room_is_open_after_entering(client: TestClient[Any]) -> None:
    phone = Phone(client, "live")
    assert phone.act("drew").json()["reason"] == "too_early"
    assert phone.act("entered", code="春风百里").json()["reason"] == "wrong_answer"
    phone.act("entered", code="春风十里")
    won = phone.act("drew").json()
    assert [grant["offer"]["key"] for grant in won["grants"]] == ["latte"]
    assert [note["code"] for note in won["quest"]["notes"]] == ["draw_from", "won"]


def test_a_wrong_answer_is_a_try_and_the_last_one_ends_it(client: TestClient[Any]) -> None:
    phone = Phone(client, "quiz")
    tries = [phone.act("level_1", answer="1").json() for _ in range(3)]
    assert [one["reason"] for one in tries] == [None, None, "no_chance_left"]
    assert tries[1]["quest"]["state"] == "lost"


@pytest.mark.parametrize(
    ("key", "secret"), [("live", "春风十里"), ("in_store", "TABLE7"), ("quiz", '"right"')]
)
def test_answers_and_codes_are_never_told(client: TestClient[Any], key: str, secret: str) -> None:
    phone = Phone(client, key)
    page = phone.asked("GET", f"/api/public/links/{phone.code}")
    assert page.status_code == 200
    assert secret not in page.text
    assert secret not in phone.asked("GET", f"/api/public/quests/{phone.quest}").text


@pytest.mark.parametrize(
    ("step", "proof", "status", "code"),
    [
        ("dance", {}, 404, "act_not_found"),
        ("visited", {}, 403, "only_staff_confirm"),
        ("scanned", {}, 422, "proof_missing"),
    ],
)
def test_what_cannot_be_done_says_why(
    client: TestClient[Any], step: str, proof: dict[str, str], status: int, code: str
) -> None:
    answer = Phone(client, "in_store").act(step, **proof)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_somebody_elses_quest_is_not_found(client: TestClient[Any]) -> None:
    phone = Phone(client, "in_store")
    (stranger,) = phone.stage.people(1)
    assert phone.act("scanned", stranger, code="TABLE7").status_code == 404
    for path in ("pass", "pass.svg"):
        found = phone.asked("GET", f"/api/public/quests/{phone.quest}/{path}", stranger)
        assert found.status_code == 404
    drawn = phone.asked("POST", f"/api/public/quests/{phone.quest}/poster", stranger, json={})
    assert drawn.status_code == 404


def test_a_visit_is_confirmed_and_handed_over_at_the_counter(client: TestClient[Any]) -> None:
    phone = Phone(client, "in_store")
    shown = phone.asked("GET", f"/api/public/quests/{phone.quest}/pass").json()["code"]
    picture = phone.asked("GET", f"/api/public/quests/{phone.quest}/pass.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    client.cookies.clear()
    root = f"/api/admin/campaigns/{phone.campaign}"
    member = staff_of(phone.stage)
    found = client.get(f"{root}/passes/{shown.lower()}", headers=member).json()
    assert [(one["step"], one["is_open"]) for one in found["acts"]] == [
        ("scanned", True),
        ("visited", True),
        ("redeemed", False),
    ]
    visit = {"code": shown, "step": "visited"}
    told = client.post(f"{root}/acts", json=visit, headers=member | {"Idempotency-Key": "v"})
    assert told.status_code == 201, told.text
    assert [grant["offer"]["key"] for grant in told.json()["grants"]] == ["latte"]
    twice = client.post(f"{root}/acts", json=visit, headers=member).json()
    assert (twice["counted"], twice["reason"]) == (False, "done_already")
    over = client.post(f"{root}/acts", json=visit | {"step": "redeemed"}, headers=member).json()
    assert over["counted"] is True
    wrong = client.post(f"{root}/acts", json=visit | {"code": "nobody"}, headers=member)
    assert (wrong.status_code, wrong.json()["code"]) == (404, "pass_not_found")
    assert_whole()


def staff_of(stage: Stage) -> dict[str, str]:
    """Return the headers of an API key that may do what the staff may."""
    with stage.work() as work:
        made = workspaces.create_key(
            work,
            name="counter",
            scopes=["orders.write"],
            within=frozenset(PERMISSIONS),
        )
    return CONSOLE | {"Authorization": f"Bearer {made.token}"}


def test_a_friend_who_leaves_within_the_day_is_uncounted_with_all_it_earned(
    client: TestClient[Any],
) -> None:
    phone = Phone(client, "poster")
    (friend,) = phone.stage.people(1)
    phone.stage.support((phone.quest, friend))
    assert phone.page()["my_quest"]["have"] == 1
    path = f"/api/public/quests/{phone.quest}/departures"
    assert phone.asked("POST", path, friend).status_code == 204
    assert phone.asked("POST", path, friend).status_code == 204
    quest = phone.page()["my_quest"]
    assert quest["have"] == 0
    assert {grant["state"] for grant in quest["grants"]} <= {"clawed_back", "reversed", "cancelled"}
    assert_whole()


def test_a_poster_is_a_picture_with_a_name_only_if_one_is_typed(client: TestClient[Any]) -> None:
    phone = Phone(client, "poster")
    path = f"/api/public/quests/{phone.quest}/poster"
    plain = phone.asked("POST", path, json={})
    named = phone.asked("POST", path, json={"name": "阿榕"})
    assert plain.headers["content-type"] == "image/png"
    sizes = {Image.open(io.BytesIO(one.content)).size for one in (plain, named)}
    assert sizes == {(750, 1200)}
    assert plain.content != named.content
    assert phone.asked("POST", path, json={"name": "x" * 13}).status_code == 422
