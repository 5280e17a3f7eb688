"""A small economy on the real engine, in which every state that a few moves reach is looked at.

Everything happens in one transaction that is given up in the end. A move is made under a savepoint
and taken back again, so that no state has to be reached twice and nothing is simulated but the
payment provider's word.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_code
from banyan.kernel.work import SYSTEM, Work, unit_of_work
from banyan.store import OrderView, RefundLine, ask_refund
from banyan.store.beginning import Attempt, PaymentRequest, write_down
from banyan.store.captures import apply_payment
from banyan.store.payments.accounts import provider_of
from banyan.store.payments.ports import Said
from banyan.store.refund_outcomes import apply_refund
from banyan.store.refunding import approve_refund

__all__ = ["Bank", "Found", "Gain", "Move", "explore", "in_one_transaction"]

Key = tuple[Any, ...]


class Move(NamedTuple):
    """Something that can be tried now: its name, and what it does."""

    name: str
    make: Callable[[Work], object]


class Gain(NamedTuple):
    """A way to have more than at the beginning: the moves, and what there was then and is now."""

    moves: tuple[str, ...]
    start: int
    worth: int


class Found(NamedTuple):
    """How many states were looked at, and the first gain, by a shortest way."""

    states: int
    gain: Gain | None


class _Over(Exception):  # noqa: N818 - the end of a transaction, not an error
    """Nothing of this stays."""


@contextmanager
def in_one_transaction(workspace: UUID, moment: datetime) -> Generator[Work]:
    """Give a unit of work whose every change is given up at the end."""
    with suppress(_Over), unit_of_work(workspace, SYSTEM, moment) as work:
        yield work
        raise _Over


def explore(
    work: Work,
    moves: Callable[[Work], list[Move]],
    key: Callable[[Work], Key],
    worth: Callable[[Work], int],
    depth: int,
) -> Found:
    """Look at every state within `depth` moves, nearer ones first, until one is worth more.

    A state is its `key`: states of one key have the same future. Each depth is searched whole
    before a greater one is begun, so the gain that is found has as few moves as any.
    """
    start = worth(work)
    states: set[Key] = {key(work)}
    for most in range(1, depth + 1):
        left: dict[Key, int] = {}
        gain = _look(work, (moves, key, worth), (most, start), left, ())
        states |= left.keys()
        if gain is not None:
            return Found(len(states), gain)
    return Found(len(states), None)


def _look(
    work: Work,
    world: tuple[Callable[[Work], list[Move]], Callable[[Work], Key], Callable[[Work], int]],
    bounds: tuple[int, int],
    left: dict[Key, int],
    path: tuple[str, ...],
) -> Gain | None:
    moves, key, worth = world
    most, start = bounds
    here = key(work)
    rest = most - len(path)
    if left.get(here, -1) >= rest:
        return None
    left[here] = rest
    now = worth(work)
    if now > start:
        return Gain(path, start, now)
    if not rest:
        return None
    for move in moves(work):
        point = f"at_{len(path)}"
        work.driver.execute(f"savepoint {point}".encode())
        try:
            move.make(work)
            work.session.flush()
            work.session.expire_all()
            gain = _look(work, world, bounds, left, (*path, move.name))
        except Refused:
            gain = None
        work.session.expunge_all()
        work.driver.execute(f"rollback to savepoint {point}".encode())
        if gain is not None:
            return gain
    return None


class Bank:
    """The payment provider's word, without the network between."""

    def __init__(self, workspace: UUID) -> None:
        """Make the merchant's sandbox keys."""
        self.provider = provider_of(workspace, "sandbox")

    def pay(self, work: Work, order: OrderView) -> None:
        """Pay an order as a provider tells it that was paid."""
        asked = PaymentRequest(order.id, order.buyer_id, "page", SYSTEM)
        (begun,) = write_down(work, self.provider, [asked], base_url="http://banyan.test")
        if isinstance(begun, Refused):
            raise begun
        if not isinstance(begun, Attempt):
            return
        row = work.driver.execute(
            "select trade_number, amount_minor, currency from payments where id = %s",
            (begun.payment_id,),
        ).fetchone()
        assert row
        assert self._told(work, "payment", "paid", *row) == "captured"

    def send_back(self, work: Work, order_id: UUID, line_id: UUID, pieces: int) -> None:
        """Refund some pieces of a line, as the merchant agrees to and the provider does."""
        made = ask_refund(work, order_id, [RefundLine(line_id, pieces)], "不想要了")
        approve_refund(work, made)
        row = work.driver.execute(
            "select request_number, amount_minor, currency from refunds where id = %s", (made,)
        ).fetchone()
        assert row
        assert self._told(work, "refund", "done", *row) == "refunded"

    def _told(self, work: Work, about: Any, state: Any, number: str, minor: int, unit: str) -> str:
        said = Said(
            about=about,
            number=number,
            provider_number=new_code(60),
            state=state,
            amount_minor=minor,
            currency=unit,
            merchant=self.provider.merchant,
        )
        apply = apply_payment if about == "payment" else apply_refund
        return apply(work, self.provider.key, self.provider.merchant, said)
