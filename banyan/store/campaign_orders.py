"""Orders of campaigns: held until a campaign confirms them, sent back by its rules, told to it.

A campaign reads an order's story from the order itself, never from what it was told: told late,
twice or out of order, the story is the same.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.store import refusals
from banyan.store.catalogue_views import Picture
from banyan.store.events import (
    OrderClosed,
    OrderDelivered,
    OrderPaid,
    OrderRefunded,
    SurplusReceived,
)
from banyan.store.orders import LineInHand, OrderInHand, lines_of, lock_orders
from banyan.store.prices import references_most
from banyan.store.refunding import approve_refund, freight_back, minor_back, take_quantities
from banyan.store.shops import picture
from banyan.store.states import CLOSED, PAID
from banyan.store.stock import stock_of
from banyan.store.surpluses import is_held, request_number

CAMPAIGN_EVENTS: Final = frozenset(
    {
        *(OrderPaid.name, OrderClosed.name, OrderRefunded.name, OrderDelivered.name),
        SurplusReceived.name,
    }
)
"""The events after which an order has more of a story to tell."""


class OrderStory(NamedTuple):
    """What has happened to an order so far, as a campaign counts it."""

    order_id: UUID
    buyer_id: UUID
    link_code: str | None
    goods_minor: int
    """What was to be paid for the goods, without freight."""
    is_paid: bool
    is_closed: bool
    is_delivered: bool
    refunds: tuple[tuple[UUID, int], ...]
    """Each refund that is done: its id and what went back for goods."""
    paid_at: datetime | None = None
    close_reason: str | None = None
    is_going_back: bool = False
    """Whether a refund of it is asked for, under way or done."""
    late: tuple[UUID, ...] = ()
    """The payments that came after it was closed and wait for its campaign's word."""


STORIES = """
select o.id, o.buyer_id, o.link_code, o.payable_minor - o.freight_minor, o.paid_at is not null,
       o.state = 'closed', o.delivered_at is not null,
       coalesce((select array_agg(r.id order by r.done_at, r.id) from refunds r
                 where r.workspace_id = o.workspace_id and r.order_id = o.id
                   and r.state = 'done' and r.kind <> 'surplus'), '{}'),
       coalesce((select array_agg(r.amount_minor - r.freight_minor order by r.done_at, r.id)
                 from refunds r where r.workspace_id = o.workspace_id and r.order_id = o.id
                   and r.state = 'done' and r.kind <> 'surplus'), '{}'),
       o.paid_at, o.close_reason,
       exists (select from refunds r where r.workspace_id = o.workspace_id and r.order_id = o.id
               and r.kind <> 'surplus' and r.state <> 'rejected'),
       coalesce((select array_agg(r.payment_id order by r.asked_at, r.id) from refunds r
                 where r.workspace_id = o.workspace_id and r.order_id = o.id
                   and r.state = 'asked' and r.kind = 'surplus'), '{}')
from orders o where o.workspace_id = %s and o.id = any(%b)
"""


def stories_of(work: Work, order_ids: Iterable[UUID]) -> dict[UUID, OrderStory]:
    """Return the story so far of each order that exists."""
    rows = work.driver.execute(STORIES, (work.workspace_id, sorted(set(order_ids))))
    return {
        row[0]: OrderStory(
            *row[:7],
            refunds=tuple(zip(row[7], map(int, row[8]), strict=True)),
            paid_at=row[9],
            close_reason=row[10],
            is_going_back=row[11],
            late=tuple(row[12]),
        )
        for row in rows
    }


def who_paid(work: Work, buyer_ids: Iterable[UUID]) -> set[UUID]:
    """Return who of these has ever paid for an order here, whatever became of it."""
    rows = work.driver.execute(
        "select distinct buyer_id from orders"
        " where workspace_id = %s and buyer_id = any(%b) and paid_at is not null",
        (work.workspace_id, sorted(set(buyer_ids))),
    )
    return {row[0] for row in rows}


def must_not_be_held(work: Work, order_id: UUID) -> None:
    """Raise `order_held` when a locked order waits for its campaign."""
    if is_held(work, order_id):
        raise Refused(refusals.ORDER_HELD)


def release_orders(work: Work, order_ids: Iterable[UUID]) -> None:
    """Let these orders be handed over; those that never waited stay as they are."""
    held = lock_orders(work, order_ids)
    work.driver.execute(
        "update orders set is_held = false where workspace_id = %s and id = any(%b) and is_held",
        (work.workspace_id, list(held)),
    )


def send_back(
    work: Work, order_id: UUID, rule: str, amount_minor: int | None = None
) -> UUID | None:
    """Refund an order by a campaign's rule: `amount_minor` of it, or whatever is left of it.

    The refund is approved at once and sent like any other. One order and rule have one refund for
    ever: asked for again, it is the same. Never more than is left; None when nothing is, or when
    the order is not paid.
    """
    refund_id = derived_id("campaign refund", work.workspace_id, order_id, rule)
    order = lock_orders(work, [order_id]).get(order_id)
    if order is None or order.state == CLOSED:
        return None
    known = work.driver.execute(
        "select 1 from refunds where workspace_id = %s and id = %s", (work.workspace_id, refund_id)
    ).fetchone()
    if known is not None:
        return refund_id
    payment = work.driver.execute(
        "select id from payments where workspace_id = %s and order_id = %s and state = 'captured'",
        (work.workspace_id, order_id),
    ).fetchone()
    if payment is None:
        return None
    if amount_minor is None:
        _agree_to_what_is_asked(work, order_id, rule)
    parts, freight_minor = _parts(work, order, amount_minor)
    total = sum(part[2] for part in parts) + freight_minor
    if total <= 0:
        return None
    _insert(work, order, (refund_id, payment[0], rule), parts, (total, freight_minor))
    approve_refund(work, refund_id, rule)
    return refund_id


def _agree_to_what_is_asked(work: Work, order_id: UUID, rule: str) -> None:
    """Everything goes back: nobody has to decide any more what the buyer had asked for."""
    rows = work.driver.execute(
        "select id from refunds where workspace_id = %s and order_id = %s and state = 'asked'"
        " order by id",
        (work.workspace_id, order_id),
    ).fetchall()
    for (asked,) in rows:
        approve_refund(work, asked, rule)


def _parts(
    work: Work, order: OrderInHand, amount_minor: int | None
) -> tuple[list[tuple[UUID, int, int]], int]:
    """Return (line, quantity, money) of each line that gives something back, and the freight."""
    lines = lines_of(work, [order.id])[order.id]
    back = minor_back(work, order.id)
    left = {line.id: line.payable_minor - back.get(line.id, 0) for line in lines}
    if amount_minor is None:
        return _whole(order, lines, left)
    parts: list[tuple[UUID, int, int]] = []
    rest = amount_minor
    for line in lines:
        minor = min(rest, left[line.id])
        if minor > 0:
            parts.append((line.id, 0, minor))
            rest -= minor
    return parts, 0


def _whole(
    order: OrderInHand, lines: Sequence[LineInHand], left: dict[UUID, int]
) -> tuple[list[tuple[UUID, int, int]], int]:
    quantities = {line.id: line.quantity - line.refunding_quantity for line in lines}
    parts = [
        (line, quantity, left[line])
        for line, quantity in quantities.items()
        if quantity > 0 or left[line] > 0
    ]
    return parts, freight_back(order, lines, quantities) if parts else 0


def _insert(
    work: Work,
    order: OrderInHand,
    named: tuple[UUID, UUID, str],
    parts: Sequence[tuple[UUID, int, int]],
    amounts: tuple[int, int],
) -> None:
    refund_id, payment_id, rule = named
    takes_goods = any(quantity for _, quantity, _ in parts)
    work.driver.execute(
        """
        insert into refunds (workspace_id, id, order_id, payment_id, kind, reason, amount_minor,
          freight_minor, currency, restock, state, request_number, asked_by, asked_at)
        values (%s, %s, %s, %s, 'by_rule', %s, %s, %s, %s, %s, 'asked', %s, %s, %s)
        """,
        (
            *(work.workspace_id, refund_id, order.id, payment_id, f"campaign:{rule}", *amounts),
            *(order.currency, takes_goods and order.state == PAID, request_number(refund_id)),
            *(str(work.actor), work.now),
        ),
    )
    columns = [list(column) for column in zip(*parts, strict=True)]
    work.driver.execute(
        "insert into refund_lines (workspace_id, refund_id, line_id, quantity, amount_minor)"
        " select %s, %s, l.* from unnest(%b::uuid[], %b::int[], %b::bigint[]) as l",
        (work.workspace_id, refund_id, *columns),
    )
    take_quantities(work, refund_id, 1)


class OfferedSku(NamedTuple):
    """A SKU as a campaign's page shows it."""

    sku_id: UUID
    product_id: UUID
    shop_slug: str
    name: str
    attributes: dict[str, Any]
    price_minor: int
    reference_minor: int | None
    """What may be crossed out beside a lower price, by what it was sold for; None: nothing."""
    currency: str
    available: int
    is_for_sale: bool
    picture: Picture | None


OFFERED = """
select s.id, p.id, h.slug, p.name, s.attributes, s.price_minor, w.currency, p.pictures -> 0,
       s.state = 'on_sale' and p.state = 'published' and h.state = 'open'
from skus s
join products p on p.workspace_id = s.workspace_id and p.id = s.product_id
join shops h on h.workspace_id = p.workspace_id and h.id = p.shop_id
join workspaces w on w.workspace_id = s.workspace_id
where s.workspace_id = %s and s.id = any(%b) and not s.is_removed
"""


def offered(work: Work, sku_ids: Iterable[UUID]) -> dict[UUID, OfferedSku]:
    """Return what campaigns show of these SKUs; one that is gone is not there."""
    wanted = sorted(set(sku_ids))
    rows = work.driver.execute(OFFERED, (work.workspace_id, wanted)).fetchall()
    stock = stock_of(work, wanted)
    crossed = references_most(work, wanted)
    return {
        row[0]: OfferedSku(
            *row[:6],
            reference_minor=crossed.get(row[0]),
            currency=row[6],
            available=stock[row[0]].available if row[0] in stock else 0,
            is_for_sale=row[8],
            picture=picture(row[7]),
        )
        for row in rows
    }
