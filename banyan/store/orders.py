"""Orders: found, shown, and moved along their legal steps."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg.rows import dict_row

from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.store import refusals
from banyan.store.views import OrderView

ORDER_COLUMNS = """
o.id, o.number, o.shop_id, o.buyer_id, o.state, o.fulfilment, o.currency, o.goods_minor,
o.discount_minor, o.freight_minor, o.payable_minor, o.discounts, o.note, o.address_id,
o.collection_code, o.placed_at, o.expires_at, o.paid_at, o.delivered_at, o.completed_at,
o.closed_at, o.close_reason, o.is_held
"""

LINES = """
select order_id, id, sku_id, product_id, product_name, attributes, no_return, quantity,
       unit_price_minor, discount_minor, payable_minor, shipped_quantity, refunding_quantity
from order_lines where workspace_id = %s and order_id = any(%b) order by order_id, nth
"""


class OrderInHand(NamedTuple):
    """An order locked for this transaction."""

    id: UUID
    buyer_id: UUID
    shop_id: UUID
    via_shop_id: UUID | None
    link_code: str | None
    state: str
    fulfilment: str
    currency: str
    payable_minor: int
    freight_minor: int
    collection_code: str | None


class LineInHand(NamedTuple):
    """A line of a locked order."""

    order_id: UUID
    id: UUID
    sku_id: UUID
    product_id: UUID
    quantity: int
    payable_minor: int
    shipped_quantity: int
    refunding_quantity: int
    no_return: str | None = None


class Step(NamedTuple):
    """A step an order takes, and why."""

    order_id: UUID
    from_state: str
    to_state: str
    reason: str
    code: str | None = None
    """The collection code it brings."""


def views_of(work: Work, rows: Sequence[dict[str, Any]]) -> list[OrderView]:
    """Return the views of order rows, in their order, with their lines."""
    lines: dict[UUID, list[dict[str, Any]]] = {}
    with work.driver.cursor(row_factory=dict_row) as cursor:
        cursor.execute(LINES, (work.workspace_id, [row["id"] for row in rows]))
        for line in cursor:
            lines.setdefault(line.pop("order_id"), []).append(line)
    return [
        msgspec.convert(row | {"lines": lines.get(row["id"], []), **_code_of(row)}, OrderView)
        for row in rows
    ]


def _code_of(row: dict[str, Any]) -> dict[str, str]:
    """Return a collection code as everybody is shown it, on paper, on screens and in QR codes."""
    return {"collection_code": code.upper()} if (code := row["collection_code"]) else {}


def orders_by_id(work: Work, order_ids: Iterable[UUID]) -> dict[UUID, OrderView]:
    """Return the orders that exist, as they stand."""
    with work.driver.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            f"select {ORDER_COLUMNS} from orders o"  # noqa: S608 - a constant of this module
            " where o.workspace_id = %s and o.id = any(%b)",
            (work.workspace_id, list(order_ids)),
        )
        rows = cursor.fetchall()
    return {view.id: view for view in views_of(work, rows)}


def order_view(work: Work, order_id: UUID, buyer_id: UUID | None = None) -> OrderView:
    """Return one order; another buyer's is not found. Raises `order_not_found`."""
    found = orders_by_id(work, [order_id]).get(order_id)
    if found is None or buyer_id not in {None, found.buyer_id}:
        raise Refused(refusals.NO_SUCH_ORDER)
    return found


LOCK = """
select id, buyer_id, shop_id, via_shop_id, link_code, state, fulfilment, currency, payable_minor,
       freight_minor, collection_code
from orders where workspace_id = %s and id = any(%b) order by id for no key update
"""

LOCK_LINES = """
select order_id, id, sku_id, product_id, quantity, payable_minor, shipped_quantity,
       refunding_quantity, no_return
from order_lines where workspace_id = %s and order_id = any(%b) order by order_id, nth
"""


def lock_orders(work: Work, order_ids: Iterable[UUID]) -> dict[UUID, OrderInHand]:
    """Lock the orders that exist, in id order; their lines are locked with them."""
    wanted = sorted(set(order_ids))
    rows = work.driver.execute(LOCK, (work.workspace_id, wanted))
    return {row[0]: OrderInHand(*row) for row in rows}


def lock_order(work: Work, order_id: UUID, buyer_id: UUID | None = None) -> OrderInHand:
    """Lock one order; another buyer's is not found. Raises `order_not_found`."""
    found = lock_orders(work, [order_id]).get(order_id)
    if found is None or buyer_id not in {None, found.buyer_id}:
        raise Refused(refusals.NO_SUCH_ORDER)
    return found


def lines_of(work: Work, order_ids: Iterable[UUID]) -> dict[UUID, list[LineInHand]]:
    """Return the lines of locked orders."""
    lines: dict[UUID, list[LineInHand]] = {}
    for row in work.driver.execute(LOCK_LINES, (work.workspace_id, list(order_ids))):
        lines.setdefault(row[0], []).append(LineInHand(*row))
    return lines


def take_steps(work: Work, steps: Sequence[Step]) -> None:
    """Move locked orders along, set-wise, and write down each step. Every step must be legal.

    A step is never dated before the one it follows: a clock that was set back, or a simulated
    moment ahead of it, must not keep a payment out.
    """
    if not steps:
        return
    ids = [step.order_id for step in steps]
    work.driver.execute(
        """
        update orders o set state = s.to_state,
          paid_at = case when s.to_state = 'paid' then greatest(%(now)s, o.placed_at)
            else o.paid_at end,
          delivered_at = case when s.to_state = 'delivered' then greatest(%(now)s, o.paid_at)
            else o.delivered_at end,
          completed_at = case when s.to_state = 'completed'
            then greatest(%(now)s, o.paid_at, o.delivered_at) else o.completed_at end,
          closed_at = case when s.to_state = 'closed' then greatest(%(now)s, o.placed_at) end,
          close_reason = case when s.to_state = 'closed' then s.reason end,
          collection_code = coalesce(s.code, o.collection_code)
        from unnest(%(ids)b::uuid[], %(to)b::text[], %(reasons)b::text[], %(codes)b::text[])
          as s (id, to_state, reason, code)
        where o.workspace_id = %(workspace)s and o.id = s.id
        """,
        {
            "now": work.now,
            "ids": ids,
            "to": [step.to_state for step in steps],
            "reasons": [step.reason for step in steps],
            "codes": [step.code for step in steps],
            "workspace": work.workspace_id,
        },
    )
    work.driver.execute(
        """
        insert into order_steps (workspace_id, order_id, from_state, to_state, actor, reason, at)
        select %s, s.id, s.before, s.after, %s, s.reason, %s
        from unnest(%b::uuid[], %b::text[], %b::text[], %b::text[]) with ordinality
          as s (id, before, after, reason, nth) order by s.nth
        """,
        (
            *(work.workspace_id, str(work.actor), work.now, ids),
            [step.from_state for step in steps],
            [step.to_state for step in steps],
            [step.reason for step in steps],
        ),
    )


def invoiceable_minor(work: Work, order_id: UUID) -> int:
    """Return what may be invoiced: captured minus refunded and being refunded, in minor units."""
    found = work.driver.execute(
        """
        select coalesce((select sum(amount_minor) from payments where workspace_id = %(workspace)s
                         and order_id = %(order)s and state = 'captured'), 0)
             - coalesce((select sum(amount_minor) from refunds where workspace_id = %(workspace)s
                         and order_id = %(order)s and kind <> 'surplus'
                         and state not in ('rejected')), 0)
        """,
        {"workspace": work.workspace_id, "order": order_id},
    ).fetchone()
    return max(0, int(found[0])) if found else 0
