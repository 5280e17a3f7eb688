"""What a content quest remembers."""

from datetime import datetime

from banyan.plays.own import OwnProgress

__all__ = ["ContentProgress"]


class ContentProgress(OwnProgress, frozen=True, array_like=True):
    """`opened` has the head counts whose part was opened; a part once opened stays open."""

    has_read: bool = False
    opened: tuple[int, ...] = ()
    deadline: datetime | None = None
