"""The catalogue: product lists and product pages of a shop with 10,000 products."""

import asyncio
import random
import statistics
import urllib.request
from collections.abc import Sequence
from typing import Any

import msgspec

from banyan import store
from banyan.app.bench import field, openloop, stall
from banyan.app.bench.audit import AuditError, every_invariant_holds
from banyan.app.bench.figures import Figure, figure
from banyan.app.bench.load import send
from banyan.app.bench.stack import Stack
from banyan.app.bench.stall import Good, Stall
from banyan.kernel.work import SYSTEM, unit_of_work

CONNECTIONS = 64
PRODUCTS = 10_000
WARM_SECONDS = 10
"""The first round: each process reads every product, and the house digests 10,000 new ones. It is
told as `first_p99_ms` and counts for nothing else."""
SEEN_WITHIN_S = 2.5
"""When a change must show everywhere: a look each second, an answer kept for one, and some air."""
OK, NOT_FOUND = 200, 404


def measure(stack: Stack, *, rounds: int, seconds: float, label: str) -> list[Figure]:
    """Return the figure of the catalogue; raise `AuditError` when a page tells what is not so."""
    folder = stack.home / "bench"
    folder.mkdir(exist_ok=True)
    shop = stall.open_stall(field.make_workspace(), PRODUCTS)
    loads = {"list": _lists(stack, shop), "page": [_page(good) for good in shop.goods]}
    waits: dict[str, list[float]] = {kind: [] for kind in loads}
    rates: dict[str, list[float]] = {kind: [] for kind in loads}
    first = 0.0
    for nth in range(rounds + 1):
        for kind, paths in loads.items():
            random.shuffle(paths)
            run = send(
                stack.url,
                [_get(path) for path in paths],
                folder=folder,
                connections=CONNECTIONS,
                seconds=seconds if nth else WARM_SECONDS,
                once=False,
            )
            if run.failed:
                msg = f"{run.failed} of {run.requests} answers failed ({kind})"
                raise AuditError(msg)
            if nth:
                waits[kind].append(run.p99_us / 1000)
                rates[kind].append(run.per_second)
            else:
                first = max(first, run.p99_us / 1000)
    asyncio.run(_changes_show(stack, shop))
    every_invariant_holds()
    return [
        figure(
            "catalogue_p99_ms" + label,
            "slower of list and product page, 10,000 products, 64 connections that never pause",
            [max(pair) for pair in zip(*waits.values(), strict=True)],
            60,
            at_least=False,
            detail={
                **{f"{kind}_p99_ms": statistics.median(each) for kind, each in waits.items()},
                "first_p99_ms": first,
                **{f"{kind}_per_s": statistics.median(each) for kind, each in rates.items()},
            },
        )
    ]


def _lists(stack: Stack, shop: Stall) -> list[str]:
    """Return the paths of every page of the shop's list, and of the first of each category."""
    first = f"/api/public/shops/{shop.slug}/products"
    paths = [first]
    seen = 0
    while True:
        with urllib.request.urlopen(stack.url + paths[-1]) as answer:  # noqa: S310 - our own
            page: dict[str, Any] = msgspec.json.decode(answer.read())
        seen += len(page["items"])
        if page["next"] is None:
            break
        paths.append(f"{first}?cursor={page['next']}")
    if seen != PRODUCTS:
        msg = f"the lists show {seen} of {PRODUCTS} products"
        raise AuditError(msg)
    return paths + [f"{first}?category_id={each}" for each in shop.category_ids]


def _page(good: Good) -> str:
    return f"/api/public/products/{good.product_id}"


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


async def _changes_show(stack: Stack, shop: Stall) -> None:
    """Change a price, a stock and what is on the shelf: every page and process must say so soon."""
    dearer, scarce, gone = shop.goods[:3]
    connections = await openloop.connect("127.0.0.1", stack.port, CONNECTIONS)

    async def pages(good: Good) -> Sequence[tuple[int, Any]]:
        asked = await asyncio.gather(*(one.ask(_get(_page(good))) for one in connections))
        return [(status, msgspec.json.decode(body)) for status, body in asked]

    def skus(answers: Sequence[tuple[int, Any]]) -> list[Any]:
        return [page["skus"][0] if status == OK else None for status, page in answers]

    for good in (dearer, scarce, gone):
        told = {sku["price_minor"] if sku else None for sku in skus(await pages(good))}
        if told != {good.price_minor}:
            msg = f"a product of {good.price_minor} is shown for {told}"
            raise AuditError(msg)
    price_minor = dearer.price_minor + 1
    stall.reprice(shop.workspace_id, dearer, price_minor)
    with unit_of_work(shop.workspace_id, SYSTEM) as work:
        store.set_stock(work, scarce.sku_id, 3, "stock.counted")
        store.withdraw(work, [gone.product_id])
    await asyncio.sleep(SEEN_WITHIN_S)
    told = {sku["price_minor"] if sku else None for sku in skus(await pages(dearer))}
    left = {sku["available"] if sku else None for sku in skus(await pages(scarce))}
    shown = {status for status, _ in await pages(gone)}
    if (told, left, shown) != ({price_minor}, {3}, {NOT_FOUND}):
        msg = (
            f"after {SEEN_WITHIN_S} s a price of {price_minor} is shown as {told},"
            f" 3 left as {left}, a withdrawn product as {shown}"
        )
        raise AuditError(msg)
