"""What a team remembers."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["GroupBuyProgress", "Seat", "TeamState"]

TeamState = Literal["forming", "full", "settled", "refunding", "closed"]


class Seat(msgspec.Struct, frozen=True, array_like=True):
    """A member's place: held when it is reserved, theirs when it is paid.

    `amount_minor` is what they pay for the goods, `back_minor` what has gone back of it.
    """

    order: UUID
    by: UUID
    quantity: int
    amount_minor: int
    is_paid: bool = False
    back_minor: int = 0

    @property
    def is_back(self) -> bool:
        """Whether everything that was paid has gone back."""
        return self.is_paid and self.back_minor >= self.amount_minor


class GroupBuyProgress(msgspec.Struct, frozen=True, array_like=True):
    """Who leads the team, who sits in it, and how far it has come.

    forming → full (no seat is free) → settled; or forming → refunding (it failed) → closed.
    `price_minor` is what a piece came to, once settled.
    """

    leader: UUID | None = None
    quest: UUID | None = None
    state: TeamState = "forming"
    seats: tuple[Seat, ...] = ()
    deadline: datetime | None = None
    price_minor: int | None = None
