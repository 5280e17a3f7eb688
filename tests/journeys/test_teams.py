"""A team buys together, over HTTP: from the merchant's product to the money that goes back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from banyan import campaigns
from banyan.app import campaign_orders
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.plays import TimePassed
from banyan.store import sweep
from tests.journeys.plans import offer, referral
from tests.journeys.site import Guest, Shop
from tests.shelf import fill

LIST = 10_000


@pytest.fixture
def sku(shop: Shop) -> UUID:
    with unit_of_work(shop.id, SYSTEM) as work:
        return fill(work, 1, 100, LIST)[0]


def plan(sku: UUID | None, key: str, settings: dict[str, Any]) -> dict[str, Any]:
    good = {
        "key": "tea",
        "name": {"zh": "高山红茶", "en": "Mountain tea"},
        "list_price_minor": LIST,
        "sku_id": str(sku) if sku else None,
    }
    play = {"key": key, "settings": {"good": "tea"} | settings}
    return referral(
        datetime.now(UTC), name="高山红茶拼团", play=play, goods=[good], offers=[offer("gift", 500)]
    )


TEAM = {
    "tiers": [{"people": 2, "price_minor": 9000}, {"people": 3, "price_minor": 8000}],
    "leader_offer": "gift",
}


def must(guest: Guest, method: str, path: str, body: object = None, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    answer = guest.ask(method, f"/api/public{path}", body, headers=headers)
    assert answer.status_code < 300, answer.text
    return answer.json()


def join(guest: Guest, quest: dict[str, Any], key: str = "join") -> Any:
    body = {"quantity": 1, "fulfilment": "collection", "link_code": quest["share_code"]}
    return must(guest, "POST", f"/quests/{quest['id']}/orders", body, key)


def pay(guest: Guest, order: dict[str, Any]) -> None:
    way = {"provider": "sandbox", "method": "page"}
    paying = must(guest, "POST", f"/orders/{order['id']}/payments", way)
    trade = paying["url"].rpartition("/")[2]
    assert must(guest, "POST", f"/sandbox/payments/{trade}", {"succeeds": True})["state"] == "paid"


def told(shop: Shop, *orders: dict[str, Any]) -> None:
    campaign_orders.tell(shop.id, [UUID(order["id"]) for order in orders])


def sale(guest: Guest, quest: dict[str, Any]) -> Any:
    return must(guest, "GET", f"/links/{quest['share_code']}/sale")


def test_three_friends_make_a_team_and_pay_what_three_pay(shop: Shop, sku: UUID) -> None:
    campaign = shop.announce(plan(sku, "group_buy", TEAM))
    leader, second, third = shop.guests(3)
    quest = leader.start(shop.link_of(campaign))
    seen = sale(second, quest)
    assert (seen["price_minor"], seen["stage"], seen["seats"]) == (9000, "forming", [])
    assert seen["good"]["list_price_minor"] == LIST
    assert seen["good"]["reference_minor"] is None
    body = {"quantity": 1, "fulfilment": "collection"}
    quoted = must(second, "POST", f"/quests/{quest['id']}/quotes", body)
    assert quoted["payable_minor"] == 9000
    assert [each["name"]["zh"] for each in quoted["discounts"]] == ["拼团价"]

    orders = [join(guest, quest) for guest in (leader, second)]
    assert [order["payable_minor"] for order in orders] == [9000, 9000]
    for guest, order in zip((leader, second), orders, strict=True):
        pay(guest, order)
    told(shop, *orders)
    seen = sale(third, quest)
    assert [seat["is_paid"] for seat in seen["seats"]] == [True, True]
    assert seen["seats"][0]["is_owner"]
    held = shop.must("GET", f"/orders/{orders[0]['id']}")["order"]
    assert held["is_held"]
    code = must(leader, "GET", f"/orders/{orders[0]['id']}")["order"]["collection_code"]
    refused = shop.ask("POST", "/collections", {"code": code})
    assert (refused.status_code, refused.json()["code"]) == (409, "order_held")

    last = join(third, quest)
    pay(third, last)
    told(shop, last)
    seen = sale(leader, quest)
    assert (seen["stage"], seen["settled_price_minor"], seen["price_minor"]) == (
        "settled",
        8000,
        None,
    )
    sweep()
    for guest, order in zip((leader, second, third), (*orders, last), strict=True):
        page = must(guest, "GET", f"/orders/{order['id']}")
        assert [(r["amount_minor"], r["state"]) for r in page["refunds"]] == [(1000, "done")]
    collected = shop.must("POST", "/collections", {"code": code})
    assert collected["order"]["state"] == "delivered"
    report = shop.must("GET", f"/campaigns/{campaign}/sale")
    numbers = report["numbers"]
    assert (numbers["won"], numbers["orders"], numbers["revenue_minor"]) == (1, 3, 24_000)
    assert report["items"][0]["stage"] == "settled"


def test_a_seat_too_many_a_person_twice_and_a_stranger_are_told_why(shop: Shop, sku: UUID) -> None:
    campaign = shop.announce(plan(sku, "group_buy", TEAM))
    people = shop.guests(4)
    quest = people[0].start(shop.link_of(campaign))
    for guest in people[:3]:
        join(guest, quest)
    body = {"quantity": 1, "fulfilment": "collection"}
    path = f"/api/public/quests/{quest['id']}/orders"
    full = people[3].ask("POST", path, body, headers={"Idempotency-Key": "x"})
    assert (full.status_code, full.json()["code"]) == (409, "seat_quest_full")
    twice = people[0].ask("POST", path, body, headers={"Idempotency-Key": "y"})
    assert twice.json()["code"] == "seat_done_already"
    keyless = people[3].ask("POST", path, body)
    assert keyless.json()["code"] == "idempotency_key_needed"
    stranger = Guest(shop.site).ask("POST", path, body, headers={"Idempotency-Key": "z"})
    assert stranger.status_code == 401


def test_a_team_that_fails_gives_everything_back(shop: Shop, sku: UUID) -> None:
    campaign = shop.announce(plan(sku, "group_buy", TEAM))
    (leader,) = shop.guests(1)
    quest = leader.start(shop.link_of(campaign))
    order = join(leader, quest)
    pay(leader, order)
    told(shop, order)
    shop.must("POST", f"/campaigns/{campaign}/ending", {"reason": "提前结束"})
    with unit_of_work(shop.id, SYSTEM) as work:
        campaigns.close_quests(work, UUID(campaign))
    sweep()
    told(shop, order)
    page = must(leader, "GET", f"/orders/{order['id']}")
    assert [(r["amount_minor"], r["state"]) for r in page["refunds"]] == [(9000, "done")]
    assert sale(leader, quest)["stage"] == "closed"
    assert shop.must("GET", "/payments/stuck")["refunds"] == []


def test_a_draft_without_a_product_says_what_is_missing(shop: Shop) -> None:
    drafted = shop.must("POST", "/campaigns", {"definition": plan(None, "group_buy", TEAM)})
    assert ("goods[0].sku_id", "sku_needed") in {
        (each["path"], each["code"]) for each in drafted["problems"]
    }
    refused = shop.ask("POST", f"/campaigns/{drafted['id']}/publication")
    assert (refused.status_code, refused.json()["code"]) == (422, "definition_invalid")


def test_a_flash_sale_tells_at_once_that_it_is_sold_out(shop: Shop, sku: UUID) -> None:
    settings = {"price_minor": 5000, "quantity": 2, "per_person": 1}
    campaign = shop.announce(plan(sku, "flash_sale", settings))
    link = shop.link_of(campaign)
    people = shop.guests(3)
    quests = [guest.start(link) for guest in people]
    for guest, quest in zip(people[:2], quests[:2], strict=True):
        assert join(guest, quest)["payable_minor"] == 5000
    assert (sale(people[2], quests[2])["left"], sale(people[2], quests[2])["of"]) == (0, 2)
    gone = people[2].ask(
        "POST",
        f"/api/public/quests/{quests[2]['id']}/orders",
        {"fulfilment": "collection"},
        headers={"Idempotency-Key": "k"},
    )
    assert (gone.status_code, gone.json()["code"]) == (409, "sale_sold_out")


def test_a_bargain_goes_down_with_each_friend_and_is_bought(shop: Shop, sku: UUID) -> None:
    settings = {"start_price_minor": LIST, "floor_minor": 4000, "cuts_needed": 2}
    campaign = shop.announce(plan(sku, "bargain", settings))
    starter, first, second = shop.guests(3)
    quest = starter.start(shop.link_of(campaign))
    for friend in (first, second):
        assert friend.support(quest).json()["counted"]
    seen = sale(starter, quest)
    assert (seen["price_minor"], sum(seen["cuts"]), len(seen["cuts"])) == (4000, 6000, 2)
    order = join(starter, quest)
    assert order["payable_minor"] == 4000
    pay(starter, order)
    told(shop, order)
    assert sale(starter, quest)["stage"] == "won"


def test_who_agreed_is_moved_and_reads_where_they_are_now(shop: Shop, sku: UUID) -> None:
    campaign = shop.announce(plan(sku, "group_buy", TEAM | {"hours_to_fill": 24}))
    leader, other, late = shop.guests(3)
    first, second = (who.start(shop.link_of(campaign)) for who in (leader, other))
    pay(other, led := join(other, second))
    told(shop, led)
    body = {"quantity": 1, "fulfilment": "collection", "may_move": True}
    order = must(late, "POST", f"/quests/{first['id']}/orders", body, "late")
    mine = sale(late, first)["my_order"]
    assert (mine["may_move"], mine["place"]["late"]) == (True, None)
    pay(late, order)
    place = must(late, "GET", f"/orders/{order['id']}/place")["place"]
    assert place["share_code"] == first["share_code"]
    with unit_of_work(shop.id, SYSTEM, datetime.now(UTC) + timedelta(hours=25)) as work:
        campaigns.report(work, [(UUID(first["id"]), TimePassed())])
    told(shop, order)
    place = must(late, "GET", f"/orders/{order['id']}/place")["place"]
    assert (place["late"], place["share_code"]) == ("moved", second["share_code"])
    assert place["from_share_code"] == first["share_code"]
    assert must(late, "GET", f"/mine?link_code={first['share_code']}")["late"] == [place]
    assert sale(late, second)["my_order"]["place"] == place
    assert must(leader, "GET", f"/orders/{order['id']}/place") == {"place": None}
    assert shop.must("GET", f"/orders/{order['id']}/place")["place"] == place
    report = shop.must("GET", f"/campaigns/{campaign}/sale")
    assert report["numbers"]["moved"] == 1
    assert {row["quest_id"]: row["moved_in"] for row in report["items"]} == {
        first["id"]: 0,
        second["id"]: 1,
    }
