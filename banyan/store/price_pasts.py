"""The past of a price: what a promotion has to be honest against.

Only what was really asked and really paid before a moment counts, so that a campaign's own deals
never become the price it is compared with.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from banyan.kernel.work import Work
from banyan.store.prices import DEALS, LOOK_BACK, OFFERED, Deal, Offered

__all__ = ["PricePast", "past_of", "price_pasts"]

LONG_BACK: Final = timedelta(days=30)
SLIP: Final = timedelta(hours=1)
"""A price that stood for less was a slip of the pen that somebody put right."""


class PricePast(NamedTuple):
    """What a SKU costs now, and what it cost before a moment. All in minor units.

    `lowest_deal_minor` is the lowest price paid in the seven days before, or the last one paid
    before those; `listed_minor` the lowest it was offered at in them, `lowest_30_days_minor` in
    thirty. None: never sold, or never offered, before.
    """

    now_minor: int
    lowest_deal_minor: int | None
    listed_minor: int | None
    lowest_30_days_minor: int | None


def past_of(
    now_minor: int, deals: Sequence[Deal], offered: Sequence[Offered], before: datetime
) -> PricePast:
    """Return the past before a moment. Both lists are in order of time. Pure."""
    sold = [deal for deal in deals if deal.at < before]
    recent = [deal.unit_minor for deal in sold if deal.at >= before - LOOK_BACK]
    return PricePast(
        now_minor,
        min(recent) if recent else sold[-1].unit_minor if sold else None,
        _lowest_offered(offered, before, LOOK_BACK),
        _lowest_offered(offered, before, LONG_BACK),
    )


def _lowest_offered(offered: Sequence[Offered], before: datetime, back: timedelta) -> int | None:
    """Return the lowest price in force at any time in the span that ends at `before`."""
    known = [each for each in offered if each.at < before]
    if not known:
        return None
    until = [*(each.at for each in known[1:]), before]
    stood = [
        each.price_minor
        for each, end in zip(known, until, strict=True)
        if end > before - back and end - each.at >= SLIP
    ]
    return min(stood, default=known[-1].price_minor)


NOW = "select id, price_minor from skus where workspace_id = %s and id = any(%s)"


def price_pasts(work: Work, sku_ids: Iterable[UUID], before: datetime) -> dict[UUID, PricePast]:
    """Return the past of each of these SKUs before a moment; one that is gone is not there."""
    ids = sorted(set(sku_ids))
    if not ids:
        return {}
    now = dict(work.driver.execute(NOW, (work.workspace_id, ids)).fetchall())
    deals: dict[UUID, list[Deal]] = {sku_id: [] for sku_id in ids}
    named = {
        "workspace": work.workspace_id,
        "skus": ids,
        "since": before - LOOK_BACK,
        "now": before,
    }
    for sku_id, at, unit_minor in work.driver.execute(DEALS, named):
        deals[sku_id].append(Deal(at, unit_minor))
    offered: dict[UUID, list[Offered]] = {sku_id: [] for sku_id in ids}
    for sku_id, at, price_minor in work.driver.execute(OFFERED, (work.workspace_id, ids)):
        offered[sku_id].append(Offered(at, price_minor))
    return {
        sku_id: past_of(now[sku_id], deals[sku_id], offered[sku_id], before)
        for sku_id in ids
        if sku_id in now
    }
