"""Provider keys go in and are never shown; discounts are made, shown and ended over HTTP."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from banyan.kernel.work import SYSTEM, unit_of_work
from tests.journeys.site import Shop
from tests.journeys.test_buying import Buyer
from tests.shelf import fill


def alipay_keys() -> dict[str, str]:
    key = generate_private_key(65537, 2048)
    made = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    known = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        "app": "2021000000000000",
        "seller": "2088000000000000",
        "private_key": made.decode(),
        "alipay_key": known.decode(),
    }


def state_of(shop: Shop, provider: str) -> tuple[bool, bool]:
    items = shop.must("GET", "/payment-providers")["items"]
    return next((one["is_on"], one["has_keys"]) for one in items if one["provider"] == provider)


def test_keys_go_in_are_switched_and_never_shown(shop: Shop) -> None:
    assert state_of(shop, "alipay") == (False, False)
    refused = shop.ask("PUT", "/payment-providers/alipay", {"is_on": True})
    assert refused.json()["code"] == "payment_provider_off"
    keys = alipay_keys()
    answer = shop.ask("PUT", "/payment-providers/alipay", {"settings": keys})
    assert answer.status_code == 200, answer.text
    assert "PRIVATE" not in answer.text
    assert "2088" not in answer.text
    assert state_of(shop, "alipay") == (True, True)
    shop.must("PUT", "/payment-providers/alipay", {"is_on": False})
    assert state_of(shop, "alipay") == (False, True)
    shop.must("PUT", "/payment-providers/alipay", {"is_on": True})
    assert state_of(shop, "alipay") == (True, True)
    assert shop.must("POST", "/payment-providers/sandbox/trial") == {
        "is_good": True,
        "problem": None,
    }


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "https://example.com/", 7, ["x"]])
def test_keys_send_this_house_nowhere_else(shop: Shop, address: object) -> None:
    body = {"settings": alipay_keys() | {"gateway": address}}
    answer = shop.ask("PUT", "/payment-providers/alipay", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert state_of(shop, "alipay") == (False, False)


def test_a_discount_is_made_once_quoted_and_ended(shop: Shop) -> None:
    with unit_of_work(shop.id, SYSTEM) as work:
        (sku,) = fill(work, 1, 10)
        row = work.driver.execute(
            "select p.shop_id from skus s join products p on p.id = s.product_id where s.id = %s",
            (sku,),
        ).fetchone()
    assert row is not None
    shop_id: UUID = row[0]
    now = datetime.now(UTC)
    body = {
        "shop_id": str(shop_id),
        "name": {"zh": "立减 5", "en": "5 off"},
        "kind": "amount_off",
        "off_minor": 500,
        "starts_at": (now - timedelta(minutes=1)).isoformat(),
        "ends_at": (now + timedelta(days=1)).isoformat(),
    }
    key = {"Idempotency-Key": "five"}
    made = shop.must("POST", "/discounts", body, headers=key)
    assert shop.must("POST", "/discounts", body, headers=key) == made
    assert [one["id"] for one in shop.must("GET", "/discounts")["items"]] == [made["id"]]
    buyer = Buyer(shop)
    wanted = {"lines": [{"sku_id": str(sku), "quantity": 1}], "fulfilment": "collection"}
    quoted = buyer.must("POST", "/quotes", wanted)
    assert quoted["discounts"][0]["parts"] == [500]
    assert quoted["payable_minor"] == 1490
    assert shop.must("POST", f"/discounts/{made['id']}/ending")["state"] == "ended"
    assert buyer.must("POST", "/quotes", wanted)["discounts"] == []


def test_no_code_to_scan_unless_a_payment_waits_for_one(shop: Shop) -> None:
    with unit_of_work(shop.id, SYSTEM) as work:
        (sku,) = fill(work, 1, 10)
    buyer = Buyer(shop)
    order = buyer.order(sku).json()
    address = f"/orders/{order['id']}/payment.svg"
    assert buyer.ask("GET", address).status_code == 404
    paying = buyer.must(
        "POST", f"/orders/{order['id']}/payments", {"provider": "sandbox", "method": "native"}
    )
    assert paying["action"] == "qr"
    picture = buyer.ask("GET", address)
    assert picture.status_code == 200
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert Buyer(shop, "+8613800138001").ask("GET", address).status_code == 404
