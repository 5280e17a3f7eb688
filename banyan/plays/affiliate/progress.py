"""What an affiliate quest remembers."""

from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["AffiliateProgress", "Sale", "SaleLine"]


class SaleLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A line that earns: what was paid for it, at which share, what it earned, what went back.

    The share is the one of the moment it was sold. `earned_minor` is after the limit of an order.
    """

    line: UUID
    amount_minor: int
    rate_bps: int
    earned_minor: int
    refunded_minor: int = 0


class Sale(msgspec.Struct, frozen=True, array_like=True):
    """An order by somebody's link: what was paid for goods that earn, what of it went back, how deep.

    One of the time before lines were told has none, and is one line by itself.
    """

    order: UUID
    amount_minor: int
    depth: int
    refunded_minor: int = 0
    is_delivered: bool = False
    lines: tuple[SaleLine, ...] = ()


class AffiliateProgress(msgspec.Struct, frozen=True, array_like=True):
    """Whose link it is and what was sold by it."""

    starter: UUID | None = None
    quest: UUID | None = None
    state: Literal["open", "won", "lost"] = "open"
    sales: tuple[Sale, ...] = ()
