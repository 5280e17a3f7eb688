"""What a buyer's part of a flash sale remembers."""

from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["Bought", "FlashSaleProgress"]


class Bought(msgspec.Struct, frozen=True, array_like=True):
    """So many pieces of one order, promised and then paid."""

    order: UUID
    quantity: int
    is_paid: bool = False
    is_back: bool = False
    """All of it was refunded: its pieces are for others again."""


class FlashSaleProgress(msgspec.Struct, frozen=True, array_like=True):
    """Whose part it is, and what they have ordered."""

    buyer: UUID | None = None
    quest: UUID | None = None
    bought: tuple[Bought, ...] = ()
    state: Literal["open", "won", "lost"] = "open"
