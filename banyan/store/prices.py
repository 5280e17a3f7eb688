"""Prices: what each SKU was offered at, and what may be crossed out beside a price.

A crossed-out price claims "it cost that much until now". The law takes the claim at its word: the
base is the lowest price at which somebody bought in the seven days before, or the last deal before
that (明码标价和禁止价格欺诈规定 16); a price raised only to be cut again is no base either (17).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import PriceChange
from banyan.store.models.catalogue import ProductRow

LOOK_BACK = timedelta(days=7)


class Deal(NamedTuple):
    """Somebody bought one at this price."""

    at: datetime
    unit_minor: int


class Offered(NamedTuple):
    """From `at` on it was offered at this price, until the next one."""

    at: datetime
    price_minor: int


def reference_most(deals: Sequence[Deal], offered: Sequence[Offered], now: datetime) -> int | None:
    """Return the highest price that may be crossed out from `now` on; None: none may.

    Both lists are in order of time; what is later than `now` is not looked at. Pure.
    """
    since = now - LOOK_BACK
    past = [deal for deal in deals if deal.at <= now]
    if not past:
        return None
    recent = [deal.unit_minor for deal in past if deal.at >= since]
    base = min(recent) if recent else past[-1].unit_minor
    # The price in force when the seven days began counts, and each one after it.
    known = [each for each in offered if each.at <= now]
    began = max((each.at for each in known if each.at <= since), default=since)
    return min([base, *(each.price_minor for each in known if each.at >= began)])


# What one piece came to after every discount, rounded down: the buyer paid no less than that.
DEALS = """
select d.sku_id, d.at, d.unit_minor from (
  select l.sku_id, o.paid_at as at, l.payable_minor / l.quantity as unit_minor
  from order_lines l
  join orders o on o.workspace_id = l.workspace_id and o.id = l.order_id
  where l.workspace_id = %(workspace)s and l.sku_id = any(%(skus)s)
    and o.paid_at > %(since)s and o.paid_at <= %(now)s
  union all
  select s.id, last.at, last.unit_minor
  from unnest(%(skus)s::uuid[]) as s (id)
  cross join lateral (
    select o.paid_at as at, l.payable_minor / l.quantity as unit_minor
    from order_lines l
    join orders o on o.workspace_id = l.workspace_id and o.id = l.order_id
    where l.workspace_id = %(workspace)s and l.sku_id = s.id and o.paid_at <= %(since)s
    order by o.paid_at desc limit 1
  ) as last
) as d
order by d.at
"""

OFFERED = """
select sku_id, at, price_minor from prices
where workspace_id = %s and sku_id = any(%s) order by at, position
"""


def references_most(work: Work, sku_ids: Iterable[UUID]) -> dict[UUID, int | None]:
    """Return what may be crossed out now for each SKU, looked up set-wise."""
    ids = sorted(set(sku_ids))
    if not ids:
        return {}
    deals: dict[UUID, list[Deal]] = {sku_id: [] for sku_id in ids}
    named = {
        "workspace": work.workspace_id,
        "skus": ids,
        "since": work.now - LOOK_BACK,
        "now": work.now,
    }
    for sku_id, at, unit_minor in work.driver.execute(DEALS, named):
        deals[sku_id].append(Deal(at, unit_minor))
    offered: dict[UUID, list[Offered]] = {sku_id: [] for sku_id in ids}
    for sku_id, at, price_minor in work.driver.execute(OFFERED, (work.workspace_id, ids)):
        offered[sku_id].append(Offered(at, price_minor))
    return {sku_id: reference_most(deals[sku_id], offered[sku_id], work.now) for sku_id in ids}


def check_references(work: Work, claimed: Mapping[UUID, int]) -> None:
    """Raise `reference_too_high` when one of these may not be crossed out now."""
    allowed = references_most(work, claimed)
    for sku_id, minor in claimed.items():
        most = allowed[sku_id]
        if most is None:
            raise Refused(refusals.REFERENCE_WITHOUT_DEAL, sku_id=sku_id)
        if minor > most:
            raise Refused(refusals.REFERENCE_TOO_HIGH, sku_id=sku_id, most_minor=most)


RECORD = """
insert into prices (workspace_id, sku_id, price_minor, reference_minor, at, actor)
select %s, p.sku_id, p.price_minor, p.reference_minor, %s, %s
from unnest(%s::uuid[], %s::bigint[], %s::bigint[]) as p (sku_id, price_minor, reference_minor)
"""


def record_prices(work: Work, changes: Sequence[tuple[UUID, int, int | None]]) -> None:
    """Write down from now on which SKU is offered at which price, beside which crossed-out one."""
    if changes:
        columns = [list(column) for column in zip(*changes, strict=True)]
        work.driver.execute(RECORD, (work.workspace_id, work.now, str(work.actor), *columns))


HISTORY = """
select p.sku_id, p.price_minor, p.reference_minor, p.at, p.actor
from prices p join skus s on s.workspace_id = p.workspace_id and s.id = p.sku_id
where p.workspace_id = %s and s.product_id = %s
order by p.at desc, p.position desc limit 500
"""


def price_history(work: Work, product_id: UUID) -> list[PriceChange]:
    """Return the last 500 changes of a product's prices, newest first.

    Raises `product_not_found`.
    """
    if work.session.get(ProductRow, (work.workspace_id, product_id)) is None:
        raise Refused(refusals.NO_SUCH_PRODUCT)
    return [
        PriceChange(*row) for row in work.driver.execute(HISTORY, (work.workspace_id, product_id))
    ]
