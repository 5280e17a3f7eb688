"""The window: what a web process remembers of the showcase, so that browsing costs memory reads.

Answers are kept encoded, by the revision of their workspace's catalogue. The revisions of what is
remembered are read every second; a changed one makes everything kept of that workspace old. What
is missing is read for all who wait at once (`kernel.batch`). How many are left is kept a second.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
import structlog
from cachebox import LRUCache
from sqlalchemy.exc import SQLAlchemyError

from banyan import ledger
from banyan.kernel.batch import Batch
from banyan.kernel.errors import Refused
from banyan.kernel.files import Files
from banyan.kernel.settings import Settings
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.store import catalogue_refusals as refusals
from banyan.store import showcase
from banyan.store.pictures import use_files
from banyan.store.showcase import ProductShown, ShopHome

logger = structlog.get_logger()

LOOK_SECONDS = 1
PAGE_KEPT_MILLIS = 10_000
"""A list is read anew after this, because a sale's beginning and end change it by themselves."""
STOCK_KEPT_MILLIS = 1000
PAGES_KEPT = 5000
PRODUCTS_KEPT = 50_000
MOST_AT_ONCE = 200

_encode = msgspec.json.Encoder().encode


class _Kept(NamedTuple):
    """An encoded answer, the revision it was read under, and until when it stands."""

    revision: int
    until: int
    body: bytes


class _Product(NamedTuple):
    revision: int
    shown: ProductShown | None


Asked = tuple[ShopHome, str, UUID | None, str | None]
"""A page of a shop: q, category, cursor. `*` as q asks for the front."""
FRONT = "*"


class Window:
    """What one web process remembers."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._shops: LRUCache[str, ShopHome] = LRUCache(10_000)
        self._homes: LRUCache[UUID, UUID] = LRUCache(2 * PRODUCTS_KEPT)
        self._revisions: dict[UUID, int] = {}
        self._pages: LRUCache[Asked, _Kept] = LRUCache(PAGES_KEPT)
        self._products: LRUCache[UUID, _Product] = LRUCache(PRODUCTS_KEPT)
        self._bodies: LRUCache[UUID, _Kept] = LRUCache(PRODUCTS_KEPT)
        self._reading_shops: Batch[None, str, ShopHome | None] = Batch(_shops, most=MOST_AT_ONCE)
        self._reading_homes: Batch[None, UUID, UUID | None] = Batch(_homes, most=MOST_AT_ONCE)
        self._reading_pages: Batch[UUID, Asked, bytes] = Batch(_pages, most=8, lanes=2)
        self._reading_products: Batch[UUID, UUID, bytes | None] = Batch(
            self._read_products, most=MOST_AT_ONCE, lanes=2
        )

    async def shop(self, slug: str) -> ShopHome:
        """Return where the shop with this address lives. Raises `shop_not_found`."""
        if slug in self._shops:
            return self._shops[slug]
        home = await self._reading_shops.ask(None, slug)
        if home is None:
            raise Refused(refusals.NO_SUCH_SHOP)
        self._shops[slug] = home
        return home

    async def front(self, home: ShopHome) -> bytes:
        """Return a shop's front, encoded."""
        return await self._page((home, FRONT, None, None))

    async def cards(
        self, home: ShopHome, q: str, category_id: UUID | None, cursor: str | None
    ) -> bytes:
        """Return a page of a shop's products, encoded."""
        return await self._page((home, q.strip().removeprefix(FRONT), category_id, cursor))

    async def _page(self, asked: Asked) -> bytes:
        workspace_id = asked[0].workspace_id
        revision = await self._revision(workspace_id)
        kept = self._pages.get(asked, None)
        if kept and kept.revision == revision and _now_millis() < kept.until:
            return kept.body
        body = await self._reading_pages.ask(workspace_id, asked)
        self._pages[asked] = _Kept(revision, _now_millis() + PAGE_KEPT_MILLIS, body)
        return body

    async def product(self, product_id: UUID) -> bytes:
        """Return a product's page, encoded. Raises `product_not_found`."""
        workspace_id: UUID | None
        if product_id in self._homes:
            workspace_id = self._homes[product_id]
        else:
            workspace_id = await self._reading_homes.ask(None, product_id)
            if workspace_id is None:
                raise Refused(refusals.NO_SUCH_PRODUCT)
            self._homes[product_id] = workspace_id
        revision = await self._revision(workspace_id)
        kept = self._bodies.get(product_id, None)
        if kept and kept.revision == revision and _now_millis() < kept.until:
            return kept.body
        body = await self._reading_products.ask(workspace_id, product_id)
        if body is None:
            raise Refused(refusals.NO_SUCH_PRODUCT)
        self._bodies[product_id] = _Kept(revision, _now_millis() + STOCK_KEPT_MILLIS, body)
        return body

    def _read_products(self, workspace_id: UUID, product_ids: list[UUID]) -> list[bytes | None]:
        """Read what is not remembered of these products, and what is left of all."""
        revision = self._revisions.get(workspace_id, -1)
        kept = {each: self._products.get(each, None) for each in product_ids}
        missing = [
            each for each, product in kept.items() if not product or product.revision != revision
        ]
        with unit_of_work(workspace_id, SYSTEM) as work:
            read = showcase.products_shown(work, missing) if missing else {}
            for each in missing:
                kept[each] = self._products[each] = _Product(revision, read.get(each))
            shown = {each: product.shown for each, product in kept.items() if product}
            accounts = [
                sku.available_account
                for product in shown.values()
                if product
                for sku in product.skus
            ]
            left = ledger.balances(work, accounts)
        now = datetime.now(UTC)
        return [
            _encode(showcase.product_page(product, left, now)) if product else None
            for product in (shown[each] for each in product_ids)
        ]

    async def _revision(self, workspace_id: UUID) -> int:
        known = self._revisions.get(workspace_id)
        if known is None:
            found = await asyncio.to_thread(showcase.revisions, [workspace_id])
            known = self._revisions[workspace_id] = found.get(workspace_id, 0)
        return known

    def look(self) -> None:
        """Read the revisions of what is remembered."""
        if self._revisions:
            self._revisions |= showcase.revisions(list(self._revisions))

    async def close(self) -> None:
        """Answer who waits, then let the threads go."""
        readings = (
            self._reading_shops,
            self._reading_homes,
            self._reading_pages,
            self._reading_products,
        )
        for reading in readings:
            await reading.close()

    async def watch(self) -> None:
        """Read the revisions again and again. While the database is away, what is known stands."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await asyncio.to_thread(self.look)
            except (Refused, SQLAlchemyError, OSError) as error:
                logger.warning("window_look_failed", error=type(error).__name__)


def _shops(_: None, slugs: list[str]) -> Sequence[ShopHome | None]:
    found = showcase.homes_of_shops(slugs)
    return [found.get(slug) for slug in slugs]


def _homes(_: None, product_ids: list[UUID]) -> Sequence[UUID | None]:
    found = showcase.homes_of_products(product_ids)
    return [found.get(product_id) for product_id in product_ids]


def _pages(workspace_id: UUID, asked: list[Asked]) -> Sequence[bytes]:
    # Many who ask for the same page are answered by one reading.
    read: dict[Asked, bytes] = {}
    with unit_of_work(workspace_id, SYSTEM) as work:
        for page in dict.fromkeys(asked):
            home, q, category_id, cursor = page
            read[page] = _encode(
                showcase.front(work, home)
                if q == FRONT
                else showcase.cards(work, home, q=q, category_id=category_id, cursor=cursor)
            )
    return [read[page] for page in asked]


def _now_millis() -> int:
    return time.monotonic_ns() // 1_000_000


_windows: list[Window] = []


def window() -> Window:
    """Return this process's window. Raises RuntimeError in a process that serves no pages."""
    if not _windows:
        msg = "no window: this process serves no pages"
        raise RuntimeError(msg)
    return _windows[0]


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[None]:
    """Keep the window of this web process while it serves, and know where its pictures are."""
    use_files(Files.open(settings.files_url))
    mine = Window()
    _windows[:] = [mine]
    watching = asyncio.create_task(mine.watch())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await mine.close()
        if _windows == [mine]:
            _windows.clear()
            use_files(None)
