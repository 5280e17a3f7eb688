"""What an in-store quest remembers."""

from banyan.plays.own import OwnProgress

__all__ = ["InStoreProgress"]


class InStoreProgress(OwnProgress, frozen=True, array_like=True):
    """`last` is the last day a visit was confirmed, as an ordinal; `redeemed` of `earned` stamps."""

    has_scanned: bool = False
    wrong: int = 0
    visits: int = 0
    last: int = 0
    earned: tuple[int, ...] = ()
    redeemed: int = 0
