"""A shop sets up membership, a buyer rises by buying, and the next order is cheaper line by line."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from banyan import levels
from banyan.app import membership as service
from banyan.kernel import jobs
from banyan.kernel.relay import Cursor, read_events
from banyan.kernel.work import SYSTEM, current_database, unit_of_work
from tests.journeys.site import Shop
from tests.journeys.test_buying import Buyer, paid
from tests.shelf import fill


def listened(shop: Shop) -> None:
    """Let the work process hear what happened, and do its jobs."""
    jobs.drain()
    with psycopg.connect(current_database().relay_url, autocommit=True) as relay:
        cursor = Cursor()
        while batch := read_events(relay, cursor):
            cursor = batch[-1].cursor
            mine = [e for e in batch if e.workspace_id == shop.id and e.name in levels.LISTENS]
            service.take(mine)


@pytest.fixture
def ladder(shop: Shop) -> dict[str, Any]:
    """The proposal, taken as it stands, with a budget for its coupons."""
    shown = shop.must("GET", "/levels")
    assert (shown["revision"], shown["levels"]) == (0, [])
    assert [level["key"] for level in shown["proposal"]] == ["silver", "gold", "black"]
    made = shop.must("PUT", "/levels", {"revision": 0, "levels": shown["proposal"]})
    assert (made["revision"], len(made["levels"]), made["proposal"]) == (1, 3, [])
    return shop.must("PUT", "/levels/budget", {"total_minor": 100_000})


def test_a_buyer_rises_and_the_next_order_is_cheaper(shop: Shop, ladder: dict[str, Any]) -> None:
    buyer = Buyer(shop)
    with unit_of_work(shop.id, SYSTEM) as work:
        (sku,) = fill(work, 1, 100, price_minor=9_900)
    before = buyer.must("GET", "/membership")
    assert (before["has_levels"], before["level"]) == (True, None)
    assert before["next"]["level"]["key"] == "silver"
    missing = {each["rule"]: (each["have"], each["need"]) for each in before["next"]["missing"]}
    assert missing == {"spent": (0, 30_000), "people": (0, 3), "points": (0, 500)}
    paid(buyer, sku, 4, 9_900)
    listened(shop)
    mine = buyer.must("GET", "/membership")
    assert (mine["level"]["key"], mine["why"]) == ("silver", "spent")
    assert mine["next"]["level"]["key"] == "gold"
    assert mine["next"]["missing"][0]["have"] == 39_600
    (coupon,) = buyer.must("GET", "/wallet")["coupons"]
    assert (coupon["value_minor"], coupon["state"]) == (500, "unused")
    lines = [{"sku_id": str(sku), "quantity": 1}]
    asked = {"lines": lines, "fulfilment": "collection", "coupon_ids": []}
    shown = buyer.must("POST", "/checkouts", asked)["quote"]
    (discount,) = shown["discounts"]
    assert (discount["name"]["zh"], discount["minor"]) == ("银卡会员 9.8 折", 198)
    order = buyer.order(sku).json()
    assert order["payable_minor"] == shown["payable_minor"] == 9_900 - 198
    assert order["discounts"][0]["minor"] == 198
    told = shop.must("GET", f"/people/{buyer.guest.person_id}/level")
    assert told["membership"]["level"]["key"] == "silver"
    (row,) = told["history"]
    assert (row["from_name"], row["to_name"]["zh"], row["why"]) == (None, "银卡会员", "spent")
    (silver, *_) = shop.must("GET", "/levels")["levels"]
    assert silver["people"] == 1
    assert shop.must("GET", "/levels")["budget"] == {"total_minor": 100_000, "spent_minor": 500}


def test_a_ladder_is_edited_by_its_revision_and_must_climb(
    shop: Shop, ladder: dict[str, Any]
) -> None:
    rungs = [each["level"] for each in ladder["levels"]]

    def refused(body: dict[str, Any]) -> tuple[int, str]:
        answer = shop.ask("PUT", "/levels", body)
        return answer.status_code, answer.json()["code"]

    assert refused({"revision": 0, "levels": rungs}) == (409, "version_conflict")
    assert refused({"revision": 1, "levels": rungs[::-1]}) == (422, "level_not_higher")
    assert refused({"revision": 1, "levels": [rungs[0], rungs[0]]}) == (422, "level_twice")
    free = [dict(rungs[0], discount_bps=9_001)]
    assert shop.ask("PUT", "/levels", {"revision": 1, "levels": free}).status_code in {400, 422}
    kept = shop.must("PUT", "/levels", {"revision": 1, "levels": rungs[:2]})
    assert (kept["revision"], len(kept["levels"])) == (2, 2)
    assert refused({"revision": 1, "levels": rungs}) == (409, "version_conflict")


def test_nobody_sees_a_level_without_being_known(shop: Shop, ladder: dict[str, Any]) -> None:
    answer = shop.site.send("GET", "/api/public/membership")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert shop.ask("GET", f"/people/{uuid4()}/level").status_code == 404


def test_a_shop_without_levels_shows_none(shop: Shop) -> None:
    shown = Buyer(shop).must("GET", "/membership")
    assert (shown["has_levels"], shown["level"], shown["next"]) == (False, None, None)
