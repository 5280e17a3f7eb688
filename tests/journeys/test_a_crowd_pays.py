"""A crowd pays at once, over HTTP: everybody is answered, every cent is taken once."""

import secrets
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from banyan import store, workspaces
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.store.payments.ports import Said
from banyan.store.payments.sandbox import Sandbox, signed
from tests.journeys.site import Guest, Shop
from tests.shelf import fill

CROWD = 300
WAY = {"provider": "sandbox", "method": "page"}


@pytest.fixture
def sku(shop: Shop) -> UUID:
    with unit_of_work(shop.id, SYSTEM) as work:
        return fill(work, 1, CROWD)[0]


def at_once(shop: Shop, requests: list[tuple[str, str, dict[str, Any]]]) -> list[httpx.Response]:
    answers = shop.site.send_all(requests)
    assert {answer.status_code // 100 for answer in answers} == {2}, answers[0].text
    return answers


def begun(shop: Shop, sku: UUID, number: int) -> tuple[list[Guest], list[str]]:
    """Let so many guests order one each and begin to pay, all at once."""
    guests = shop.guests(number)
    body = {"lines": [{"sku_id": str(sku), "quantity": 1}], "fulfilment": "collection"}
    keys = [{"Idempotency-Key": secrets.token_hex(8)} for _ in guests]
    orders = at_once(
        shop,
        [
            guest.request("POST", "/api/public/orders", body, headers=key)
            for guest, key in zip(guests, keys, strict=True)
        ],
    )
    paths = [f"/api/public/orders/{order.json()['id']}/payments" for order in orders]
    ways = [guest.request("POST", path, WAY) for guest, path in zip(guests, paths, strict=True)]
    return guests, [answer.json()["url"].rpartition("/")[2] for answer in at_once(shop, ways)]


def paid(shop: Shop) -> int:
    return shop.must("GET", "/orders/counts")["paid"]


def test_the_cashier_answers_everybody(shop: Shop, sku: UUID) -> None:
    guests, trades = begun(shop, sku, CROWD)
    pays = [
        guest.request("POST", f"/api/public/sandbox/payments/{trade}", {"succeeds": True})
        for guest, trade in zip(guests, trades, strict=True)
    ]
    answers = at_once(shop, pays)
    assert {answer.json()["state"] for answer in answers} == {"paid"}
    assert paid(shop) == CROWD


def test_notices_of_a_crowd_come_through_the_door_twice(shop: Shop, sku: UUID) -> None:
    _, trades = begun(shop, sku, 100)
    provider = store.provider_of(shop.id, "sandbox")
    assert isinstance(provider, Sandbox)
    with unit_of_work(shop.id, SYSTEM) as work:
        slug = workspaces.workspace_of(work).slug
    notices: list[tuple[str, str, dict[str, Any]]] = []
    for trade in trades:
        said = Said(
            about="payment",
            number=trade,
            provider_number=f"SBP{trade}",
            state="paid",
            amount_minor=1990,
            currency="CNY",
            merchant=provider.merchant,
        )
        body = msgspec.json.encode(said)
        headers = signed(provider.private_key, body) | {"Content-Type": "application/json"}
        notices.append(("POST", f"/notices/sandbox/{slug}", {"content": body, "headers": headers}))
    answers = at_once(shop, notices * 2)
    assert {answer.content for answer in answers} == {Sandbox.thanks}
    assert paid(shop) == 100
    with unit_of_work(shop.id, SYSTEM) as work:
        (kept,) = work.driver.execute("select count(*) from payment_notices").fetchone() or (0,)
    assert kept == 100


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b'{"provider":"sandbox","method":"page","amount":1}', "application/json", 422),
        (b'{"provider":7}', "application/json", 422),
        (b"nonsense", "application/json", 422),
        (b"x" * 5000, "application/json", 413),
        (b'{"provider":"sandbox"}', "text/plain", 415),
    ],
)
def test_what_is_no_way_to_pay_is_refused(
    shop: Shop, sku: UUID, body: bytes, media: str, status: int
) -> None:
    (guest,) = shop.guests(1)
    order = {"lines": [{"sku_id": str(sku), "quantity": 1}], "fulfilment": "collection"}
    key = {"Idempotency-Key": secrets.token_hex(8)}
    made = guest.ask("POST", "/api/public/orders", order, headers=key).json()
    method, path, more = guest.request(
        "POST", f"/api/public/orders/{made['id']}/payments", headers={"Content-Type": media}
    )
    answer = shop.site.send(method, path, content=body, **more)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
        status,
        "application/problem+json",
    )


def test_who_is_nobody_pays_nothing_and_who_asks_too_often_waits(shop: Shop, sku: UUID) -> None:
    (guest,), (trade,) = begun(shop, sku, 1)
    path = f"/api/public/sandbox/payments/{trade}"
    stranger = Guest(shop.site)
    assert stranger.ask("POST", path, {"succeeds": True}).status_code == 401
    assert stranger.ask("POST", "/api/public/orders/no-id/payments", WAY).status_code == 401
    assert guest.ask("POST", "/api/public/orders/no-id/payments", WAY).status_code == 404
    answers = shop.site.send_all([guest.request("POST", path, {"succeeds": True})] * 90)
    assert {answer.status_code for answer in answers} == {200, 429}
    assert paid(shop) == 1
