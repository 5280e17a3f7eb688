"""Orders: stock reserved, prices computed, the snapshot and its event kept, each before its answer.

Four loads in turn, round after round: the house as it is, everybody after another SKU; the same
with everybody after one SKU; the same command with one transaction per request; and the database's
own TPC-B.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import text

from banyan.app.bench import field, openloop, stall
from banyan.app.bench.audit import AuditError, every_invariant_holds
from banyan.app.bench.bank import Bank
from banyan.app.bench.figures import Figure, ratio
from banyan.app.bench.load import send
from banyan.app.bench.stack import Stack, beside
from banyan.app.bench.stall import Good
from banyan.kernel.work import across_workspaces

CONNECTIONS = 256
SKUS = 2000
BUYERS = 2000
WARM_PER_S = 8000
"""What the first, unmeasured round is prepared for; later ones for 1.5 times the best so far."""
EXACT = 5000
AGAIN = 500
"""How many of the exact orders are sent a second time."""
CREATED = 201

BOOKS = """
select (select count(*) from orders where workspace_id = :w and state = 'placed'),
       (select coalesce(sum(payable_minor), 0) from orders where workspace_id = :w)
"""
SHELF = """
select s.id, s.price_minor,
       coalesce(max(a.balance_minor) filter (where a.key like '%available'), 0),
       coalesce(max(a.balance_minor) filter (where a.key like '%reserved'), 0),
       coalesce(max(l.quantity), 0), coalesce(max(l.payable), 0)
from skus s
left join ledger_accounts a on a.workspace_id = s.workspace_id and a.unit = 'sku:' || s.id
left join (
  select sku_id, sum(quantity) as quantity, sum(payable_minor) as payable
  from order_lines where workspace_id = :w group by sku_id
) l on l.sku_id = s.id
where s.workspace_id = :w group by s.id, s.price_minor
"""


class Ordered(msgspec.Struct):
    """What an answer says of its order."""

    id: UUID
    payable_minor: int


def measure(stack: Stack, *, rounds: int, seconds: float, label: str) -> list[Figure]:
    """Return the figures of orders; raise `AuditError` when one order, unit or cent is off."""
    folder = stack.home / "bench"
    folder.mkdir(exist_ok=True)
    workspace_id = field.make_workspace()
    goods = stall.open_stall(workspace_id, SKUS + 1).goods
    many, one = goods[1:], goods[:1]
    buyers = field.make_people(workspace_id, BUYERS)
    ours: list[float] = []
    on_one: list[float] = []
    singly: list[float] = []
    tpcb: list[float] = []
    best: dict[tuple[str, bool], float] = {}
    answered = 0
    runs = 0

    def load(url: str, wanted: Sequence[Good]) -> float:
        nonlocal answered, runs
        kind = url, wanted is one
        number = int(1.5 * best.get(kind, WARM_PER_S) * seconds)
        requests = stall.orders(workspace_id, wanted, buyers, number)
        run = send(url, requests, folder=folder, connections=CONNECTIONS, seconds=seconds)
        if run.failed:
            msg = f"{run.failed} of {run.requests} orders failed"
            raise AuditError(msg)
        answered += run.requests
        runs += 1
        best[kind] = max(best.get(kind, 0), run.per_second)
        return run.per_second

    one_each = {"BANYAN_ORDER_BATCH": "1", "BANYAN_ORDER_LANES": "16"}
    with beside(stack, "one-order-each", one_each) as alone:
        bank = Bank(stack)
        load(stack.url, many)  # warm caches, connections and plans
        load(alone, many)
        load(stack.url, one)
        for _ in range(rounds):
            ours.append(load(stack.url, many))
            singly.append(load(alone, many))
            on_one.append(load(stack.url, one))
            tpcb.append(bank(seconds))
    _audit(workspace_id, answered, runs * CONNECTIONS)
    asyncio.run(_exact(stack, workspace_id, many, buyers))
    _audit(workspace_id, answered + EXACT, runs * CONNECTIONS)
    every_invariant_holds()
    return [
        ratio(
            "orders_ratio" + label,
            "orders/s, 256 connections ÷ the same command, one transaction per request",
            ours,
            singly,
            4,
        ),
        ratio("orders_tpcb_ratio" + label, "orders/s ÷ pgbench TPC-B, 64 clients", ours, tpcb, 0.5),
        ratio("orders_hot_ratio" + label, "orders/s of one SKU ÷ of 2,000", on_one, ours, 0.6),
    ]


async def _exact(
    stack: Stack, workspace_id: UUID, goods: Sequence[Good], buyers: Sequence[UUID]
) -> None:
    """Order `EXACT` times, some of it twice under one key: each answer is in the books once."""
    before = _books(workspace_id)
    requests = stall.orders(workspace_id, goods, buyers, EXACT)
    connections = await openloop.connect("127.0.0.1", stack.port, CONNECTIONS)

    async def ask(nth: int) -> list[Ordered]:
        made: list[Ordered] = []
        for request in (requests + requests[:AGAIN])[nth::CONNECTIONS]:
            status, body = await connections[nth].ask(request)
            if status != CREATED:
                msg = f"an order was answered {status}"
                raise AuditError(msg)
            made.append(msgspec.json.decode(body, type=Ordered))
        return made

    found = await asyncio.gather(*(ask(nth) for nth in range(CONNECTIONS)))
    told = {order.id: order.payable_minor for some in found for order in some}
    after = _books(workspace_id)
    kept = after[0] - before[0], after[1] - before[1]
    if len(told) != EXACT or kept != (EXACT, sum(told.values())):
        msg = f"{EXACT} orders: {len(told)} told, {kept[0]} kept; {kept[1]} of {sum(told.values())}"
        raise AuditError(msg)


def _books(workspace_id: UUID) -> tuple[int, int]:
    """Return how many orders stand, and what they come to."""
    with across_workspaces() as connection:
        row = connection.execute(text(BOOKS), {"w": workspace_id}).one()
    return int(row[0]), int(row[1])


def _audit(workspace_id: UUID, answered: int, unread: int) -> None:
    """Every answered order stands once, and of every SKU the units and cents agree.

    A load that stops leaves at most one unread answer per connection (`unread`).
    """
    number, minor = _books(workspace_id)
    if not answered <= number <= answered + unread:
        msg = f"{answered} orders were answered, {number} are in the books"
        raise AuditError(msg)
    ordered = worth = 0
    with across_workspaces() as connection:
        rows = connection.execute(text(SHELF), {"w": workspace_id}).all()
    for sku_id, price, available, reserved, quantity, payable in rows:
        ordered += int(quantity)
        worth += int(payable)
        if (
            available != stall.STOCK - quantity
            or reserved != quantity
            or payable != price * quantity
        ):
            msg = (
                f"SKU {sku_id}: {quantity} ordered for {payable} at {price} each,"
                f" {reserved} reserved, {available} of {stall.STOCK} left"
            )
            raise AuditError(msg)
    if (ordered, worth) != (number, minor):
        msg = f"{number} orders of {minor}, their lines {ordered} of {worth}"
        raise AuditError(msg)
