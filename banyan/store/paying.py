"""Paying: attempts at a provider, what its notices say, and asking it when no notice comes.

A call to a provider stands between two transactions, never inside one.
"""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
import structlog

from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.work import SYSTEM, Actor, Work, across_workspaces, unit_of_work
from banyan.store import refusals
from banyan.store.captures import apply_payment, mark_paid
from banyan.store.orders import lines_of, lock_order
from banyan.store.payments.accounts import provider_of, providers_on
from banyan.store.payments.ports import (
    Action,
    BadNotice,
    Declined,
    PaymentAsk,
    Provider,
    Said,
    Unreachable,
)
from banyan.store.refund_outcomes import apply_refund
from banyan.store.states import PLACED

logger = structlog.get_logger()

FIRST_ASK_SECONDS = 8
ASK_SECONDS_MOST = 300
ASKS_AFTER_CLOSING = 4
MOST_AT_ONCE = 100
TITLE_MOST = 60


def start_payment(  # noqa: PLR0913 - what a payment needs
    workspace_id: UUID,
    actor: Actor,
    order_id: UUID,
    provider_key: str,
    method: str,
    *,
    buyer_id: UUID,
    base_url: str,
    payer: str | None = None,
    client_ip: str = "",
) -> tuple[UUID | None, Action]:
    """Begin an attempt to pay; return its id and what the buyer's browser does next.

    An order of nothing is paid at once. Raises `order_not_found`, `already_paid`, `order_state`,
    `payment_provider_off`, `payment_provider_silent`, `payment_declined`.
    """
    provider = provider_of(workspace_id, provider_key)
    if method not in provider.methods:
        raise Refused(refusals.NO_PROVIDER)
    with unit_of_work(workspace_id, actor) as work:
        ask = _begin(work, order_id, buyer_id, provider, method, base_url)
    if ask is None:
        return None, Action(action="none")
    payment_id, asked = ask
    asked = asked._replace(payer=payer, client_ip=client_ip)
    try:
        action = provider.open(asked)
    except Unreachable as error:
        logger.warning("payment_provider_silent", provider=provider_key, problem=str(error))
        raise Refused(refusals.PROVIDER_SILENT) from error
    except Declined as error:
        with unit_of_work(workspace_id, actor) as work:
            work.driver.execute(
                "update payments set state = 'failed', problem = %s, ask_at = null"
                " where workspace_id = %s and id = %s and state = 'open'",
                (str(error), workspace_id, payment_id),
            )
        raise Refused(refusals.PROVIDER_DECLINED, problem=error.code) from error
    with unit_of_work(workspace_id, actor) as work:
        work.driver.execute(
            "update payments set action = %s where workspace_id = %s and id = %s",
            (msgspec.json.encode(action).decode(), workspace_id, payment_id),
        )
    return payment_id, action


def code_to_scan(work: Work, order_id: UUID, buyer_id: UUID) -> str | None:
    """Return what the QR code of an order's newest open payment says; None when it needs none."""
    row = work.driver.execute(
        """
        select p.action ->> 'url' from payments p
        join orders o on o.workspace_id = p.workspace_id and o.id = p.order_id
        where p.workspace_id = %s and p.order_id = %s and o.buyer_id = %s and o.state = 'placed'
          and p.state = 'open' and p.action ->> 'action' = 'qr' order by p.id desc limit 1
        """,
        (work.workspace_id, order_id, buyer_id),
    ).fetchone()
    return row[0] if row else None


def _begin(
    work: Work, order_id: UUID, buyer_id: UUID, provider: Provider, method: str, base_url: str
) -> tuple[UUID, PaymentAsk] | None:
    order = lock_order(work, order_id, buyer_id)
    if order.state != PLACED:
        closed = order.state == "closed"
        raise Refused(refusals.WRONG_STATE if closed else refusals.ALREADY_PAID, state=order.state)
    if provider.key not in providers_on(work):
        raise Refused(refusals.NO_PROVIDER)
    if not order.payable_minor:
        mark_paid(work, order, lines_of(work, [order_id])[order_id], [], "free")
        return None
    row = work.driver.execute(
        """
        select o.expires_at, o.number, w.slug, l.product_name, h.slug
        from orders o
        join shops h on h.workspace_id = o.workspace_id and h.id = o.shop_id
        join workspaces w on w.workspace_id = o.workspace_id
        join order_lines l on l.workspace_id = o.workspace_id and l.order_id = o.id and l.nth = 0
        where o.workspace_id = %s and o.id = %s
        """,
        (work.workspace_id, order_id),
    ).fetchone()
    if row is None:
        raise AssertionError
    expires_at, order_number, slug, product, shop_slug = row
    payment_id, trade_number = new_id(), f"{work.now:%y%m%d}{new_code(100)}"
    work.driver.execute(
        """
        insert into payments (workspace_id, id, order_id, provider, method, trade_number,
                              amount_minor, currency, state, created_at, ask_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, 'open', %s, %s)
        """,
        (
            *(work.workspace_id, payment_id, order_id, provider.key, method, trade_number),
            *(order.payable_minor, order.currency, work.now),
            work.now + timedelta(seconds=FIRST_ASK_SECONDS),
        ),
    )
    return payment_id, PaymentAsk(
        trade_number=trade_number,
        amount_minor=order.payable_minor,
        currency=order.currency,
        title=f"{product[:TITLE_MOST]} {order_number}",
        method=method,
        notice_url=f"{base_url}/notices/{provider.key}/{slug}",
        return_url=f"{base_url}/h5/shop/{shop_slug}#order={order_id}",
        expires_at=expires_at,
    )


def receive_notice(
    workspace_id: UUID, provider_key: str, headers: Mapping[str, str], body: bytes
) -> bytes:
    """Check a notice on its raw bytes, keep it, apply it; return what the provider is answered.

    The signature is the only proof: no host name, address or header opens another way. Once kept,
    a notice is answered well even if applying it fails, for `apply_waiting_notices` comes back.
    Raises `notice_rejected`, `payment_provider_off`.
    """
    provider = provider_of(workspace_id, provider_key)
    try:
        said = provider.read_notice({key.lower(): value for key, value in headers.items()}, body)
    except BadNotice as error:
        logger.warning("notice_rejected", provider=provider_key, problem=str(error))
        raise Refused(refusals.NOTICE_REJECTED) from error
    with unit_of_work(workspace_id, SYSTEM) as work:
        row = work.driver.execute(
            """
            insert into payment_notices (workspace_id, id, provider, digest, body, headers, said,
                                         received_at)
            values (%s, %s, %s, %s, %s, %s, %s, %s)
            on conflict (workspace_id, provider, digest) do nothing returning id
            """,
            (
                *(workspace_id, new_id(), provider_key, sha256(body).digest(), body),
                *(msgspec.json.encode(dict(headers)).decode(), msgspec.json.encode(said).decode()),
                work.now,
            ),
        ).fetchone()
    if row is not None:
        try:
            apply_notice(workspace_id, row[0], provider.merchant)
        except Exception:
            logger.exception("notice_waits", provider=provider_key)
    return provider.thanks


def apply_notice(workspace_id: UUID, notice_id: UUID, merchant: str) -> str | None:
    """Apply a kept notice in one transaction; None when it was applied already."""
    with unit_of_work(workspace_id, SYSTEM) as work:
        row = work.driver.execute(
            "select provider, said from payment_notices where workspace_id = %s and id = %s"
            " and outcome is null for update skip locked",
            (workspace_id, notice_id),
        ).fetchone()
        if row is None:
            return None
        outcome = apply_said(work, row[0], merchant, msgspec.convert(row[1], Said))
        work.driver.execute(
            "update payment_notices set outcome = %s, applied_at = %s"
            " where workspace_id = %s and id = %s",
            (outcome, work.now, workspace_id, notice_id),
        )
        return outcome


def apply_said(work: Work, provider: str, merchant: str, said: Said) -> str:
    """Apply what a provider says, of a payment or of a refund."""
    if said.about == "refund":
        return apply_refund(work, provider, merchant, said)
    return apply_payment(work, provider, merchant, said)


def apply_waiting_notices() -> int:
    """Apply the notices that were kept but not applied; return how many were found."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select workspace_id, id, provider from payment_notices where outcome is null"
            " and received_at < now() - interval '2 seconds' order by received_at limit %s",
            (MOST_AT_ONCE,),
        ).all()
    for workspace_id, notice_id, provider_key in rows:
        try:
            apply_notice(workspace_id, notice_id, provider_of(workspace_id, provider_key).merchant)
        except Exception:
            logger.exception("notice_waits", provider=provider_key)
    return len(rows)


def due_payments() -> list[tuple[UUID, UUID]]:
    """Return the payments about which the provider should be asked by now."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select workspace_id, id from payments"
            " where state in ('open', 'closed') and ask_at <= now() order by ask_at limit %s",
            (MOST_AT_ONCE,),
        )
        return [(workspace_id, payment_id) for workspace_id, payment_id in rows]


def ask_soon(work: Work, payment_id: UUID) -> None:
    """Let the provider be asked about a payment now, if anything is still open about it."""
    work.driver.execute(
        "update payments set ask_at = %s where workspace_id = %s and id = %s"
        " and state in ('open', 'closed')",
        (work.now, work.workspace_id, payment_id),
    )


def ask_about_payment(workspace_id: UUID, payment_id: UUID) -> str | None:
    """Ask the provider how a payment stands and apply the answer.

    A payment that nobody wants any more (its order is closed, or paid otherwise) is closed at the
    provider, and asked about a few times yet: somebody may have paid at the last moment.
    """
    with unit_of_work(workspace_id, SYSTEM) as work:
        row = work.driver.execute(
            """
            update payments p set asked_times = p.asked_times + 1,
              ask_at = %(now)s + make_interval(secs =>
                least(%(first)s * power(2, least(p.asked_times, 10)), %(most)s))
            from orders o
            where p.workspace_id = %(workspace)s and p.id = %(payment)s
              and p.state in ('open', 'closed') and p.ask_at <= %(now)s
              and o.workspace_id = p.workspace_id and o.id = p.order_id
            returning p.provider, p.trade_number, p.asked_times, o.state
            """,
            {
                "now": work.now,
                "first": FIRST_ASK_SECONDS,
                "most": ASK_SECONDS_MOST,
                "workspace": workspace_id,
                "payment": payment_id,
            },
        ).fetchone()
    if row is None:
        return None
    provider_key, trade_number, asked_times, order_state = row
    provider = provider_of(workspace_id, provider_key)
    try:
        said = provider.find_payment(trade_number)
        if order_state != PLACED and (said is None or said.state == "waiting"):
            provider.close_payment(trade_number)
            said = provider.find_payment(trade_number) or said
    except (Unreachable, Declined) as error:
        logger.warning("payment_provider_silent", provider=provider_key, problem=str(error))
        return None
    with unit_of_work(workspace_id, SYSTEM) as work:
        outcome = apply_said(work, provider_key, provider.merchant, said) if said else "nothing"
        if order_state != PLACED and asked_times >= ASKS_AFTER_CLOSING:
            work.driver.execute(
                "update payments set ask_at = null, state = case state when 'open' then 'closed'"
                " else state end where workspace_id = %s and id = %s"
                " and state in ('open', 'closed')",
                (workspace_id, payment_id),
            )
        return outcome
