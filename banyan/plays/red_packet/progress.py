"""What somebody's share link of a red packet remembers."""

from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["RedPacketProgress"]


class RedPacketProgress(msgspec.Struct, frozen=True, array_like=True):
    """`friends` took a share through this link, `taken_minor` altogether."""

    starter: UUID | None = None
    quest: UUID | None = None
    friends: int = 0
    taken_minor: int = 0
    state: Literal["open", "won", "lost"] = "open"
    is_over: bool = False
