"""What a live-room quest remembers."""

from datetime import datetime

from banyan.plays.own import OwnProgress

__all__ = ["LiveProgress"]


class LiveProgress(OwnProgress, frozen=True, array_like=True):
    """`wrong` counts codes that were not the room's; `won` has the offers drawn, "" for none."""

    entered_at: datetime | None = None
    wrong: int = 0
    won: tuple[str, ...] = ()
