"""What a referral quest remembers: a few counters, however many people came."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["ReferralProgress"]


class ReferralProgress(msgspec.Struct, frozen=True, array_like=True):
    """`given` counts the inviter's rewards ever given; `held` names the tier rewards still theirs.

    `lost_tiers` counts tier rewards taken back. It is part of the name of a tier reward given after
    that, so that a tier reached again can be given again, and one given can never be given twice.
    """

    starter: UUID | None = None
    quest: UUID | None = None
    people: int = 0
    given: int = 0
    state: Literal["open", "won", "lost"] = "open"
    is_over: bool = False
    deadline: datetime | None = None
    held: tuple[str, ...] = ()
    lost_tiers: int = 0
