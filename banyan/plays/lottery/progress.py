"""What a lottery quest remembers."""

from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["LotteryProgress"]


class LotteryProgress(msgspec.Struct, frozen=True, array_like=True):
    """`outcomes` has, draw by draw, the offer that was won, or nothing.

    `sold_out` counts the draws that came upon a prize of which none was left.
    """

    starter: UUID | None = None
    quest: UUID | None = None
    outcomes: tuple[str, ...] = ()
    sold_out: int = 0
    state: Literal["open", "won", "lost"] = "open"
    is_over: bool = False

    @property
    def wins(self) -> int:
        """How many draws won."""
        return sum(1 for outcome in self.outcomes if outcome)
