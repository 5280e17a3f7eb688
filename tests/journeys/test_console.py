"""What the console asks for beside the big things: pictures of a page, a person's story, links."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.goods import Counter
from tests.journeys.plans import referral
from tests.journeys.site import Shop, Site

KINDS = ("hero", "prize", "progress", "action", "friends")


def with_pictures(hero: str | None, below: str) -> dict[str, Any]:
    definition = deepcopy(referral(datetime.now(UTC)))
    blocks: list[dict[str, Any]] = [{"kind": kind} for kind in KINDS]
    blocks[0]["image"] = hero
    blocks.append({"kind": "image", "file": below, "alt": {"zh": "一杯拿铁", "en": "A latte"}})
    definition["page"]["blocks"] = [*blocks, {"kind": "rules"}]
    return definition


def test_a_page_shows_the_pictures_its_merchant_uploaded(shop: Shop) -> None:
    cover, below = Counter(shop).picture()["id"], Counter(shop).picture()["id"]
    link = shop.link_of(shop.announce(with_pictures(cover, below)))
    state = shop.guest("+8613912345001").ask("GET", f"/api/public/links/{link}").json()
    blocks = state["campaign"]["page"]["blocks"]
    assert [block["kind"] for block in blocks] == [*KINDS, "image", "rules"]
    assert (blocks[0]["image"], blocks[-2]["file"]) == (cover, below)
    for picture in (cover, below):
        seen = shop.site.send("GET", f"/pictures/{picture}/640.webp")
        assert (seen.status_code, seen.headers["content-type"]) == (200, "image/webp")


@pytest.mark.parametrize("whose", ["nobody", "another", "no_id"])
def test_a_page_with_a_picture_that_is_not_ones_own_is_not_published(
    shop: Shop, site: Site, whose: str
) -> None:
    named = {
        "nobody": lambda: str(uuid4()),
        "another": lambda: Counter(Shop(site)).picture()["id"],
        "no_id": lambda: "latte-jpg",
    }[whose]()
    made = shop.ask("POST", "/campaigns", {"definition": with_pictures(None, named)})
    assert made.status_code == 201, made.text
    refused = shop.ask("POST", f"/campaigns/{made.json()['id']}/publication")
    assert (refused.status_code, refused.json()["code"]) == (422, "definition_invalid")
    (problem,) = refused.json()["params"]["problems"]
    assert (problem["path"], problem["code"]) == ("page.blocks[5].file", "picture_not_found")


def test_a_persons_story_says_what_they_did(shop: Shop, site: Site) -> None:
    campaign = shop.announce(referral(datetime.now(UTC)))
    host, friend = shop.guests(2)
    quest = host.start(shop.link_of(campaign))
    assert friend.support(quest).json()["counted"]
    story = shop.must("GET", f"/people/{host.person_id}")
    assert {step["campaign_id"] for step in story["history"]} == {campaign}
    assert story["history"][-1]["title"]["zh"].startswith("开始了「")
    helped = shop.must("GET", f"/people/{friend.person_id}")["history"]
    assert any("帮了一位朋友" in step["title"]["zh"] for step in helped)
    assert any(step["title"]["en"].startswith("Was given") for step in helped)
    assert Shop(site).ask("GET", f"/people/{host.person_id}").status_code == 404


def test_starts_that_come_together_are_each_answered(shop: Shop) -> None:
    """One batch holds new quests, repeats and a closed campaign, and none spoils another."""
    link = shop.link_of(shop.announce(referral(datetime.now(UTC))))
    over = shop.announce(referral(datetime.now(UTC)))
    over_link = shop.link_of(over)
    shop.must("POST", f"/campaigns/{over}/pause", {"reason": "x"})
    people = shop.guests(12)
    asked = [
        person.request("POST", "/api/public/quests", {"link_code": code})
        for person in people
        for code in (link, over_link, link)
    ]
    answers = shop.site.send_all(asked)
    by_person = [answers[place : place + 3] for place in range(0, len(answers), 3)]
    quests = set[str]()
    for first, closed, again in by_person:
        assert first.status_code == again.status_code == 201, first.text
        assert first.json()["quest"] == again.json()["quest"]
        assert first.json()["quest"]["supporters"] == []
        assert closed.json()["code"] == "campaign_paused"
        quests.add(first.json()["quest"]["id"])
    assert len(quests) == len(people)
