"""Orders as they stand, against what the facts of their quest ask of them.

A quest's own facts say which orders may be delivered and what of their money goes back; the steps
that were told, each kept, say which were paid, closed and refunded. Both together say how far each
order has come, and every refund by a rule must be one that was asked for, by as much.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from banyan.campaigns.recomputed_grants import Told
from banyan.plays import ConfirmOrders, RefundOrders

ORDERS: Final = """
select o.quest_id, o.order_id, o.state, s.payable_minor - s.freight_minor, m.moved_at
from unnest(%b::uuid[], %b::uuid[]) as k (workspace_id, quest_id)
join quest_orders o on o.workspace_id = k.workspace_id and o.quest_id = k.quest_id
join orders s on s.workspace_id = o.workspace_id and s.id = o.order_id
left join quest_moves m on m.workspace_id = o.workspace_id and m.order_id = o.order_id
  and m.to_quest_id = o.quest_id
order by o.quest_id, o.order_id
"""

STEPS: Final = """
select f.quest_id, f.order_id, f.step, f.told_at, f.cause_id
from unnest(%b::uuid[], %b::uuid[]) as k (workspace_id, quest_id)
join quest_orders o on o.workspace_id = k.workspace_id and o.quest_id = k.quest_id
join quest_order_facts f on f.workspace_id = o.workspace_id and f.order_id = o.order_id
  and f.quest_id = o.quest_id
"""

REFUNDS: Final = """
select r.order_id, r.id, r.kind, r.reason, r.amount_minor - r.freight_minor, r.asked_at, r.state
from unnest(%b::uuid[], %b::uuid[]) as k (workspace_id, quest_id)
join quest_orders o on o.workspace_id = k.workspace_id and o.quest_id = k.quest_id
join refunds r on r.workspace_id = o.workspace_id and r.order_id = o.order_id
where r.kind <> 'surplus'
"""

BY_RULE: Final = "campaign:"
"""What the reason of a refund begins with that a play asked for."""
OVER: Final = frozenset({"released", "refunded"})


class Order(NamedTuple):
    """An order of a quest as it stands; amounts are what was to be paid for goods."""

    quest_id: UUID
    id: UUID
    state: str
    goods_minor: int
    moved_at: datetime | None
    """When another quest's late order was taken by this one."""


class _Step(NamedTuple):
    quest_id: UUID
    order_id: UUID
    step: str
    told_at: datetime
    cause_id: UUID


class _Refund(NamedTuple):
    order_id: UUID
    id: UUID
    kind: str
    reason: str
    goods_minor: int
    asked_at: datetime
    state: str


class OrderDues:
    """Everything the facts of one quest ask of its orders."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.states: dict[UUID, list[tuple[datetime, str]]] = {}
        """What each order was to become, and when."""
        self.back: dict[tuple[UUID, str], tuple[datetime, int | None]] = {}
        """What was first to go back of an order by a rule, and when; None: all that is left."""

    def follow(self, effect: object, at: datetime) -> None:
        """Note what an effect asks for at the moment `at`."""
        match effect:
            case ConfirmOrders(orders):
                for order in orders:
                    self.states.setdefault(order, []).append((at, "confirmed"))
            case RefundOrders(orders, rule, amount_minor):
                for order in orders:
                    self.back.setdefault((order, rule), (at, amount_minor))
                    if amount_minor is None:
                        self.states.setdefault(order, []).append((at, "returning"))
            case _:
                pass


class OrderBooks:
    """The orders of some quests, with what was told of them and what went back."""

    def __init__(
        self, driver: psycopg.Connection[Any], workspaces: Sequence[UUID], quests: Sequence[UUID]
    ) -> None:
        """Read them, set-wise. `driver` must see every workspace."""
        columns = list(workspaces), list(quests)
        self._orders: dict[UUID, list[Order]] = {}
        self._steps: dict[UUID, list[_Step]] = {}
        self._refunds: dict[UUID, list[_Refund]] = {}
        for row in driver.execute(ORDERS, columns):
            self._orders.setdefault(row[0], []).append(Order._make(row))
        if not self._orders:
            return
        for row in driver.execute(STEPS, columns):
            self._steps.setdefault(row[1], []).append(_Step._make(row))
        for row in driver.execute(REFUNDS, columns):
            self._refunds.setdefault(row[0], []).append(_Refund._make(row))

    def count(self) -> int:
        """Return how many orders there are."""
        return sum(map(len, self._orders.values()))

    def differences(self, quest_id: UUID, dues: OrderDues) -> Iterator[Told]:
        """Yield everything of a quest's orders that does not follow from what was told and asked."""
        for order in self._orders.get(quest_id, ()):
            steps, refunds = self._steps.get(order.id, []), self._refunds.get(order.id, [])
            state = _state(order, steps, refunds, dues)
            if state != order.state:
                yield f"order {order.id}: state", order.state, state
            yield from _sent_back(order, steps, refunds, dues)


def _state(
    order: Order, steps: Sequence[_Step], refunds: Sequence[_Refund], dues: OrderDues
) -> str:
    """Return how far an order has come: by the steps first, then by its play's word, in time.

    Transactions that waited for each other may carry moments the other way round: a play confirms
    only what was paid, and what another quest took is closed no more, whatever the clocks say.
    """
    back = {refund.id: refund.goods_minor for refund in refunds}
    moved_at, returned = order.moved_at, 0
    happened: list[tuple[datetime, int, str]] = [
        (at, 3, state) for at, state in dues.states.get(order.id, ())
    ]
    for step in sorted(steps, key=lambda each: each.told_at):
        is_before = moved_at is not None and step.told_at <= moved_at
        if step.step == "paid" and not is_before:
            happened.append((step.told_at, 0, "paid"))
        elif step.step == "closed" and moved_at is None:
            happened.append((step.told_at, 1, "released"))
        elif step.step == "refunded":
            returned += back.get(step.cause_id, 0)
            if returned >= order.goods_minor:
                happened.append((step.told_at, 2, "refunded"))
    state = "reserved" if moved_at is None else "paid"
    for at, _, then in sorted(happened, key=lambda each: (each[2] != "paid", *each)):
        is_after = moved_at is None or at >= moved_at or then == "confirmed"
        if state not in OVER and is_after:
            state = then
    return state


def _sent_back(
    order: Order, steps: Sequence[_Step], refunds: Sequence[_Refund], dues: OrderDues
) -> Iterator[Told]:
    """Compare the refunds that rules made of an order with those that were asked for."""
    made: dict[str, _Refund] = {
        refund.reason.removeprefix(BY_RULE): refund
        for refund in refunds
        if refund.kind == "by_rule" and refund.reason.startswith(BY_RULE)
    }
    asked: Mapping[str, tuple[datetime, int | None]] = {
        rule: ask for (order_id, rule), ask in dues.back.items() if order_id == order.id
    }
    for rule, refund in made.items():
        called = f"order {order.id}: refund ({rule})"
        if rule not in asked:
            yield called, refund.goods_minor, "not asked for"
            continue
        at, amount = asked[rule]
        if refund.asked_at != at:
            yield f"{called}: asked_at", refund.asked_at, at
        least, most = _left(order, refunds, refund.asked_at, refund.id)
        if amount is not None:
            least, most = min(least, amount), min(most, amount)
        if not least <= refund.goods_minor <= most:
            yield f"{called}: amount", refund.goods_minor, most
    for rule, (at, amount) in asked.items():
        # What was closed unpaid has nothing to send back, whatever its play asks for.
        was_paid = any(each.step == "paid" and each.told_at <= at for each in steps)
        least, _ = _left(order, refunds, at, None)
        if rule not in made and was_paid and least > 0 and amount != 0:
            yield f"order {order.id}: refund ({rule})", "none", least if amount is None else amount


def _left(
    order: Order, refunds: Sequence[_Refund], at: datetime, but_for: UUID | None
) -> tuple[int, int]:
    """Return what was left of an order's goods at `at`: at least and at most.

    What was asked for by then and rejected later may or may not have counted.
    """
    earlier = [each for each in refunds if each.id != but_for and each.asked_at <= at]
    counted = sum(each.goods_minor for each in earlier)
    stood = sum(each.goods_minor for each in earlier if each.state != "rejected")
    return max(0, order.goods_minor - counted), max(0, order.goods_minor - stood)


__all__ = ["Order", "OrderBooks", "OrderDues"]
