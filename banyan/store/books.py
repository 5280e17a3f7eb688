"""The money of orders as accounts of the ledger.

`clearing` (a provider holds it for us) → the refundable accounts of an order's lines and freight,
or of a payment that was not owed; and back when it is refunded. A statement line that fits moves
the same amount between `clearing` and `settled`, so a clearing account drains to zero.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from banyan import ledger
from banyan.kernel.ids import sibling_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Transfer
from banyan.store.orders import LineInHand, OrderInHand

CAPTURE_LINE, CAPTURE_FREIGHT, CAPTURE_SURPLUS, SETTLE = 5, 1, 1, 2
"""Siblings of a line's, an order's, and a payment's or refund's id that name transfers."""
BY_HAND = 251
POST_FROM = 128
"""A refund's holds are its siblings 1 …, and what ends them its siblings 129 …."""


def clearing_key(provider: str, currency: str) -> str:
    """Return the key of the account of what a provider holds for us; below zero while it does."""
    return f"store:clearing:{provider}:{currency}"


def settled_key(provider: str, currency: str) -> str:
    """Return the key of the account of what a provider's statements have confirmed."""
    return f"store:settled:{provider}:{currency}"


def line_key(line_id: UUID) -> str:
    """Return the key of the account of what can be refunded of a line."""
    return f"store:line:{line_id}:refundable"


def freight_key(order_id: UUID) -> str:
    """Return the key of the account of what can be refunded of an order's freight."""
    return f"store:order:{order_id}:freight"


def surplus_key(payment_id: UUID) -> str:
    """Return the key of the account of money that came without being owed."""
    return f"store:payment:{payment_id}:surplus"


def clearing_spec(provider: str, currency: str) -> AccountSpec:
    """Return the clearing account of `provider`."""
    return AccountSpec(clearing_key(provider, currency), currency, may_go_negative=True)


class Part(NamedTuple):
    """A part of a refund: from which account, how much."""

    account: str
    amount_minor: int


class Capture(NamedTuple):
    """An order whose money has come, by which payment at which provider."""

    order: OrderInHand
    lines: Sequence[LineInHand]
    payment_id: UUID
    provider: str
    is_late: bool = False
    """Whether the money has come already, and lies in the account of what was not owed."""


class _Filling(NamedTuple):
    """An account of money that has come, and what fills it."""

    transfer_id: UUID
    key: str
    amount_minor: int
    source: AccountSpec
    reason: str
    payment_id: UUID


def capture_transfers(work: Work, captures: Iterable[Capture]) -> list[Transfer]:
    """Open the money accounts of orders and return the transfers that fill them, set-wise."""
    fillings: list[_Filling] = []
    for order, lines, payment_id, provider, is_late in captures:
        source = clearing_spec(provider, order.currency)
        if is_late:
            source = AccountSpec(surplus_key(payment_id), order.currency)
        rest = (source, "payment.captured", payment_id)
        fillings += [
            _Filling(sibling_id(each.id, CAPTURE_LINE), line_key(each.id), minor, *rest)
            for each in lines
            if (minor := each.payable_minor)
        ]
        if order.freight_minor:
            freight = (sibling_id(order.id, CAPTURE_FREIGHT), freight_key(order.id))
            fillings.append(_Filling(*freight, order.freight_minor, *rest))
    return _fill(work, fillings)


def surplus_transfer(
    work: Work, payment_id: UUID, amount_minor: int, currency: str, provider: str
) -> list[Transfer]:
    """Open the account of money that was not owed and return the transfer that fills it."""
    account = (sibling_id(payment_id, CAPTURE_SURPLUS), surplus_key(payment_id), amount_minor)
    clearing = clearing_spec(provider, currency)
    return _fill(work, [_Filling(*account, clearing, "payment.surplus", payment_id)])


def _fill(work: Work, fillings: Sequence[_Filling]) -> list[Transfer]:
    sources = {each.source.key: each.source for each in fillings}
    specs = [AccountSpec(each.key, each.source.unit) for each in fillings]
    ids = ledger.open_accounts(work, [*sources.values(), *specs])
    return [
        Transfer(
            *(each.transfer_id, ids[each.source.key], ids[each.key], each.amount_minor),
            *(each.source.unit, each.reason, each.payment_id),
        )
        for each in fillings
    ]


def refund_holds(
    work: Work, refund_id: UUID, parts: Iterable[Part], provider: str, currency: str
) -> list[Transfer]:
    """Return the transfers that hold what a refund will send back."""
    clearing = ledger.account_id(work.workspace_id, clearing_key(provider, currency))
    return [
        Transfer(
            *(sibling_id(refund_id, nth), ledger.account_id(work.workspace_id, part.account)),
            *(clearing, part.amount_minor, currency, "refund.held", refund_id, "pending"),
        )
        for nth, part in enumerate(parts, 1)
        if part.amount_minor
    ]


def refund_ends(holds: Iterable[Transfer]) -> list[Transfer]:
    """Return the transfers that end the holds of a refund: the money has gone back."""
    return [
        hold._replace(
            id=_end_of(hold.id),
            phase="post",
            reason="refund.done",
            resolves=hold.id,
            held_minor=hold.amount_minor,
        )
        for hold in holds
    ]


def _end_of(hold_id: UUID) -> UUID:
    return sibling_id(hold_id, POST_FROM)


def by_hand_transfer(
    work: Work, refund_id: UUID, amount_minor: int, currency: str, provider: str
) -> Transfer:
    """Return the transfer by which money given outside the provider leaves no claim on it."""
    clearing = clearing_spec(provider, currency)
    given = AccountSpec(f"store:by_hand:{currency}", currency)
    ids = ledger.open_accounts(work, [clearing, given])
    return Transfer(
        *(sibling_id(refund_id, BY_HAND), ids[clearing.key], ids[given.key]),
        *(amount_minor, currency, "refund.by_hand", refund_id),
    )


def settle_transfer(
    work: Work,
    subject_id: UUID,
    amount_minor: int,
    currency: str,
    provider: str,
    *,
    is_refund: bool,
) -> Transfer:
    """Open the settled account and return the transfer by which a statement line confirms."""
    clearing = clearing_spec(provider, currency)
    settled = AccountSpec(settled_key(provider, currency), currency, may_go_negative=True)
    ids = ledger.open_accounts(work, [clearing, settled])
    ends = (ids[settled.key], ids[clearing.key])
    debit, credit = ends[::-1] if is_refund else ends
    return Transfer(
        *(sibling_id(subject_id, SETTLE if not is_refund else SETTLE + 250), debit, credit),
        *(amount_minor, currency, "statement.matched", subject_id),
    )
