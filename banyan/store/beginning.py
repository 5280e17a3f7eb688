"""Beginning to pay: attempts at a provider, as many at once as wait.

One transaction writes the attempts down, the provider is asked outside of any, and another keeps
what it answered.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
import structlog

from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_code, new_ids
from banyan.kernel.work import SYSTEM, Actor, Work, unit_of_work
from banyan.store import refusals
from banyan.store.captures import Sale, mark_paid
from banyan.store.orders import OrderInHand, lines_of, lock_orders
from banyan.store.payments.accounts import provider_of, providers_on
from banyan.store.payments.ports import Action, Declined, PaymentAsk, Provider, Unreachable
from banyan.store.payments.sandbox import Sandbox
from banyan.store.states import PAID, PLACED

logger = structlog.get_logger()

FIRST_ASK_SECONDS = 8
"""When the provider is first asked about a payment of which it has said nothing."""
CALLS_AT_ONCE = 32
"""Calls by which payments are begun side by side, at all providers together."""
TITLE_MOST = 60

_calls = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="payments")


class PaymentRequest(NamedTuple):
    """A buyer wants to pay an order. What is owed is the order's."""

    order_id: UUID
    buyer_id: UUID
    method: str
    actor: Actor = SYSTEM
    payer: str | None = None
    client_ip: str = ""


class Begun(NamedTuple):
    """An attempt that stands, and what the buyer's browser does next."""

    payment_id: UUID | None
    """None when nothing was owed: the order is paid."""
    action: Action


class Silent(NamedTuple):
    """The provider did not answer; a buyer is told after `seconds`, as if they had waited for it."""

    seconds: int = 0


Outcome = Begun | Silent | Refused


class Attempt(NamedTuple):
    """An attempt to pay, written down."""

    payment_id: UUID
    order_id: UUID
    ask: PaymentAsk


class _About(NamedTuple):
    """What a provider is told of an order besides the money."""

    expires_at: datetime
    number: str
    slug: str
    product: str
    shop_slug: str


ABOUT = """
select o.id, o.expires_at, o.number, w.slug, l.product_name, h.slug
from orders o
join shops h on h.workspace_id = o.workspace_id and h.id = o.shop_id
join workspaces w on w.workspace_id = o.workspace_id
join order_lines l on l.workspace_id = o.workspace_id and l.order_id = o.id and l.nth = 0
where o.workspace_id = %s and o.id = any(%b)
"""

INSERT = """
insert into payments (workspace_id, provider, state, created_at, ask_at, id, order_id, method,
                      trade_number, amount_minor, currency)
select %s, %s, 'open', %s, %s, p.*
from unnest(%b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::bigint[], %b::text[]) as p
"""

KEEP = """
update payments p set action = a.action
from unnest(%b::uuid[], %b::json[]) as a (id, action) where p.workspace_id = %s and p.id = a.id
"""

DECLINED = """
update payments p set state = 'failed', problem = d.problem, ask_at = null
from unnest(%b::uuid[], %b::text[]) as d (id, problem)
where p.workspace_id = %s and p.id = d.id and p.state = 'open'
"""


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
    """Begin one attempt to pay; return its id and what the buyer's browser does next.

    An order of nothing is paid at once. Raises `order_not_found`, `already_paid`, `order_state`,
    `payment_provider_off`, `payment_provider_silent`, `payment_declined`.
    """
    asked = PaymentRequest(order_id, buyer_id, method, actor, payer, client_ip)
    (outcome,) = start_payments(workspace_id, provider_key, [asked], base_url=base_url)
    if isinstance(outcome, Silent):
        time.sleep(outcome.seconds)
        raise Refused(refusals.PROVIDER_SILENT)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def start_payments(
    workspace_id: UUID, provider_key: str, requests: Sequence[PaymentRequest], *, base_url: str
) -> list[Outcome]:
    """Begin attempts to pay at one provider, set-wise; one outcome each, and a refusal is a value.

    An order of nothing is paid at once. Raises `payment_provider_off`.
    """
    provider = provider_of(workspace_id, provider_key)
    with unit_of_work(workspace_id, SYSTEM) as work:
        begun = write_down(work, provider, requests, base_url=base_url)
    attempts = [each for each in begun if isinstance(each, Attempt)]
    said = dict(zip((each.payment_id for each in attempts), _open(provider, attempts), strict=True))
    _keep(workspace_id, said)
    return [
        _outcome(each.payment_id, said[each.payment_id]) if isinstance(each, Attempt) else each
        for each in begun
    ]


def write_down(
    work: Work, provider: Provider, requests: Sequence[PaymentRequest], *, base_url: str
) -> list[Attempt | Begun | Refused]:
    """Write down an attempt for each order that waits to be paid; nobody is asked yet."""
    return _Beginning(work, provider, base_url).run(requests)


class _Beginning:
    """Attempts at one provider on their way through one transaction."""

    def __init__(self, work: Work, provider: Provider, base_url: str) -> None:
        self.work = work
        self.provider = provider
        self.base_url = base_url
        self.about: dict[UUID, _About] = {}

    def run(self, requests: Sequence[PaymentRequest]) -> list[Attempt | Begun | Refused]:
        """Write down an attempt for each order that waits to be paid."""
        work = self.work
        orders = lock_orders(work, [request.order_id for request in requests])
        is_on = self.provider.key in providers_on(work)
        rows = work.driver.execute(ABOUT, (work.workspace_id, list(orders)))
        self.about = {row[0]: _About(*row[1:]) for row in rows}
        made = iter(new_ids(len(requests)))
        done: list[Attempt | Begun | Refused] = []
        free: list[tuple[OrderInHand, Actor]] = []
        for request in requests:
            order = orders.get(request.order_id)
            if request.method not in self.provider.methods:
                done.append(Refused(refusals.NO_PROVIDER))
            elif order is None or order.buyer_id != request.buyer_id:
                done.append(Refused(refusals.NO_SUCH_ORDER))
            elif order.state != PLACED:
                closed = order.state == "closed"
                refusal = refusals.WRONG_STATE if closed else refusals.ALREADY_PAID
                done.append(Refused(refusal, state=order.state))
            elif not is_on:
                done.append(Refused(refusals.NO_PROVIDER))
            elif not order.payable_minor:
                free.append((order, request.actor))
                orders[order.id] = order._replace(state=PAID)
                done.append(Begun(None, Action(action="none")))
            else:
                done.append(Attempt(next(made), order.id, self._ask(order, request)))
        self._insert([each for each in done if isinstance(each, Attempt)])
        for order, actor in free:
            lines = lines_of(work, [order.id])[order.id]
            mark_paid(replace(work, actor=actor), [Sale(order, lines, "free")], [])
        return done

    def _ask(self, order: OrderInHand, request: PaymentRequest) -> PaymentAsk:
        about = self.about[order.id]
        return PaymentAsk(
            trade_number=f"{self.work.now:%y%m%d}{new_code(100)}",
            amount_minor=order.payable_minor,
            currency=order.currency,
            title=f"{about.product[:TITLE_MOST]} {about.number}",
            method=request.method,
            notice_url=f"{self.base_url}/notices/{self.provider.key}/{about.slug}",
            return_url=f"{self.base_url}/h5/shop/{about.shop_slug}#order={order.id}",
            expires_at=about.expires_at,
            payer=request.payer,
            client_ip=request.client_ip,
        )

    def _insert(self, attempts: Sequence[Attempt]) -> None:
        if not attempts:
            return
        now = self.work.now
        rows = [
            (
                *(each.payment_id, each.order_id, each.ask.method, each.ask.trade_number),
                *(each.ask.amount_minor, each.ask.currency),
            )
            for each in attempts
        ]
        head = (self.work.workspace_id, self.provider.key, now)
        first_ask = now + timedelta(seconds=FIRST_ASK_SECONDS)
        self.work.driver.execute(INSERT, (*head, first_ask, *map(list, zip(*rows, strict=True))))


def _open(
    provider: Provider, attempts: Sequence[Attempt]
) -> Sequence[Action | Unreachable | Declined]:
    """Ask the provider for each: the sandbox for all at once, another house side by side."""
    asks = [each.ask for each in attempts]
    if isinstance(provider, Sandbox):
        return provider.open_all(asks)

    def ask_for(ask: PaymentAsk) -> Action | Unreachable | Declined:
        try:
            return provider.open(ask)
        except (Unreachable, Declined) as error:
            return error

    return list(_calls.map(ask_for, asks))


def _keep(workspace_id: UUID, said: dict[UUID, Action | Unreachable | Declined]) -> None:
    """Keep what the provider answered; what it did not answer may have been begun."""
    actions = {made: each for made, each in said.items() if isinstance(each, Action)}
    declined = {made: str(each) for made, each in said.items() if isinstance(each, Declined)}
    if not actions and not declined:
        return
    with unit_of_work(workspace_id, SYSTEM) as work:
        if actions:
            kept = [msgspec.json.encode(each).decode() for each in actions.values()]
            work.driver.execute(KEEP, (list(actions), kept, workspace_id))
        if declined:
            words = list(declined.values())
            work.driver.execute(DECLINED, (list(declined), words, workspace_id))


def _outcome(payment_id: UUID, said: Action | Unreachable | Declined) -> Outcome:
    if isinstance(said, Action):
        return Begun(payment_id, said)
    if isinstance(said, Declined):
        return Refused(refusals.PROVIDER_DECLINED, problem=said.code)
    logger.warning("payment_provider_silent", problem=str(said))
    return Silent(said.seconds)


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
