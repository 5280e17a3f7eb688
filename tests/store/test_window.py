"""The shop window: who looks at an old list is not kept waiting, and who comes after sees it new."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from banyan.kernel.work import Database
from banyan.store import showcase
from banyan.store.window import PAGE_AGAIN_MILLIS, PAGE_KEPT_MILLIS, Window
from tests.shelf import Shelf


@pytest.fixture
def shelf(database: Database) -> Shelf:
    shelf = Shelf()
    shelf.sku(9)
    return shelf


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The milliseconds of the window's clock, to be moved by hand."""
    now = [1_000_000]
    module = importlib.import_module("banyan.store.window")
    monkeypatch.setattr(module, "_now_millis", lambda: now[0])
    return now


def looked_at(
    shelf: Shelf, look: Callable[[Callable[[], Awaitable[str]]], Awaitable[None]]
) -> None:
    """Let `look` ask a window of its own for the name of the shop's one product."""

    async def run() -> None:
        window = Window()
        slug = shelf.one("select slug from shops where id = %s", shelf.shop)
        (home,) = showcase.homes_of_shops([slug]).values()

        async def name() -> str:
            page: dict[str, Any] = msgspec.json.decode(await window.cards(home, "", None, None))
            return page["items"][0]["name"]

        await look(name)
        await window.close()

    asyncio.run(run())


def rename(shelf: Shelf, name: str) -> None:
    """Change it without telling the window, so that only the time of the list counts."""
    with shelf.work() as work:
        work.driver.execute("update products set name = %s", (name,))


def test_an_old_list_is_told_at_once_and_read_for_those_who_come_after(
    shelf: Shelf, clock: list[int]
) -> None:
    async def look(name: Callable[[], Awaitable[str]]) -> None:
        before = await name()
        rename(shelf, "新豆")
        clock[0] += PAGE_AGAIN_MILLIS // 2 - 1
        assert await name() == before
        await asyncio.sleep(0.1)
        assert await name() == before  # while it is young nobody reads it
        clock[0] += PAGE_AGAIN_MILLIS
        assert await name() == before
        for _ in range(500):
            await asyncio.sleep(0.01)
            if await name() != before:
                break
        assert await name() == "新豆"

    looked_at(shelf, look)


def test_a_list_whose_time_is_over_is_read_before_it_is_told(
    shelf: Shelf, clock: list[int]
) -> None:
    async def look(name: Callable[[], Awaitable[str]]) -> None:
        await name()
        rename(shelf, "新豆")
        clock[0] += PAGE_KEPT_MILLIS
        assert await name() == "新豆"

    looked_at(shelf, look)
