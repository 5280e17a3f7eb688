"""Orders as pages show them: lists with filters, one order with all that belongs to it, what is stuck."""

from datetime import date, datetime, time, timedelta
from typing import Any, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from psycopg.rows import dict_row

from banyan import ledger, people, workspaces
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.store import refusals
from banyan.store.addresses import address_of
from banyan.store.books import freight_key, line_key
from banyan.store.cases import cases
from banyan.store.disputing import disputes
from banyan.store.orders import ORDER_COLUMNS, invoiceable_minor, order_view, views_of
from banyan.store.page_views import BuyerView, OrderListView, OrderPageView
from banyan.store.payments.accounts import providers_on
from banyan.store.sending import LEASE_SECONDS
from banyan.store.shipping import COMPANIES
from banyan.store.states import ORDER_STATES, PLACED
from banyan.store.views import (
    OrderView,
    PaymentView,
    RefundLineView,
    RefundView,
    ShipmentLineView,
    ShipmentView,
    StepView,
    StuckView,
    Twin,
)

PAGE_MOST = 50
STUCK_AFTER = timedelta(seconds=20)

_WHERE = """
where o.workspace_id = %(workspace)s
  and (%(buyer)s::uuid is null or o.buyer_id = %(buyer)s)
  and (%(shop)s::uuid is null or o.shop_id = %(shop)s)
  and (%(begins)s::timestamptz is null or o.placed_at >= %(begins)s)
  and (%(ends)s::timestamptz is null or o.placed_at < %(ends)s)
  and (%(q)s::text is null or starts_with(o.number, lower(%(q)s))
       or o.collection_code = lower(%(q)s)
       or exists (select 1 from order_lines l where l.workspace_id = o.workspace_id
                    and l.order_id = o.id and l.product_name ilike %(like)s))
"""


class OrderFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which orders to list."""

    state: str | None = None
    q: str | None = None
    shop_id: UUID | None = None
    first_day: date | None = None
    last_day: date | None = None
    """Days of the workspace, both included."""

    def moments(self, timezone: str) -> tuple[datetime | None, datetime | None]:
        """Return the moment the first day begins and the one the last day ends."""
        zone = ZoneInfo(timezone)
        after = self.last_day + timedelta(days=1) if self.last_day else None
        return (
            datetime.combine(self.first_day, time(), zone) if self.first_day else None,
            datetime.combine(after, time(), zone) if after else None,
        )


def order_list(
    work: Work,
    wanted: OrderFilter,
    *,
    buyer_id: UUID | None = None,
    cursor: UUID | None = None,
) -> OrderListView:
    """Return a page of orders, the newest first."""
    parameters = _parameters(work, wanted, buyer_id) | {"cursor": cursor}
    with work.driver.cursor(row_factory=dict_row) as found:
        found.execute(
            f"select {ORDER_COLUMNS} from orders o {_WHERE}"  # noqa: S608 - constants
            " and (%(state)s::text is null or o.state = %(state)s)"
            " and (%(cursor)s::uuid is null or o.id < %(cursor)s)"
            " order by o.id desc limit %(most)s",
            parameters,
        )
        views = views_of(work, found.fetchall())
    return OrderListView(items=views, next=str(views[-1].id) if len(views) == PAGE_MOST else None)


def order_counts(work: Work, wanted: OrderFilter) -> dict[str, int]:
    """Return how many orders there are in each state, whatever state is asked for."""
    rows = work.driver.execute(
        f"select o.state, count(*) from orders o {_WHERE} group by o.state",  # noqa: S608
        _parameters(work, wanted, None),
    )
    return dict.fromkeys(ORDER_STATES, 0) | {state: int(count) for state, count in rows}


def _parameters(work: Work, wanted: OrderFilter, buyer_id: UUID | None) -> dict[str, Any]:
    text = (wanted.q or "").strip() or None
    like = None
    if text is not None:
        like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    begins, ends = wanted.moments(workspaces.workspace_of(work).timezone)
    return {
        "workspace": work.workspace_id,
        "buyer": buyer_id,
        "shop": wanted.shop_id,
        "begins": begins,
        "ends": ends,
        "q": text,
        "like": like,
        "state": wanted.state,
        "most": PAGE_MOST,
    }


def _buyers(work: Work, views: list[OrderView]) -> dict[UUID, BuyerView]:
    known = people.views(work, {view.buyer_id for view in views})
    return {
        person.id: BuyerView(person.id, person.name, person.phone_masked)
        for person in known.values()
    }


def buyer_page(work: Work, order_id: UUID, buyer_id: UUID) -> OrderPageView:
    """Return an order as its buyer sees it: who of the merchant's did what is not theirs to know."""
    page = order_page(work, order_id, buyer_id=buyer_id)
    replace = msgspec.structs.replace
    return replace(
        page,
        steps=[replace(step, actor=step.actor.partition(":")[0]) for step in page.steps],
        refunds=[replace(refund, problem=None) for refund in page.refunds],
        payments=[replace(payment, problem=None) for payment in page.payments],
        disputes=[
            replace(
                each,
                words=[replace(said, actor=said.actor.partition(":")[0]) for said in each.words],
            )
            for each in page.disputes
        ],
    )


def order_page(
    work: Work, order_id: UUID, *, buyer_id: UUID | None = None, with_buyer: bool = False
) -> OrderPageView:
    """Return everything about one order; another buyer's is not found."""
    order = order_view(work, order_id, buyer_id)
    keys = [line_key(line.id) for line in order.lines] + [freight_key(order.id)]
    accounts = [ledger.account_id(work.workspace_id, key) for key in keys]
    free = work.driver.execute(
        "select coalesce(sum(balance_minor - pending_minor), 0) from ledger_accounts"
        " where workspace_id = %s and id = any(%b)",
        (work.workspace_id, accounts),
    ).fetchone()
    return OrderPageView(
        order=order,
        steps=_steps(work, order_id),
        shipments=_shipments(work, order_id),
        refunds=refund_views(work, order_id=order_id),
        payments=_payments(work, "order_id = %(order)s", {"order": order_id}),
        refundable_minor=int(free[0]) if free else 0,
        invoiceable_minor=invoiceable_minor(work, order_id),
        disputes=disputes(work, order_id=order_id),
        providers=providers_on(work) if order.state == PLACED else [],
        address=address_of(work, order.buyer_id, order.address_id) if order.address_id else None,
        buyer=_buyers(work, [order]).get(order.buyer_id) if with_buyer else None,
    )


def _steps(work: Work, order_id: UUID) -> list[StepView]:
    rows = work.driver.execute(
        "select from_state, to_state, actor, reason, at from order_steps"
        " where workspace_id = %s and order_id = %s order by position",
        (work.workspace_id, order_id),
    )
    names = StepView.__struct_fields__
    return [StepView(**dict(zip(names, row, strict=True))) for row in rows]


def _shipments(work: Work, order_id: UUID) -> list[ShipmentView]:
    rows = work.driver.execute(
        """
        select s.id, s.company, s.number, s.shipped_at,
          array_agg(l.line_id order by l.line_id), array_agg(l.quantity order by l.line_id)
        from shipments s
        join shipment_lines l on l.workspace_id = s.workspace_id and l.shipment_id = s.id
        where s.workspace_id = %s and s.order_id = %s
        group by s.id, s.company, s.number, s.shipped_at order by s.shipped_at, s.id
        """,
        (work.workspace_id, order_id),
    )
    return [
        ShipmentView(
            id=shipment_id,
            company=company,
            company_name=COMPANIES.get(company, Twin(company, company)),
            number=number,
            shipped_at=shipped_at,
            lines=[ShipmentLineView(*each) for each in zip(lines, quantities, strict=True)],
        )
        for shipment_id, company, number, shipped_at, lines, quantities in rows
    ]


def refund_views(
    work: Work,
    *,
    order_id: UUID | None = None,
    refund_id: UUID | None = None,
    states: list[str] | None = None,
    is_stuck: bool = False,
    cursor: UUID | None = None,
) -> list[RefundView]:
    """Return refunds with their lines, the newest first.

    One is stuck when the provider refused it, or when for `STUCK_AFTER` its answers have been
    unclear, its call has not come back, or nobody has sent it. One that the provider says it is
    working on is not.
    """
    rows = work.driver.execute(
        """
        select r.id, r.order_id, o.number, r.kind, r.state, r.reason, r.amount_minor,
               r.freight_minor, r.currency, r.restock, r.tries, r.problem, r.decision, r.asked_at,
               r.decided_at, r.done_at, r.by_hand,
               coalesce((select json_agg(json_build_object('line_id', l.line_id,
                   'quantity', l.quantity, 'amount_minor', l.amount_minor) order by l.line_id)
                 from refund_lines l where l.workspace_id = r.workspace_id
                   and l.refund_id = r.id), '[]')
        from refunds r
        join orders o on o.workspace_id = r.workspace_id and o.id = r.order_id
        where r.workspace_id = %(workspace)s and (%(order)s::uuid is null or r.order_id = %(order)s)
          and (%(refund)s::uuid is null or r.id = %(refund)s)
          and (%(states)s::text[] is null or r.state = any(%(states)s))
          and (not %(stuck)s or r.state = 'failed' or r.state = 'unknown' and r.try_at is null
            or r.state in ('sending', 'unknown') and r.problem is not null
               and coalesce(r.decided_at, r.asked_at) <= %(since)s
            or r.state = 'sending' and r.try_at <= %(called_since)s
            or r.state in ('approved', 'unknown') and r.try_at <= %(since)s)
          and (%(cursor)s::uuid is null or r.id < %(cursor)s)
        order by r.id desc limit %(most)s
        """,
        {
            "workspace": work.workspace_id,
            "order": order_id,
            "refund": refund_id,
            "states": states,
            "stuck": is_stuck,
            "since": work.now - STUCK_AFTER,
            # A call that is under way was leased when it began.
            "called_since": work.now - STUCK_AFTER + timedelta(seconds=LEASE_SECONDS),
            "cursor": cursor,
            "most": PAGE_MOST,
        },
    )
    return [
        RefundView(
            id=row[0],
            order_id=row[1],
            order_number=row[2],
            kind=row[3],
            state=row[4],
            reason=row[5],
            amount_minor=row[6],
            freight_minor=row[7],
            currency=row[8],
            restock=row[9],
            tries=row[10],
            problem=row[11],
            decision=row[12],
            asked_at=row[13],
            decided_at=row[14],
            done_at=row[15],
            by_hand=row[16],
            lines=msgspec.convert(row[17], list[RefundLineView]),
        )
        for row in rows
    ]


def refund_view(work: Work, refund_id: UUID) -> RefundView:
    """Return one refund. Raises `refund_not_found`."""
    found = refund_views(work, refund_id=refund_id)
    if not found:
        raise Refused(refusals.NO_SUCH_REFUND)
    return found[0]


def _payments(work: Work, where: LiteralString, more: dict[str, Any]) -> list[PaymentView]:
    rows = work.driver.execute(
        "select id, provider, method, trade_number, state, amount_minor, currency, created_at,"  # noqa: S608 - constants of this module
        " captured_at, problem from payments"
        f" where workspace_id = %(workspace)s and {where} order by id desc limit 200",
        {"workspace": work.workspace_id} | more,
    )
    names = PaymentView.__struct_fields__
    return [PaymentView(**dict(zip(names, row, strict=True))) for row in rows]


def stuck(work: Work) -> StuckView:
    """Return what an operator must act on: refunds, payments and open cases."""
    return StuckView(
        refunds=refund_views(work, is_stuck=True),
        payments=_payments(work, "problem is not null and state = 'open'", {}),
        cases=cases(work, state="open"),
    )
