"""Two workspaces that cannot see each other through any route."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from litestar.routes import HTTPRoute

from banyan.app import http
from tests.journeys.goods import Counter
from tests.journeys.plans import referral
from tests.journeys.site import Guest, Shop, Site
from tests.journeys.test_buying import Buyer, paid

PLACES = {
    "campaign_id": "campaign",
    "quest_id": "quest",
    "person_id": "person",
    "code": "link",
    "id": "campaign",
    "member_id": "member",
    "key_id": "key",
    "key": "template",
    "session_id": "session",
    "shop_id": "shop",
    "product_id": "product",
    "sku_id": "sku",
    "order_id": "order",
    "refund_id": "refund",
}

BODIES: dict[str, Any] = {
    "definition": {"definition": {}, "version": 1},
    "pause": {"reason": "x"},
    "links": {"channel": "web"},
}


def admin_routes() -> list[tuple[str, str]]:
    """Every admin route whose path names a thing, with its method."""
    found: list[tuple[str, str]] = []
    for route in http.framework().routes:
        assert isinstance(route, HTTPRoute)
        if not route.path.startswith("/api/admin/") or "{" not in route.path_format:
            continue
        if not {name.partition(":")[0] for name in route.path_parameters} <= PLACES.keys():
            continue  # not one of each of the rest of the store is made here
        for handler in route.route_handlers:
            found += [
                (method, route.path_format)
                for method in sorted(handler.http_methods - {"HEAD", "OPTIONS"})
            ]
    return sorted(found)


ROUTES = admin_routes()


@pytest.fixture
def other(site: Site) -> Shop:
    return Shop(site)


@pytest.fixture
def things(shop: Shop) -> dict[str, str]:
    """One of everything the first shop has."""
    campaign = shop.announce(referral(datetime.now(UTC)))
    link = shop.link_of(campaign)
    host, friend = shop.guests(2)
    quest = host.start(link)
    friend.support(quest)
    members = shop.must("GET", "/members")["items"]
    keys = shop.must("GET", "/api-keys")["items"]
    goods = Counter(shop)
    opened = goods.open()
    product = goods.product(opened["id"])
    buyer = Buyer(shop, "+8613800138777")
    page = paid(buyer, product["skus"][0]["id"], 1, 5900)
    order = page["order"]
    refund = buyer.must(
        "POST",
        f"/orders/{order['id']}/refunds",
        {"lines": [{"line_id": order["lines"][0]["id"], "quantity": 1}], "reason": "买多了"},
    )
    return {
        "session": shop.session(),
        "campaign": campaign,
        "link": link,
        "quest": quest["id"],
        "person": str(host.person_id),
        "member": members[0]["id"],
        "key": keys[0]["id"],
        "template": "dining_latte_referral",
        "shop": opened["id"],
        "product": product["id"],
        "sku": product["skus"][0]["id"],
        "order": order["id"],
        "refund": refund["id"],
    }


def path_for(route: str, things: dict[str, str]) -> str:
    parts: list[str] = []
    for part in route.split("/"):
        if not part.startswith("{"):
            parts.append(part)
            continue
        name, dot, rest = part[1:].partition("}")
        thing = PLACES[name.split(":")[0]]
        if name == "id" or name.endswith("_id"):
            before = parts[-1]
            thing = {
                "sessions": "session",
                "members": "member",
                "api-keys": "key",
                "people": "person",
                "shops": "shop",
                "products": "product",
                "skus": "sku",
                "orders": "order",
                "refunds": "refund",
            }.get(before, thing)
        parts.append(things[thing] + rest.replace(dot, ""))
    return "/".join(parts)


@pytest.mark.parametrize(("method", "route"), ROUTES, ids=[f"{m} {r}" for m, r in ROUTES])
def test_a_foreign_id_is_as_good_as_none(
    shop: Shop, other: Shop, things: dict[str, str], method: str, route: str
) -> None:
    if "templates" in route:
        pytest.skip("templates belong to nobody")
    path = path_for(route, things).removeprefix("/api/admin")
    body = BODIES.get(path.rpartition("/")[2], {} if method in {"POST", "PUT", "PATCH"} else None)
    foreign = other.ask(method, path, body)
    unknown = {key: str(uuid4()) for key in things} | {"link": "nosuchcode000000"}
    absent = other.ask(method, path_for(route, unknown).removeprefix("/api/admin"), body)
    assert foreign.status_code == absent.status_code, foreign.text
    if foreign.status_code == 200:
        # A list of nothing, as for what never was.
        assert foreign.json() == absent.json()
    else:
        assert foreign.status_code in {400, 404, 422}, foreign.text
    assert "山茶" not in foreign.text
    if foreign.status_code == 404:
        assert foreign.json()["code"] == absent.json()["code"]
    # And nothing has changed for the one whose it is.
    assert shop.must("GET", f"/campaigns/{things['campaign']}")["state"] == "live"
    assert shop.must("GET", f"/orders/{things['order']}")["order"]["state"] == "paid"
    assert shop.must("GET", "/refunds?state=asked")["items"][0]["id"] == things["refund"]


def test_lists_hold_only_what_is_ones_own(shop: Shop, other: Shop, things: dict[str, str]) -> None:
    assert other.must("GET", "/campaigns") == {"items": [], "next": None, "total": 0}
    assert other.must("GET", "/today")["campaigns"] == []
    assert other.must("GET", "/ledger/accounts")["items"] == []
    assert other.must("GET", "/people")["items"] == []
    assert other.must("GET", "/outbox")["items"] == []
    for path in ("/shops", "/products", "/orders", "/refunds", "/invoices", "/disputes"):
        assert other.must("GET", path)["items"] == [], path
    seen = str(other.must("GET", "/audit"))
    assert all(thing not in seen for thing in things.values())


def test_levels_are_ones_own(shop: Shop, other: Shop, things: dict[str, str]) -> None:
    proposal = shop.must("GET", "/levels")["proposal"]
    shop.must("PUT", "/levels", {"revision": 0, "levels": proposal})
    shop.must("PUT", "/levels/budget", {"total_minor": 5_000})
    seen = other.must("GET", "/levels")
    assert (seen["revision"], seen["levels"]) == (0, [])
    assert seen["budget"] == {"total_minor": 0, "spent_minor": 0}
    # The other's ladder begins at the beginning, and leaves the first one as it was.
    other.must("PUT", "/levels", {"revision": 0, "levels": proposal[:1]})
    assert len(shop.must("GET", "/levels")["levels"]) == 3
    assert other.ask("GET", f"/people/{things['person']}/level").status_code == 404
    assert shop.must("GET", f"/people/{things['person']}/level")["history"] == []


def test_a_person_of_one_shop_is_nobody_in_the_other(
    shop: Shop, other: Shop, things: dict[str, str]
) -> None:
    stranger = other.guest("+8613800000001")
    link = things["link"]
    answer = stranger.ask("POST", "/api/public/quests", {"link_code": link})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    state = stranger.ask("GET", f"/api/public/links/{link}").json()
    assert state["me"] is None
    answer = stranger.ask(
        "POST", f"/api/public/quests/{things['quest']}/supports", {"link_code": link}
    )
    assert answer.status_code == 404
    answer = stranger.ask("GET", f"/api/public/quests/{things['quest']}")
    assert answer.status_code == 404


def test_a_pages_state_names_nobody(shop: Shop) -> None:
    """Whoever opens a friend's link sees no number, no full name and no list of friends."""
    link = shop.link_of(shop.announce(referral(datetime.now(UTC))))
    host = shop.guest("+8613912345678", "欧阳南星")
    friend = shop.guest("+8613987654321", "司马望舒")
    quest = host.start(link)
    friend.support(quest)
    stranger = Guest(shop.site)
    for path in (f"/api/public/links/{quest['share_code']}", f"/h5/l/{quest['share_code']}"):
        text = stranger.ask("GET", path).text
        assert "欧**" in text
        for secret in (
            "欧阳",
            "南星",
            "司马",
            "司**",
            "望舒",
            "1234",
            "5678",
            "4321",
            "supporters",
        ):
            assert secret not in text, secret
        assert str(friend.person_id) not in text
        assert str(host.person_id) not in text
