"""What an affiliate quest remembers."""

from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["AffiliateProgress", "Sale"]


class Sale(msgspec.Struct, frozen=True, array_like=True):
    """An order by somebody's link: what was paid for goods, what of it went back, how deep."""

    order: UUID
    amount_minor: int
    depth: int
    refunded_minor: int = 0
    is_delivered: bool = False


class AffiliateProgress(msgspec.Struct, frozen=True, array_like=True):
    """Whose link it is and what was sold by it."""

    starter: UUID | None = None
    quest: UUID | None = None
    state: Literal["open", "won", "lost"] = "open"
    sales: tuple[Sale, ...] = ()
