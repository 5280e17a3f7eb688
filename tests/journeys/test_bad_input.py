"""What bad input gets: a problem with a stable code, in the reader's language, and nothing lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.journeys.plans import assist, referral
from tests.journeys.site import WECHAT, Guest, Shop


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def campaign(shop: Shop, now: datetime) -> str:
    return shop.announce(referral(now))


@pytest.fixture
def link(shop: Shop, campaign: str) -> str:
    return shop.link_of(campaign)


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Assert that `answer` is a problem of this kind and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = answer.json()
    assert told["code"] == code
    assert told["type"] == f"/problems/{code}"
    assert told["status"] == status
    assert told["title"]
    return told


def start(guest: Guest, link: str, **more: Any) -> httpx.Response:
    return guest.ask("POST", "/api/public/quests", {"link_code": link}, **more)


def test_an_unknown_link(shop: Shop) -> None:
    guest = shop.guest("+8613800000001")
    refused(start(guest, "nosuchlink0000"), 404, "unknown_link")
    refused(guest.ask("GET", "/api/public/links/nosuchlink0000"), 404, "unknown_link")
    page = guest.ask("GET", "/h5/l/nosuchlink0000")
    assert page.status_code == 404
    assert "text/html" in page.headers["content-type"]
    assert guest.ask("GET", "/s/nosuchlink0000").status_code == 404


def test_nobody_takes_part_unknown(shop: Shop, link: str) -> None:
    visitor = Guest(shop.site)
    refused(start(visitor, link), 401, "not_signed_in")
    forged = Guest(shop.site, {"byp": "AAAA.BBBB"})
    refused(start(forged, link), 401, "not_signed_in")


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "活动暂停中"), ("en-GB", "paused")])
def test_a_paused_campaign_in_the_readers_language(
    shop: Shop, campaign: str, link: str, language: str, words: str
) -> None:
    host, friend, late = shop.guests(3)
    quest = host.start(link)
    shop.must("POST", f"/campaigns/{campaign}/pause", {"reason": "补货"})
    told = refused(start(late, link, language=language), 409, "campaign_paused")
    assert words in told["title"]
    told = refused(friend.support(quest, language=language), 409, "campaign_paused")
    assert words in told["title"]
    shop.must("DELETE", f"/campaigns/{campaign}/pause")
    assert friend.support(quest).json()["counted"] is True


def test_an_ended_campaign(shop: Shop, campaign: str, link: str) -> None:
    host, friend = shop.guests(2)
    quest = host.start(link)
    shop.must("POST", f"/campaigns/{campaign}/ending")
    refused(start(friend, link), 410, "campaign_ended")
    refused(friend.support(quest), 410, "campaign_ended")
    # Whoever has a quest can still look at it.
    assert host.ask("GET", f"/api/public/quests/{quest['id']}").status_code == 200


def test_a_campaign_that_has_not_begun(shop: Shop, now: datetime) -> None:
    begins = now + timedelta(days=1)
    period = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(days=1)).isoformat()}
    link = shop.link_of(shop.announce(referral(now, period=period)))
    guest = shop.guest("+8613800000001")
    refused(start(guest, link), 409, "campaign_not_begun")
    state = guest.ask("GET", f"/api/public/links/{link}").json()
    assert state["problem"]["code"] == "campaign_not_begun"


def test_my_own_link(shop: Shop, link: str) -> None:
    host = shop.guest("+8613800000001")
    answer = host.support(host.start(link))
    assert answer.status_code == 201
    assert (answer.json()["counted"], answer.json()["reason"]) == (False, "own_quest")
    assert answer.json()["message"]["zh"]
    assert host.start(link)["have"] == 0


def test_a_cycle(shop: Shop, now: datetime) -> None:
    link = shop.link_of(shop.announce(assist(now)))
    first, second = shop.guests(2)
    hers = first.start(link)
    assert second.support(hers).json()["counted"] is True
    his = second.start(link)
    answer = first.support(his).json()
    assert (answer["counted"], answer["reason"]) == (False, "cycle")
    mine = first.ask("GET", f"/api/public/mine?link_code={link}").json()
    assert [one["reason"] for one in mine["not_counted"]] == ["cycle"]


def test_the_cap_on_helping(shop: Shop, now: datetime) -> None:
    link = shop.link_of(shop.announce(assist(now)))
    helper, *hosts = shop.guests(4)
    said = [helper.support(host.start(link)).json()["reason"] for host in hosts]
    assert said == [None, None, "cap_reached"]


def test_somebody_who_is_not_new(shop: Shop, now: datetime) -> None:
    known = shop.guest("+8613800000009", at=now - timedelta(days=30))
    link = shop.link_of(shop.announce(referral(now)))
    quest = shop.guest("+8613800000001").start(link)
    answer = known.support(quest).json()
    assert (answer["counted"], answer["reason"]) == (False, "not_new")


def test_a_spent_budget(shop: Shop, now: datetime) -> None:
    plan = referral(now, budget={"total_minor": 1100})
    plan["play"]["settings"]["tiers"] = [{"people": 1, "offer": "latte"}]
    link = shop.link_of(shop.announce(plan))
    host, *friends = shop.guests(5)
    quest = host.start(link)
    said = [friend.support(quest).json()["reason"] for friend in friends]
    # 500 + 300 for the first, 300 for the second, nothing is left for the third.
    assert said == [None, None, "budget_spent", "budget_spent"]


def test_a_surface_the_campaign_was_not_made_for(shop: Shop, link: str) -> None:
    guest = shop.guest("+8613800000001")
    told = refused(start(guest, link, agent=WECHAT), 403, "surface_not_allowed")
    assert told["title"]
    state = guest.ask("GET", f"/api/public/links/{link}", agent=WECHAT).json()
    assert state["surface"]["allowed"] is False
    assert state["surface"]["message"]["en"]
    quest = guest.start(link)
    refused(shop.guest("+8613800000002").support(quest, agent=WECHAT), 403, "surface_not_allowed")


def test_a_link_of_another_quest(shop: Shop, link: str) -> None:
    first, second, friend = shop.guests(3)
    hers, his = first.start(link), second.start(link)
    answer = friend.support(hers | {"share_code": his["share_code"]})
    refused(answer, 422, "not_a_quest_link")
    answer = friend.support(hers | {"share_code": link})
    refused(answer, 422, "not_a_quest_link")


def test_a_quest_that_is_not_there(shop: Shop, link: str) -> None:
    guest = shop.guest("+8613800000001")
    quest = guest.start(link)
    refused(guest.ask("GET", f"/api/public/quests/{uuid4()}"), 404, "quest_not_found")
    stranger = shop.guest("+8613800000002")
    # Somebody else's quest is as good as absent.
    refused(stranger.ask("GET", f"/api/public/quests/{quest['id']}"), 404, "quest_not_found")


BAD_BODIES: list[Any] = [
    {},
    [],
    "text",
    None,
    {"link_code": 7},
    {"link_code": None},
    {"link_code": ""},
    {"link_code": "x" * 65},
    {"link_code": ["a"]},
    {"link_code": "a", "extra": 1},
]


@pytest.mark.parametrize("body", BAD_BODIES)
def test_wrong_types(shop: Shop, body: Any) -> None:
    guest = shop.guest("+8613800000001")
    answer = guest.site.send(
        "POST",
        "/api/public/quests",
        json=body,
        headers={"Cookie": f"byp={guest.cookies['byp']}"},
    )
    assert answer.status_code in {400, 422}
    assert answer.json()["code"] in {"invalid", "malformed"}


def test_a_body_that_is_too_large(shop: Shop, link: str) -> None:
    guest = shop.guest("+8613800000001")
    quest = guest.start(link)
    for path, size in (
        ("/api/public/quests", 2 << 20),
        (f"/api/public/quests/{quest['id']}/supports", 100_000),
    ):
        answer = guest.ask("POST", path, {"link_code": "a" * size})
        refused(answer, 413, "body_too_large")


ADMIN_WRONG: list[tuple[str, str, Any]] = [
    ("POST", "/campaigns", {"template_key": 5}),
    ("POST", "/campaigns", {"definition": []}),
    ("POST", "/judgements", {"definition": "x"}),
    ("GET", "/campaigns?cursor=nonsense", None),
    ("GET", "/campaigns/not-a-uuid", None),
    ("POST", "/campaigns/{id}/pause", {"reason": "x" * 501}),
    ("POST", "/campaigns/{id}/links", {"channel": "carrier_pigeon"}),
    ("GET", "/campaigns/{id}/export?what=secrets", None),
    ("GET", "/campaigns/{id}/participants?cursor=-", None),
    ("PUT", "/campaigns/{id}/definition", {"definition": {}, "version": "one"}),
]


@pytest.mark.parametrize(("method", "path", "body"), ADMIN_WRONG)
def test_wrong_input_of_a_merchant(
    shop: Shop, campaign: str, method: str, path: str, body: Any
) -> None:
    answer = shop.ask(method, path.replace("{id}", campaign), body)
    assert answer.status_code in {400, 404, 422}, answer.text
    assert answer.json()["code"] in {"invalid", "malformed", "not_found"}


def test_a_template_that_is_not_there(shop: Shop) -> None:
    refused(shop.ask("POST", "/campaigns", {"template_key": "none"}), 404, "template_not_found")
    refused(shop.ask("GET", "/templates/none"), 404, "template_not_found")


def test_a_judgement_never_fails_however_unfinished(shop: Shop, now: datetime) -> None:
    whole = referral(now)
    for gone in whole:
        told = shop.must(
            "POST", "/judgements", {"definition": {k: v for k, v in whole.items() if k != gone}}
        )
        assert set(told) == {"verdict", "worst_case", "rules", "problems"}
    for body in ({}, {"play": {}}, {"offers": [None]}, {"play": {"key": "none", "settings": 3}}):
        told = shop.must("POST", "/judgements", {"definition": body})
        assert told["problems"]


def test_a_repeated_key_with_the_same_draft_makes_one(shop: Shop, now: datetime) -> None:
    headers = {"Idempotency-Key": "draft one"}
    body = {"definition": referral(now)}
    made = [shop.must("POST", "/campaigns", body, headers=headers)["id"] for _ in range(3)]
    assert len(set(made)) == 1


Step = Callable[[Shop, str], httpx.Response]


@pytest.mark.parametrize("step", ["publication", "settlement"])
def test_a_step_that_is_not_possible(shop: Shop, campaign: str, step: str) -> None:
    answer = shop.ask("POST", f"/campaigns/{campaign}/{step}")
    told = refused(answer, 409, "step_not_possible")
    assert told["params"]["state"] == "live"


def test_an_old_version(shop: Shop, now: datetime) -> None:
    made = shop.must("POST", "/campaigns", {"definition": referral(now)})
    body = {"definition": referral(now, name="新名字"), "version": 1}
    shop.must("PUT", f"/campaigns/{made['id']}/definition", body)
    answer = shop.ask("PUT", f"/campaigns/{made['id']}/definition", body)
    refused(answer, 409, "version_conflict")
