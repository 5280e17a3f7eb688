"""Stampedes at the shelf: exactly as many are sold as there are, and nobody is told otherwise."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import msgspec
import pytest

from banyan.app.hot import Group
from banyan.app.ordering import run_orders
from banyan.kernel.batch import Batch
from banyan.kernel.errors import Refused
from banyan.store import OrderRequest
from tests.shelf import Shelf
from tests.whole import assert_whole

T = TypeVar("T")


@pytest.fixture
def shelf(database: object) -> Shelf:
    return Shelf()


def at_once(calls: Sequence[Callable[[], T]], workers: int = 16) -> list[T]:
    """Run `calls` on threads, each with a transaction of its own."""
    with ThreadPoolExecutor(workers) as threads:
        return [future.result() for future in [threads.submit(call) for call in calls]]


def told(answer: bytes | Refused) -> str:
    if isinstance(answer, Refused):
        return answer.refusal.code
    return msgspec.json.decode(answer)["state"]


def alone(shelf: Shelf, request: OrderRequest) -> Callable[[], bytes | Refused]:
    return lambda: run_orders((shelf.workspace, None), [request])[0]


async def batched(
    shelf: Shelf, requests: Sequence[OrderRequest], *, lanes: int, most: int = 64
) -> list[bytes | Refused]:
    """Send every request at once through the batch of a web process."""
    batch = Batch[Group, OrderRequest, "bytes | Refused"](run_orders, most=most, lanes=lanes)
    group = (shelf.workspace, None)
    answers = await asyncio.gather(*(batch.ask(group, request) for request in requests))
    await batch.close()
    return answers


@pytest.mark.parametrize("lanes", [0, 1, 4], ids=["alone", "one_lane", "four_lanes"])
def test_two_hundred_orders_for_ten(shelf: Shelf, lanes: int) -> None:
    sku = shelf.sku(10)
    requests = [shelf.request(buyer, (sku, 1)) for buyer in shelf.people(200)]
    if lanes:
        answers = asyncio.run(batched(shelf, requests, lanes=lanes))
    else:
        answers = at_once([alone(shelf, request) for request in requests])
    assert Counter(map(told, answers)) == {"placed": 10, "sold_out": 190}
    assert shelf.stock(sku) == (0, 10, 0)
    assert shelf.one("select count(*) from orders") == 10
    assert shelf.one("select count(*) from events where name = 'store.order_placed'") == 10
    assert_whole()


def test_thirty_rounds_of_sixty_four_connections_sell_thirty_each(shelf: Shelf) -> None:
    buyers = shelf.people(64)
    for _ in range(30):
        sku = shelf.sku(30)

        async def until_refused(sku: object = sku) -> Counter[str]:
            """Let each of 64 order again and again until one order is refused."""
            batch = Batch[Group, OrderRequest, "bytes | Refused"](run_orders, most=16, lanes=4)
            said: Counter[str] = Counter()

            async def connection(nth: int) -> None:
                while True:
                    request = shelf.request(buyers[nth], (sku, 1))  # pyright: ignore[reportArgumentType]
                    word = told(await batch.ask((shelf.workspace, None), request))
                    said[word] += 1
                    if word != "placed":
                        return

            await asyncio.gather(*(connection(nth) for nth in range(64)))
            await batch.close()
            return said

        assert asyncio.run(until_refused()) == {"placed": 30, "sold_out": 64}
        assert shelf.stock(sku) == (0, 30, 0)
    assert shelf.one("select count(*) from orders") == 900
    assert_whole()


def test_larger_orders_leave_what_smaller_ones_can_have(shelf: Shelf) -> None:
    # No phantom sell-out: as long as one is left, an order for one is never refused.
    sku = shelf.sku(100)
    requests = [
        shelf.request(buyer, (sku, 7 if nth % 2 else 1))
        for nth, buyer in enumerate(shelf.people(120))
    ]
    answers = asyncio.run(batched(shelf, requests, lanes=4, most=8))
    placed = shelf.one("select sum(quantity) from order_lines where sku_id = %s", sku)
    available, reserved, _ = shelf.stock(sku)
    assert (placed, available) == (reserved, 100 - reserved)
    assert "sold_out" in map(told, answers)
    assert reserved == 100
    assert_whole()


def test_orders_over_the_same_skus_in_any_order_do_not_lock_each_other(shelf: Shelf) -> None:
    skus = shelf.skus(6, 100)
    people = shelf.people(60)
    calls = [
        alone(
            shelf,
            shelf.request(buyer, *((sku, 1) for sku in (skus if nth % 2 else skus[::-1]))),
        )
        for nth, buyer in enumerate(people)
    ]
    assert Counter(map(told, at_once(calls))) == {"placed": 60}
    assert [shelf.stock(sku) for sku in skus] == [(40, 60, 0)] * 6
    assert_whole()


def test_one_key_fifty_times_at_once_is_one_order(shelf: Shelf) -> None:
    sku = shelf.sku(100)
    (buyer,) = shelf.people(1)
    request = shelf.request(buyer, (sku, 2), request_key="k", request_digest=b"same")
    answers = at_once([alone(shelf, request)] * 50)
    numbers = {msgspec.json.decode(a)["number"] for a in answers if isinstance(a, bytes)}
    assert len(numbers) == 1
    assert all(isinstance(answer, bytes) for answer in answers)
    other = request._replace(request_digest=b"other")
    assert told(alone(shelf, other)()) == "idempotency_mismatch"
    assert shelf.stock(sku) == (98, 2, 0)
    assert_whole()
