"""The shelf: what an order needs to know of the SKUs it names, read set-wise in two statements."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.store import refusals
from banyan.store.pricing import Discount

QUANTITY_MOST = 9999
ITEMS_MOST = 100


class Item(NamedTuple):
    """So many of one SKU."""

    sku_id: UUID
    quantity: int


class SkuOnShelf(NamedTuple):
    """A SKU with its product and its shop, as they are now."""

    id: UUID
    product_id: UUID
    shop_id: UUID
    product_name: str
    attributes: dict[str, Any]
    price_minor: int
    state: str
    product_state: str
    shop_state: str
    most_per_order: int | None
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None
    freight_minor: int
    freight_free_from_minor: int | None
    currency: str
    category_id: UUID | None
    no_return: str | None = None

    def is_on_sale(self, now: datetime) -> bool:
        """Whether it can be bought at `now`; the end of a window is no part of it."""
        return (
            self.state == "on_sale"
            and self.product_state == "published"
            and (self.sale_starts_at is None or self.sale_starts_at <= now)
            and (self.sale_ends_at is None or now < self.sale_ends_at)
        )


SKUS = """
select s.id, s.product_id, p.shop_id, p.name, s.attributes, s.price_minor, s.state, p.state,
       h.state, s.most_per_order, s.sale_starts_at, s.sale_ends_at, h.freight_minor,
       h.freight_free_from_minor, w.currency, p.category_id, p.no_return
from skus s
join products p on p.workspace_id = s.workspace_id and p.id = s.product_id
join shops h on h.workspace_id = p.workspace_id and h.id = p.shop_id
join workspaces w on w.workspace_id = s.workspace_id
where s.workspace_id = %s and s.id = any(%b) and not s.is_removed
"""

DISCOUNTS = """
select id, shop_id, name_zh, name_en, kind, from_minor, off_minor, off_bps, product_ids, starts_at,
       ends_at
from shop_discounts
where workspace_id = %s and shop_id = any(%b) and state = 'on' and ends_at > %s
order by id
"""


class Shelf:
    """The SKUs that some orders name, and the discounts of their shops."""

    def __init__(self, work: Work, sku_ids: Iterable[UUID]) -> None:
        """Read them. Those that do not exist are not there."""
        self._work = work
        rows = work.driver.execute(SKUS, (work.workspace_id, sorted(set(sku_ids))))
        self.skus = {row[0]: SkuOnShelf(*row) for row in rows}
        self.discounts: dict[UUID, list[Discount]] = {}
        shops = sorted({sku.shop_id for sku in self.skus.values()})
        found = work.driver.execute(DISCOUNTS, (work.workspace_id, shops, work.now))
        for row in found:
            made = Discount(*row)
            if made.product_ids is not None:
                made = made._replace(product_ids=frozenset(made.product_ids))
            self.discounts.setdefault(made.shop_id, []).append(made)

    def problem(self, items: Sequence[Item]) -> Refused | None:
        """Return why these cannot be one order now, whatever the stock; None when they can."""
        if not items:
            return Refused(refusals.NO_ITEMS)
        shop_id: UUID | None = None
        for item in items:
            sku = self.skus.get(item.sku_id)
            if sku is None:
                return Refused(refusals.NO_SUCH_SKU)
            if shop_id not in {None, sku.shop_id}:
                return Refused(refusals.MIXED_SHOPS)
            shop_id = sku.shop_id
            if found := self.item_problem(item):
                return found
        return None

    def item_problem(self, item: Item) -> Refused | None:
        """Return why so many of this SKU cannot be bought now, whatever the stock."""
        sku = self.skus.get(item.sku_id)
        if sku is None:
            return Refused(refusals.NO_SUCH_SKU)
        if sku.shop_state != "open":
            return Refused(refusals.SHOP_CLOSED)
        if not sku.is_on_sale(self._work.now):
            return Refused(refusals.NOT_ON_SALE, name=sku.product_name)
        if sku.most_per_order is not None and item.quantity > sku.most_per_order:
            return Refused(refusals.TOO_MANY_OF_ONE, name=sku.product_name, most=sku.most_per_order)
        return None


def merged(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return `items` with each SKU once, in the order they came.

    Raises `quantity_invalid`, `no_items`, `too_many_items`.
    """
    quantities: dict[UUID, int] = {}
    for sku_id, quantity in items:
        if type(quantity) is not int or quantity < 1:
            raise Refused(refusals.QUANTITY_INVALID)
        quantities[sku_id] = quantities.get(sku_id, 0) + quantity
    if any(quantity > QUANTITY_MOST for quantity in quantities.values()):
        raise Refused(refusals.QUANTITY_INVALID)
    if not quantities:
        raise Refused(refusals.NO_ITEMS)
    if len(quantities) > ITEMS_MOST:
        raise Refused(refusals.TOO_MANY_ITEMS, most=ITEMS_MOST)
    return tuple(Item(*each) for each in quantities.items())
