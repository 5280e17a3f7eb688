"""What a referral quest remembers: a few counters, and whoever is not settled for good."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["ReferralFriend", "ReferralProgress"]


class ReferralFriend(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A friend who came and may still count, or still be uncounted again.

    `order` is the one they count by, `paid_minor` what was paid for its goods less refunds. They
    count from `due` on; None: not known yet, because nothing was ordered or delivered.
    """

    who: UUID
    due: datetime | None = None
    is_counted: bool = False
    order: UUID | None = None
    paid_minor: int = 0


class ReferralProgress(msgspec.Struct, frozen=True, array_like=True):
    """`given` counts the inviter's rewards ever given; `held` names the tier rewards still theirs.

    `lost_tiers` counts tier rewards taken back. It is part of the name of a tier reward given after
    that, so that a tier reached again can be given again, and one given can never be given twice.
    `friends` is empty where coming alone counts: then a counter is all there is to know.
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
    friends: tuple[ReferralFriend, ...] = ()
