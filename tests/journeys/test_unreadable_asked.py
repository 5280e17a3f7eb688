"""Somebody asks for a quest whose progress cannot be read: they are told, nobody else notices."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from banyan.kernel.work import SYSTEM, unit_of_work
from tests.journeys.plans import assist, offer, referral
from tests.journeys.site import Guest, Shop
from tests.journeys.test_teams import TEAM, join, must, pay, plan, sale, told
from tests.journeys.unreadable import keep, refused
from tests.shelf import fill
from tests.whole import assert_whole

CHECK_IN: dict[str, Any] = {
    "key": "check_in",
    "settings": {"daily_offer": "half", "streaks": [{"days": 3, "offer": "latte"}]},
}
BUY = {"quantity": 1, "fulfilment": "collection"}


@pytest.fixture
def sku(shop: Shop) -> UUID:
    with unit_of_work(shop.id, SYSTEM) as work:
        return fill(work, 1, 100, 10_000)[0]


def ask_orders(quest: dict[str, Any], *buyers: Guest) -> list[tuple[str, str, dict[str, Any]]]:
    path = f"/api/public/quests/{quest['id']}/orders"
    return [
        guest.request("POST", path, BUY, headers={"Idempotency-Key": "join"}) for guest in buyers
    ]


def test_supports_of_the_others_in_the_same_batch_count(shop: Shop) -> None:
    link = shop.link_of(shop.announce(assist(datetime.now(UTC))))
    first, second, *friends = shop.guests(6)
    bad, good = first.start(link), second.start(link)
    kept = keep(shop, UUID(bad["id"]))
    wishes = [
        friend.request(
            "POST",
            f"/api/public/quests/{quest['id']}/supports",
            {"link_code": quest["share_code"]},
            language="en",
        )
        for friend, quest in zip(friends, (bad, good, bad, good), strict=True)
    ]
    answers = shop.site.send_all(wishes)
    for answer in answers[::2]:
        assert "nothing was changed" in refused(answer, bad)
    assert [answer.json()["counted"] for answer in answers[1::2]] == [True, True]
    assert "什么都没有动" in refused(friends[0].support(bad), bad)

    keep(shop, UUID(bad["id"]), kept)
    assert friends[0].support(bad).json()["counted"]


def test_the_owner_and_their_friends_see_the_campaign(shop: Shop) -> None:
    link = shop.link_of(shop.announce(assist(datetime.now(UTC))))
    owner, friend = shop.guests(2)
    quest = owner.start(link)
    assert friend.support(quest).json()["counted"]
    kept = keep(shop, UUID(quest["id"]))
    for guest, code in ((friend, quest["share_code"]), (owner, quest["share_code"]), (owner, link)):
        page = must(guest, "GET", f"/links/{code}")
        assert page["problem"]["code"] == "progress_unreadable"
        assert "暂时打不开" in page["problem"]["title"]
        assert page["campaign"]["name"]
        shown = page["quest"] or page["my_quest"]
        assert (shown["have"], shown["need"], shown["state"]) == (1, 3, "open")
        assert guest.ask("GET", f"/h5/l/{code}").status_code == 200
    (mine,) = must(owner, "GET", f"/mine?link_code={link}")["quests"]
    assert [mine["have"], len(mine["supporters"]), mine["acts"]] == [1, 1, []]
    refused(owner.ask("GET", f"/api/public/quests/{quest['id']}"), quest)
    refused(owner.ask("GET", f"/api/public/quests/{quest['id']}/stream"), quest)
    refused(owner.ask("POST", "/api/public/quests", {"link_code": link}), quest)
    # Whoever has a quest of their own is not kept from it, nor from helping others.
    other = friend.start(link)
    assert must(friend, "GET", f"/links/{link}")["problem"] is None
    assert must(owner, "GET", f"/links/{other['share_code']}")["problem"] is None
    assert owner.support(other).status_code == 201
    keep(shop, UUID(quest["id"]), kept)
    assert must(owner, "GET", f"/links/{link}")["problem"] is None


def test_acts_and_the_code_shown_to_the_staff(shop: Shop) -> None:
    offers = [offer("latte", 500), offer("half", 300)]
    campaign = shop.announce(referral(datetime.now(UTC), play=CHECK_IN, offers=offers))
    (owner,) = shop.guests(1)
    quest = owner.start(shop.link_of(campaign))
    code = must(owner, "GET", f"/quests/{quest['id']}/pass")["code"]
    kept = keep(shop, UUID(quest["id"]))
    act = ("POST", f"/api/public/quests/{quest['id']}/acts", {"step": "checked_in"})
    refused(owner.ask(*act), quest)
    refused(shop.ask("GET", f"/campaigns/{campaign}/passes/{code}"), quest)
    people = shop.must("GET", f"/campaigns/{campaign}/participants")
    assert [person["generation"] for person in people["items"]] == [0]
    keep(shop, UUID(quest["id"]), kept)
    assert owner.ask(*act).json()["counted"]


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("group_buy", TEAM),
        ("flash_sale", {"price_minor": 5000, "quantity": 20, "per_person": 1}),
        ("bargain", {"start_price_minor": 10_000, "floor_minor": 4000, "cuts_needed": 2}),
    ],
)
def test_who_orders_in_the_same_batch_is_served(
    shop: Shop, sku: UUID, key: str, settings: dict[str, Any]
) -> None:
    campaign = shop.announce(plan(sku, key, settings))
    link = shop.link_of(campaign)
    one, two = shop.guests(2)
    bad, good = one.start(link), two.start(link)
    placed = must(one, "POST", f"/quests/{bad['id']}/orders", BUY, "before")
    kept = keep(shop, UUID(bad["id"]))
    answers = shop.site.send_all([*ask_orders(bad, one), *ask_orders(good, two)])
    refused(answers[0], bad)
    assert answers[1].status_code == 201, answers[1].text
    # An order that was made is found again by its key.
    assert must(one, "POST", f"/quests/{bad['id']}/orders", BUY, "before")["id"] == placed["id"]
    refused(one.ask("POST", f"/api/public/quests/{bad['id']}/quotes", BUY), bad)
    seen = sale(one, bad)
    assert (seen["price_minor"], len(seen["seats"])) == (None, 1)
    assert seen["my_order"]["order_id"] == placed["id"]
    report = shop.must("GET", f"/campaigns/{campaign}/sale")
    assert {row["quest_id"]: row["state"] for row in report["items"]} == {
        bad["id"]: "open",
        good["id"]: "open",
    }
    # What was ordered before can be paid; its quest is told when it can be read.
    pay(one, placed)
    keep(shop, UUID(bad["id"]), kept)
    told(shop, placed)
    assert sale(one, bad)["seats"][0]["is_paid"]


def test_a_team_mended_takes_the_next_order(shop: Shop, sku: UUID) -> None:
    campaign = shop.announce(plan(sku, "group_buy", TEAM))
    one, two = shop.guests(2)
    quest = one.start(shop.link_of(campaign))
    kept = keep(shop, UUID(quest["id"]))
    (answer,) = shop.site.send_all(ask_orders(quest, two))
    refused(answer, quest)
    keep(shop, UUID(quest["id"]), kept)
    assert join(two, quest)["payable_minor"] == 9000


def test_who_helped_may_have_themselves_deleted(shop: Shop) -> None:
    """The right to be deleted waits for nothing; another friend's quest hears of it."""
    link = shop.link_of(shop.announce(assist(datetime.now(UTC))))
    first, second, friend = shop.guests(3)
    bad, good = first.start(link), second.start(link)
    for quest in (bad, good):
        assert friend.support(quest).json()["counted"]
    kept = keep(shop, UUID(bad["id"]))
    assert friend.ask("DELETE", "/api/public/me").status_code == 204
    assert second.ask("GET", f"/api/public/quests/{good['id']}").json()["have"] == 0

    keep(shop, UUID(bad["id"]), kept)
    assert_whole()
