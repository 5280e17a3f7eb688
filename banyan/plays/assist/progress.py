"""What an assist quest remembers."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

__all__ = ["AssistProgress"]


class AssistProgress(msgspec.Struct, frozen=True, array_like=True):
    """Who started, how many have helped, and until when they may."""

    starter: UUID | None = None
    quest: UUID | None = None
    helpers: int = 0
    state: Literal["open", "won", "lost"] = "open"
    deadline: datetime | None = None
