"""Two workspaces that cannot see each other through any route."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar.routes import HTTPRoute

from banyan.app import http
from banyan.kernel.db import is_tenant_table
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.migrations.tables import all_tables
from tests.journeys.plans import offer, referral
from tests.journeys.possessions import Things, announced, possessions
from tests.journeys.site import Guest, Shop, Site

NAMES = {
    "address_id": "address",
    "campaign_id": "campaign",
    "case_id": "case",
    "category_id": "category",
    "discount_id": "discount",
    "dispute_id": "dispute",
    "grant_id": "grant",
    "invoice_id": "invoice",
    "item_id": "item",
    "key": "template",
    "key_id": "key",
    "member_id": "member",
    "name": "invoice",
    "order_id": "order",
    "pathway_id": "pathway",
    "payment_id": "payment",
    "payout_id": "payout",
    "person_id": "person",
    "plan_id": "plan",
    "product_id": "product",
    "quest_id": "quest",
    "refund_id": "refund",
    "session_id": "session",
    "shop_id": "shop",
    "sku_id": "sku",
}
"""Which thing each name in a path stands for."""
WORDS = {"words": "x"}
REASON = {"reason": "x"}
TERMS = {"name": "x", "title": {"zh": "x", "en": "x"}, "branches": [], "ends_at": None}
BODIES: dict[str, Any] = {
    "PATCH member_id": {"name": "x"},
    "POST asked-edit": {"definition": {}, "version": 1},
    "POST edit-judgements": {"definition": {}},
    "PUT category_id": {"name": "x"},
    "PUT definition": {"definition": {}, "version": 1},
    "PUT product_id": {
        "shop_id": str(UUID(int=1)),
        "name": "x",
        "version": 1,
        "skus": [{"price_minor": 1}],
    },
    "PUT pathway_id": {"wanted": TERMS, "was": TERMS},
    "PUT plan_id": {"name": "x", "total_minor": 7},
    "PUT shop_id": {"name": "x"},
    "PUT stock": {"reason": "x", "delta": 1},
    "POST acts": {"code": "ABCDEF", "step": "visited"},
    "POST approval": WORDS,
    "POST by-hand": WORDS,
    "POST cancellation": REASON,
    "POST closing": {"resolution": "x"},
    "POST departures": {"reason": "left", "people": [{"person_id": str(UUID(int=1))}]},
    "POST forgiveness": REASON,
    "POST issue": {},
    "POST links": {"channel": "web"},
    "POST pause": REASON,
    "POST record": {"was_paid": True, "reference": "x"},
    "POST refunds": {"lines": [{"line_id": str(UUID(int=1)), "quantity": 1}], "reason": "x"},
    "POST rejection": WORDS,
    "POST signatures": REASON,
    "POST shipment": {"company": "sf", "number": "1"},
    "POST void": REASON,
    "POST words": WORDS,
}
OF_ONE_KIND = {
    "/disputes/{dispute_id:uuid}/closing": {"outcome": "x"},
    "/payouts/{payout_id:uuid}/rejection": REASON,
    "/invoices/{invoice_id:uuid}/rejection": REASON,
    "/payouts/{payout_id:uuid}/approval": None,
}
"""Bodies of routes whose last word means something else elsewhere."""


def admin_routes() -> list[tuple[str, str]]:
    """Every admin route whose path names a merchant's thing, with its method."""
    found: list[tuple[str, str]] = []
    for route in http.framework().routes:
        assert isinstance(route, HTTPRoute)
        names = {name.partition(":")[0] for name in route.path_parameters}
        if not route.path.startswith("/api/admin/") or not names - {"provider", "day"}:
            continue
        for handler in route.route_handlers:
            found += [
                (method, route.path_format)
                for method in sorted(handler.http_methods - {"HEAD", "OPTIONS"})
            ]
    return sorted(found)


ROUTES = admin_routes()
TABLES = sorted(table.name for table in all_tables().tables.values() if is_tenant_table(table))


@pytest.fixture(scope="module")
def mine(site: Site) -> Shop:
    return Shop(site)


@pytest.fixture(scope="module")
def other(site: Site) -> Shop:
    return Shop(site)


@pytest.fixture(scope="module")
def things(mine: Shop) -> Things:
    """One of everything the first merchant has."""
    return possessions(mine)


def path_for(route: str, things: Things) -> str:
    parts: list[str] = []
    for part in route.removeprefix("/api/admin").split("/"):
        if not part.startswith("{"):
            parts.append(part)
            continue
        name, _, rest = part[1:].partition("}")
        thing = NAMES.get(name.split(":")[0], "")
        if name.startswith("code"):
            thing = "pass" if parts[-1] == "passes" else "link"
        if parts[-1] == "invoices" and name.startswith("name"):
            rest = ".pdf"
        parts.append(things[thing] + rest)
    return "/".join(parts)


def body_for(method: str, route: str) -> Any:
    for ending, body in OF_ONE_KIND.items():
        if route.endswith(ending.replace(":uuid", "")):
            return body
    last = route.rpartition("/")[2].strip("{}").partition(":")[0]
    return BODIES.get(f"{method} {last}", {} if method in {"POST", "PUT", "PATCH"} else None)


def standing(shop: Shop, *, but: Collection[str] = ()) -> dict[str, tuple[int, str]]:
    """Return how many rows of each table a merchant has, and what stands in them."""
    found = "select '{0}', count(*), coalesce(md5(string_agg(t::text, '' order by t::text)), '') from {0} t"
    asked = " union all ".join(found.format(table) for table in TABLES if table not in but)
    with unit_of_work(shop.id, SYSTEM) as work:
        rows = work.driver.execute(asked.encode()).fetchall()
    return {table: (count, digest) for table, count, digest in rows}


@pytest.mark.parametrize(("method", "route"), ROUTES, ids=[f"{m} {r}" for m, r in ROUTES])
def test_a_foreign_id_is_as_good_as_none(
    mine: Shop, other: Shop, things: Things, method: str, route: str
) -> None:
    if "templates" in route:
        pytest.skip("templates belong to nobody")
    before = standing(mine)
    body = body_for(method, route)
    foreign = other.ask(method, path_for(route, things), body)
    unknown = {key: str(uuid4()) for key in things} | {"link": "nosuchcode000000", "pass": "ZZZZZZ"}
    absent = other.ask(method, path_for(route, unknown), body)
    assert foreign.status_code == absent.status_code, foreign.text
    if "plans" in route:
        # A plan's id is its maker's choice: this is one of their own.
        assert foreign.status_code == 200, foreign.text
    elif foreign.status_code in {200, 201}:
        # A list of nothing, as for what never was.
        assert foreign.json() == absent.json()
    else:
        assert foreign.status_code == 404, foreign.text
    assert "山茶" not in foreign.text
    if foreign.status_code == 404:
        assert foreign.json()["code"] == absent.json()["code"]
    # And nothing has changed for the one whose it is.
    assert standing(mine) == before


def test_every_thing_is_somewhere_in_a_path(things: Things) -> None:
    """What the merchant has is asked for, and what paths name the merchant has."""
    assert set(NAMES.values()) <= things.keys()
    assert all(things.values())


def test_lists_hold_only_what_is_ones_own(mine: Shop, site: Site, things: Things) -> None:
    other = Shop(site)
    empty = {"items": [], "next": None, "total": 0}
    assert other.must("GET", "/campaigns") == empty
    assert other.must("GET", "/today")["campaigns"] == []
    assert other.must("GET", "/leaderboard")["items"] == []
    for path in (
        *("/ledger/accounts", "/people", "/outbox", "/shops", "/products", "/orders", "/refunds"),
        *("/invoices", "/disputes", "/categories", "/discounts", "/payouts", "/plans", "/gifts"),
        *("/exchange", "/debts", "/statements", "/seeds", "/pathways"),
    ):
        assert other.must("GET", path)["items"] == [], path
        assert path in {"/outbox", "/statements"} or mine.must("GET", path), path
    stuck = other.must("GET", "/payments/stuck")
    assert stuck == {"refunds": [], "payments": [], "cases": []}
    seen = str(other.must("GET", "/audit"))
    assert all(thing not in seen for thing in things.values())


def test_a_code_of_one_shop_opens_nothing_in_the_other(other: Shop, things: Things) -> None:
    given = other.ask("POST", "/gifts/collection", {"code": things["gift_code"]})
    absent = other.ask("POST", "/gifts/collection", {"code": "ZZZZZZZZZZZZ"})
    assert (given.status_code, given.json()["code"]) == (404, absent.json()["code"])
    stamps = {"store_code": "ABCD", "stamps": [{"visits": 1, "offer": "latte"}]}
    own = announced(other, "in_store", stamps, [offer("latte", 500)])
    said = {"code": things["pass"], "step": "visited"}
    for campaign in (own, things["visit"]):
        answer = other.ask("POST", f"/campaigns/{campaign}/acts", said)
        assert answer.status_code == 404, answer.text
        assert other.ask("GET", f"/campaigns/{campaign}/passes/{things['pass']}").status_code == 404


PUBLIC: list[tuple[str, str, Any]] = [
    ("GET", "/orders/{order}", None),
    ("POST", "/orders/{order}/cancellation", REASON),
    ("POST", "/orders/{order}/payments", {"provider": "sandbox", "method": "page"}),
    ("POST", "/orders/{order}/receipt", None),
    ("POST", "/orders/{order}/disputes", WORDS),
    ("GET", "/orders/{order}/invoices", None),
    ("POST", "/orders/{order}/invoices", {"kind": "personal", "title": "x"}),
    ("GET", "/orders/{order}/collection.svg", None),
    ("GET", "/invoices/{invoice}.pdf", None),
    ("POST", "/disputes/{dispute}/words", WORDS),
    ("POST", "/disputes/{dispute}/withdrawal", WORDS),
    ("PUT", "/addresses/{address}", {}),
    ("DELETE", "/addresses/{address}", None),
    ("POST", "/gifts/{grant}/claim", {"name": "x", "phone": "13800138000", "address": "xxxxx"}),
    ("POST", "/exchange/{item}", None),
    ("GET", "/quests/{visit_quest}", None),
    ("GET", "/quests/{visit_quest}/pass", None),
    ("GET", "/quests/{visit_quest}/pass.svg", None),
    ("POST", "/quests/{visit_quest}/poster", {}),
    ("POST", "/quests/{draw_quest}/acts", {"step": "drew"}),
    ("POST", "/quests/{draw_quest}/departures", None),
]
"""What people do with their own things; a stranger's are as good as none."""


@pytest.mark.parametrize(("method", "path", "body"), PUBLIC, ids=[f"{m} {p}" for m, p, _ in PUBLIC])
def test_a_strangers_things_are_as_good_as_none(
    mine: Shop, other: Shop, things: Things, method: str, path: str, body: Any
) -> None:
    unknown = {key: str(uuid4()) for key in things} | {"packet_link": "nosuchcode000000"}
    fields = {
        "recipient": "x",
        "phone": "13800138000",
        "province": "浙江省",
        "city": "杭州市",
        "district": "",
        "street": "龙井路 1 号",
    }
    said = fields if "addresses" in path and method == "PUT" else body
    # The shelf is open to all of a shop's own people.
    shops = [other] if "exchange" in path else [mine, other]
    strangers = [shop.guest("+8613800138111") for shop in shops]
    before = standing(mine)
    for stranger in strangers:
        named, absent = (
            stranger.ask(
                *(method, f"/api/public{path.format(**known)}", said),
                headers={"Idempotency-Key": uuid4().hex},
            )
            for known in (things, unknown)
        )
        assert named.status_code == absent.status_code, named.text
        if "departures" in path:
            # Leaving is never refused, and nobody was there.
            assert named.status_code == 204
            continue
        assert named.status_code == 404, named.text
        assert named.json()["code"] == absent.json()["code"]
    assert standing(mine) == before


def test_a_person_of_one_shop_is_nobody_in_the_other(
    mine: Shop, other: Shop, things: Things
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
    before = standing(mine)
    answer = stranger.ask("POST", f"/api/public/campaigns/{things['packet_link']}/grabs")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert standing(mine) == before


def test_a_links_shops_are_those_of_its_merchant(mine: Shop, other: Shop, things: Things) -> None:
    def shops(link: str) -> list[str]:
        answer = Guest(mine.site).ask("GET", f"/api/public/links/{link}/shops")
        assert answer.status_code == 200, answer.text
        return [one["url"] for one in answer.json()]

    link = other.link_of(other.announce(referral(datetime.now(UTC))))
    assert shops(link) == []
    opened = [other.must("POST", "/shops", {"name": name}) for name in ("一店", "二店")]
    assert sorted(shops(link)) == sorted(one["url"] for one in opened)
    other.must("PUT", f"/shops/{opened[0]['id']}", {"name": "一店", "state": "closed"})
    assert shops(link) == [opened[1]["url"]]
    # A member's guest may open a small shop of their own; a link leads to the merchant's.
    guest = other.guest("+8613800138222")
    own = guest.ask("POST", "/api/public/shops", {"name": "三店"})
    assert own.status_code < 300, own.text
    assert shops(link) == [opened[1]["url"]]
    assert shops(things["link"]) == [mine.must("GET", f"/shops/{things['shop']}")["url"]]
    answer = Guest(mine.site).ask("GET", "/api/public/links/nosuchcode000000/shops")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_link")


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
