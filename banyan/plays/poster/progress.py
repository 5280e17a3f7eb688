"""What a poster quest remembers."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["PosterProgress"]


class PosterProgress(msgspec.Struct, frozen=True, array_like=True):
    """`stayed` newcomers have stayed long enough; `fresh` have not yet: who, and since when.

    `held` names the tier rewards that are the owner's; `lost` how often one was taken back,
    which is part of the name of a reward given after that, so that none is given twice.
    """

    starter: UUID | None = None
    quest: UUID | None = None
    stayed: int = 0
    fresh: tuple[tuple[UUID, datetime], ...] = ()
    state: Literal["open", "won", "lost"] = "open"
    is_over: bool = False
    deadline: datetime | None = None
    held: tuple[str, ...] = ()
    lost: int = 0

    @property
    def people(self) -> int:
        """How many newcomers count now."""
        return self.stayed + len(self.fresh)
