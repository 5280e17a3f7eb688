"""A buyer buys, over HTTP: order, pay, ship, refund; and everything that is not a quantity."""

import json
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.store import sweep
from banyan.store.statements import DAY
from tests.journeys.site import Guest, Shop
from tests.shelf import fill


class Buyer:
    """A guest at one shop."""

    def __init__(self, shop: Shop, phone: str = "+8613800138000") -> None:
        self.shop = shop
        self.guest: Guest = shop.guest(phone)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        return self.guest.ask(method, f"/api/public{path}", body, headers=headers)

    def must(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        answer = self.ask(method, path, body, **headers)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def order(self, sku: object, quantity: object = 1, **more: object) -> Any:
        body = {"lines": [{"sku_id": str(sku), "quantity": quantity}], "fulfilment": "collection"}
        key = secrets.token_hex(8)
        return self.ask("POST", "/orders", body | more, **{"Idempotency-Key": key})


@pytest.fixture
def skus(shop: Shop) -> list[UUID]:
    with unit_of_work(shop.id, SYSTEM) as work:
        return fill(work, 2, 10)


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    return Buyer(shop)


def paid(buyer: Buyer, sku: object, quantity: int = 3, price_minor: int = 1990) -> Any:
    order = buyer.order(sku, quantity).json()
    paying = buyer.must(
        "POST", f"/orders/{order['id']}/payments", {"provider": "sandbox", "method": "page"}
    )
    assert paying["action"] == "redirect"
    trade = paying["url"].rpartition("/")[2]
    assert buyer.must("GET", f"/sandbox/payments/{trade}")["amount_minor"] == (
        price_minor * quantity
    )
    shown = buyer.must("POST", f"/sandbox/payments/{trade}", {"succeeds": True})
    assert shown["state"] == "paid"
    return buyer.must("GET", f"/orders/{order['id']}")


def test_from_quote_to_partial_refund(shop: Shop, buyer: Buyer, skus: list[UUID]) -> None:
    lines = [{"sku_id": str(sku), "quantity": 2} for sku in skus]
    quoted = buyer.must("POST", "/quotes", {"lines": lines, "fulfilment": "collection"})
    assert (quoted["payable_minor"], quoted["can_order"]) == (4 * 1990, True)
    page = paid(buyer, skus[0])
    order = page["order"]
    assert order["state"] == "paid"
    assert buyer.guest.ask("GET", f"/api/public/orders/{order['id']}/collection.svg").content
    line = order["lines"][0]["id"]
    asked = buyer.must(
        "POST",
        f"/orders/{order['id']}/refunds",
        {"lines": [{"line_id": line, "quantity": 1}], "reason": "买多了"},
    )
    assert (asked["state"], asked["amount_minor"]) == ("asked", 1990)
    listed = shop.must("GET", "/refunds?state=asked")["items"]
    assert [each["id"] for each in listed] == [asked["id"]]
    approved = shop.must("POST", f"/refunds/{asked['id']}/approval", {"words": "好的"})
    assert approved["state"] == "approved"
    # Other merchants of this database may have left more than one sweep takes.
    while sweep():
        pass
    page = buyer.must("GET", f"/orders/{order['id']}")
    assert page["refunds"][0]["state"] == "done"
    assert page["refundable_minor"] == 2 * 1990
    collected = shop.must("POST", "/collections", {"code": order["collection_code"].upper()})
    assert collected["order"]["state"] == "delivered"
    counts = shop.must("GET", "/orders/counts")
    assert counts["delivered"] == 1
    found = shop.must("GET", f"/orders?q={order['number'][:8]}&state=delivered")
    assert [each["id"] for each in found["items"]] == [order["id"]]
    assert shop.must("GET", f"/orders/{order['id']}")["buyer"]["phone_masked"]
    assert shop.must("GET", "/payments/stuck") == {"refunds": [], "payments": [], "cases": []}


@pytest.mark.parametrize(
    "quantity",
    [
        *("-1", "0", "1000000000", str(2**31), str(2**63), "0.1", "1.0", "1e3", "10000"),
        *('"1e3"', '"１２"', '" 1"', '"1"', "null", "[1]", "true", "NaN", "Infinity"),
    ],
)
def test_what_is_no_quantity_is_refused(buyer: Buyer, skus: list[UUID], quantity: str) -> None:
    raw = f'{{"lines":[{{"sku_id":"{skus[0]}","quantity":{quantity}}}],"fulfilment":"collection"}}'
    method, path, more = buyer.guest.request(
        "POST",
        "/api/public/orders",
        headers={"Idempotency-Key": "k", "Content-Type": "application/json"},
    )
    answer = buyer.shop.site.send(method, path, content=raw, **more)
    assert answer.status_code == 422
    is_json = quantity not in {"NaN", "Infinity"}
    assert answer.json()["code"] == ("quantity_invalid" if is_json else "invalid")
    assert buyer.must("GET", "/orders")["items"] == []


def test_what_the_client_says_about_money_is_not_read(buyer: Buyer, skus: list[UUID]) -> None:
    body = {
        "total_minor": 1,
        "payable_minor": 1,
        "freight_minor": -5,
        "discount_minor": 1990,
        "currency": "USD",
        "discounts": [{"minor": 1990}],
    }
    order = buyer.order(skus[0], 1, **body).json()
    assert (order["payable_minor"], order["currency"]) == (1990, "CNY")


def test_one_key_is_one_order(buyer: Buyer, skus: list[UUID]) -> None:
    lines: list[dict[str, Any]] = [{"sku_id": str(skus[0]), "quantity": 1}]
    body = {"lines": lines, "fulfilment": "collection"}
    key = {"Idempotency-Key": "one"}
    first = buyer.must("POST", "/orders", body, **key)
    assert buyer.must("POST", "/orders", body, **key) == first
    lines[0]["quantity"] = 2
    answer = buyer.ask("POST", "/orders", body, **key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
    answer = buyer.ask("POST", "/orders", body)
    assert answer.json()["code"] == "idempotency_key_needed"


def test_another_buyers_order_is_not_there(shop: Shop, buyer: Buyer, skus: list[UUID]) -> None:
    page = paid(buyer, skus[0])
    order, line = page["order"]["id"], page["order"]["lines"][0]["id"]
    other = Buyer(shop, "+8613800138001")
    refund = {"lines": [{"line_id": line, "quantity": 1}], "reason": "x"}
    for method, path, body in (
        ("GET", f"/orders/{order}", None),
        ("POST", f"/orders/{order}/payments", {"provider": "sandbox", "method": "page"}),
        ("POST", f"/orders/{order}/refunds", refund),
        ("POST", f"/orders/{order}/receipt", None),
        ("POST", f"/orders/{order}/cancellation", {"reason": "x"}),
        ("POST", f"/orders/{order}/disputes", {"words": "x"}),
        ("GET", f"/orders/{order}/collection.svg", None),
    ):
        answer = other.ask(method, path, body)
        assert answer.status_code == 404, path


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "banyan.test"])
def test_a_notice_without_a_signature_is_refused_whatever_the_host(shop: Shop, host: str) -> None:
    slug = shop.must("GET", "/workspace")["slug"]
    answer = shop.site.send(
        "POST",
        f"/notices/sandbox/{slug}",
        content=json.dumps({"state": "paid"}),
        headers={"Host": host, "Content-Type": "application/json", "X-Forwarded-Host": host},
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "notice_rejected")


def test_two_hundred_orders_for_ten_over_http(shop: Shop, skus: list[UUID]) -> None:
    people = shop.guests(200)
    body = {"lines": [{"sku_id": str(skus[1]), "quantity": 1}], "fulfilment": "collection"}
    answers = shop.site.send_all(
        [
            person.request("POST", "/api/public/orders", body, headers={"Idempotency-Key": "k"})
            for person in people
        ]
    )
    said = [answer.status_code for answer in answers]
    assert (said.count(201), said.count(409)) == (10, 190)
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"sold_out"}


def test_a_dispute_is_heard_by_both_sides(shop: Shop, buyer: Buyer, skus: list[UUID]) -> None:
    order = paid(buyer, skus[0])["order"]["id"]
    page = buyer.must("POST", f"/orders/{order}/disputes", {"words": "少发了一件"})
    dispute = page["disputes"][0]["id"]
    again = buyer.ask("POST", f"/orders/{order}/disputes", {"words": "又"})
    assert again.json()["code"] == "dispute_open"
    shop.must("POST", f"/disputes/{dispute}/words", {"words": "马上补发"})
    buyer.must("POST", f"/disputes/{dispute}/words", {"words": "谢谢"})
    closed = shop.must("POST", f"/disputes/{dispute}/closing", {"outcome": "已补发"})
    assert closed["state"] == "settled"
    assert [each["words"] for each in closed["words"]] == ["少发了一件", "马上补发", "谢谢"]
    assert shop.must("GET", "/disputes?state=open")["items"] == []


def test_the_books_of_a_day_show_a_planted_cent(shop: Shop, buyer: Buyer, skus: list[UUID]) -> None:
    paid(buyer, skus[0], 1)
    paid(buyer, skus[1], 1)
    manners = shop.must("GET", "/sandbox/payments")
    shop.must("PUT", "/sandbox/payments", manners | {"statement_off_minor": 1})
    day = datetime.now(DAY).date().isoformat()
    shop.must("POST", f"/statements/sandbox/{day}")
    page = shop.must("GET", f"/statements/sandbox/{day}")
    assert (page["statement"]["lines"], page["statement"]["matched"]) == (2, 1)
    (case,) = page["cases"]
    assert (case["kind"], case["expected_minor"], case["found_minor"]) == (
        *("amount_differs", 1990, 1991),
    )
    assert page["clearing_minor"] == -1990
    shop.must("POST", f"/cases/{case['id']}/closing", {"resolution": "渠道已更正"})
    assert shop.must("GET", "/payments/stuck")["cases"] == []
