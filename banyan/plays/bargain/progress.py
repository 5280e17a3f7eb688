"""What a bargain remembers."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["BargainProgress"]


class BargainProgress(msgspec.Struct, frozen=True, array_like=True):
    """Who started, what each friend took off in turn, and the order for which the price is held."""

    starter: UUID | None = None
    quest: UUID | None = None
    cuts: tuple[int, ...] = ()
    """In minor units, in the order in which the friends came."""
    state: Literal["open", "won", "lost"] = "open"
    deadline: datetime | None = None
    order: UUID | None = None
    """The starter's order, while it waits for payment and after."""
