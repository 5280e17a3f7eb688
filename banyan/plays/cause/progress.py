"""What a quest for a cause remembers."""

from banyan.plays.own import OwnProgress

__all__ = ["CauseProgress"]


class CauseProgress(OwnProgress, frozen=True, array_like=True):
    """`gave` counts the units given in the owner's name, the last on the day `last` (ordinal)."""

    gave: int = 0
    last: int = 0
