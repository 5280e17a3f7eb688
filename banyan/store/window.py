"""The window: what a web process remembers of the showcase, so that browsing costs memory reads.

Answers are kept encoded, by the revision of their workspace's catalogue. The revisions of what is
remembered are read every second; a changed one makes everything kept of that workspace old. What
is missing is read for all who wait at once (`kernel.batch`). How many are left is kept a second;
while a crowd looks at a merchant's products, it is read ahead of them, for all products at once.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import randrange
from typing import NamedTuple
from uuid import UUID

import msgspec
import structlog
from cachebox import LRUCache
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util.concurrency import greenlet_spawn

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
PAGE_KEPT_MILLIS = 3_600_000
"""A list tells nothing but what has a revision, and prices until a sale begins or ends."""
FRONT_KEPT_MILLIS = 60_000
"""A front names its merchant and its owner, who may have another name or none any more."""
PAGE_AGAIN_MILLIS = 60_000
"""A list that was read longer ago is read again all the same, behind whoever asks; some earlier
than others, so that what was read together is not read together for ever."""
STOCK_KEPT_MILLIS = 1000
STOCK_LOOK = timedelta(milliseconds=700)
CROWD = 100
"""From so many of a merchant's products looked at, what is left is read ahead."""
CROWD_KEPT_MILLIS = 30_000
"""What nobody has looked at for once or twice this long is not read ahead."""
PAGES_KEPT = 5000
PRODUCTS_KEPT = 50_000
MOST_AT_ONCE = 200
MOST_AHEAD = 80
"""A reading is Python in the event loop for some milliseconds; all it waits for is the database."""

_encode = msgspec.json.Encoder().encode


class _Kept(NamedTuple):
    """An encoded answer, the revision it was read under, and until when it stands."""

    revision: int
    again_at: int
    """When it is read again, behind whoever asks."""
    until: int
    body: bytes


class _Read(NamedTuple):
    """An encoded answer, and for how long it stands."""

    body: bytes
    again_millis: int
    stands_millis: int


class _Product(NamedTuple):
    revision: int
    shown: ProductShown | None


class _Page(NamedTuple):
    """A product's encoded page, what was left of its SKUs, and until when it stands.

    `stands_until` is when a sale begins or ends, `until` when what is left is to be read again.
    """

    revision: int
    left: tuple[int, ...]
    stands_until: datetime | None
    until: int
    body: bytes


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
        self._behind: set[asyncio.Task[bytes]] = set()
        self._products: LRUCache[UUID, _Product] = LRUCache(PRODUCTS_KEPT)
        self._bodies: LRUCache[UUID, _Page] = LRUCache(PRODUCTS_KEPT)
        self._asked: dict[UUID, set[UUID]] = {}
        self._asked_before: dict[UUID, set[UUID]] = {}
        self._asked_since = _now_millis()
        self._reading_shops: Batch[None, str, ShopHome | None] = Batch(
            _shops, most=MOST_AT_ONCE, in_loop=True
        )
        self._reading_homes: Batch[None, UUID, UUID | None] = Batch(
            _homes, most=MOST_AT_ONCE, in_loop=True
        )
        self._reading_pages: Batch[UUID, Asked, _Read] = Batch(
            _pages, most=8, lanes=2, in_loop=True
        )
        # One lane: fewer, larger readings cost less than two that wait for each other.
        self._reading_products: Batch[UUID, UUID, bytes | None] = Batch(
            self._read_products, most=MOST_AT_ONCE, in_loop=True
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
        kept, now = self._pages.get(asked, None), _now_millis()
        if not kept or kept.revision != revision or now >= kept.until:
            return await self._read_page(asked, revision)
        if now >= kept.again_at:
            self._pages[asked] = kept._replace(again_at=now + PAGE_AGAIN_MILLIS)
            task = asyncio.create_task(self._read_page(asked, revision))
            self._behind.add(task)
            task.add_done_callback(self._read_behind)
        return kept.body

    async def _read_page(self, asked: Asked, revision: int) -> bytes:
        read = await self._reading_pages.ask(asked[0].workspace_id, asked)
        now = _now_millis()
        kept = _Kept(revision, now + read.again_millis, now + read.stands_millis, read.body)
        self._pages[asked] = kept
        return read.body

    def _read_behind(self, task: asyncio.Task[bytes]) -> None:
        self._behind.discard(task)
        if not task.cancelled() and (error := task.exception()):
            # What is known stands until its time is over; then whoever asks is told.
            logger.warning("window_look_failed", error=type(error).__name__)

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
        self._asked.setdefault(workspace_id, set()).add(product_id)
        kept = self._bodies.get(product_id, None)
        if kept and kept.revision == revision and _now_millis() < kept.until:
            return kept.body
        body = await self._reading_products.ask(workspace_id, product_id)
        if body is None:
            raise Refused(refusals.NO_SUCH_PRODUCT)
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
            begun = _now_millis()
            left = ledger.balances(work, accounts)
        now = datetime.now(UTC)
        made: dict[UUID, bytes | None] = {}
        for each, product in shown.items():
            if product is None:
                made[each] = None
                continue
            page = self._made(each, revision, product, left, now, begun)
            made[each] = page.body
            self._bodies[each] = page
        return [made[product_id] for product_id in product_ids]

    def _made(
        self,
        product_id: UUID,
        revision: int,
        product: ProductShown,
        left: Mapping[UUID, int],
        now: datetime,
        begun: int,
    ) -> _Page:
        """Return a product's page: the one that was made before when nothing on it has changed."""
        numbers = showcase.left_of(product, left)
        known = self._bodies.get(product_id, None)
        if (
            known
            and (known.revision, known.left) == (revision, numbers)
            and (known.stands_until is None or now < known.stands_until)
        ):
            body, stands_until = known.body, known.stands_until
        else:
            body = _encode(showcase.product_page(product, numbers, now))
            stands_until = showcase.changes_at(product, now)
        until = begun + STOCK_KEPT_MILLIS
        if stands_until is not None:
            until = min(until, _now_millis() + _millis_until(stands_until, now))
        return _Page(revision, numbers, stands_until, until, body)

    def _crowds(self) -> dict[UUID, set[UUID]]:
        """Return the products that were looked at lately, of the workspaces where they are many."""
        if _now_millis() - self._asked_since > CROWD_KEPT_MILLIS:
            self._asked_before, self._asked = self._asked, {}
            self._asked_since = _now_millis()
        found = {
            each: self._asked.get(each, set()) | self._asked_before.get(each, set())
            for each in self._asked.keys() | self._asked_before.keys()
        }
        return {each: products for each, products in found.items() if len(products) >= CROWD}

    def _due(self, crowds: Mapping[UUID, set[UUID]]) -> list[tuple[UUID, list[UUID]]]:
        """Return these products by workspace, few enough each to be read at once.

        What has changed besides its stock is left out: nobody may ask for it again.
        """
        found: list[tuple[UUID, list[UUID]]] = []
        for workspace_id, products in crowds.items():
            revision = self._revisions.get(workspace_id, -1)
            known = [
                each
                for each in products
                if (page := self._bodies.get(each, None)) and page.revision == revision
            ]
            found += [
                (workspace_id, known[at : at + MOST_AHEAD])
                for at in range(0, len(known), MOST_AHEAD)
            ]
        return found

    async def look_ahead(self) -> None:
        """Read what is left of what crowds look at before it is asked, little by little."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        due = await asyncio.to_thread(self._due, crowds) if (crowds := self._crowds()) else []
        for nth, (workspace_id, product_ids) in enumerate(due):
            at = begun + (STOCK_LOOK * nth // len(due)).total_seconds()
            await asyncio.sleep(max(0, at - clock()))
            await greenlet_spawn(self._read_products, workspace_id, product_ids)
        await asyncio.sleep(max(0, begun + STOCK_LOOK.total_seconds() - clock()))

    async def _revision(self, workspace_id: UUID) -> int:
        known = self._revisions.get(workspace_id)
        if known is None:
            found = await asyncio.to_thread(showcase.revisions, [workspace_id])
            known = self._revisions[workspace_id] = found.get(workspace_id, 0)
        return known

    async def look(self) -> None:
        """Rest, then read the revisions of what is remembered."""
        await asyncio.sleep(LOOK_SECONDS)
        if self._revisions:
            self._revisions |= await asyncio.to_thread(showcase.revisions, list(self._revisions))

    async def close(self) -> None:
        """Answer who waits, then let the threads go."""
        if self._behind:
            await asyncio.wait(self._behind)
        readings = (
            self._reading_shops,
            self._reading_homes,
            self._reading_pages,
            self._reading_products,
        )
        for reading in readings:
            await reading.close()

    async def watch(self, look: Callable[[], Awaitable[None]]) -> None:
        """Look again and again. While the database is away, what is known stands."""
        while True:
            try:
                await look()
            except (Refused, SQLAlchemyError, OSError) as error:
                logger.warning("window_look_failed", error=type(error).__name__)
                await asyncio.sleep(LOOK_SECONDS)


def _shops(_: None, slugs: list[str]) -> Sequence[ShopHome | None]:
    found = showcase.homes_of_shops(slugs)
    return [found.get(slug) for slug in slugs]


def _homes(_: None, product_ids: list[UUID]) -> Sequence[UUID | None]:
    found = showcase.homes_of_products(product_ids)
    return [found.get(product_id) for product_id in product_ids]


def _pages(workspace_id: UUID, asked: list[Asked]) -> Sequence[_Read]:
    # Many who ask for the same page are answered by one reading.
    read: dict[Asked, _Read] = {}
    with unit_of_work(workspace_id, SYSTEM) as work:
        for wanted in dict.fromkeys(asked):
            home, q, category_id, cursor = wanted
            page, changes_at = (
                showcase.front(work, home)
                if q == FRONT
                else showcase.cards(work, home, q=q, category_id=category_id, cursor=cursor)
            )
            again = randrange(PAGE_AGAIN_MILLIS // 2, PAGE_AGAIN_MILLIS)  # noqa: S311 - no secret
            stands = FRONT_KEPT_MILLIS if q == FRONT else PAGE_KEPT_MILLIS
            if changes_at is not None:
                stands = min(stands, _millis_until(changes_at, work.now))
            read[wanted] = _Read(_encode(page), again, stands)
    return [read[page] for page in asked]


def _millis_until(moment: datetime, now: datetime) -> int:
    return max(0, int((moment - now).total_seconds() * 1000))


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
    watching = [
        asyncio.create_task(mine.watch(mine.look)),
        asyncio.create_task(mine.watch(mine.look_ahead)),
    ]
    try:
        yield
    finally:
        for each in watching:
            each.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        await mine.close()
        if _windows == [mine]:
            _windows.clear()
            use_files(None)
