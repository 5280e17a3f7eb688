"""What a check-in quest remembers."""

from banyan.plays.own import OwnProgress

__all__ = ["CheckInProgress"]


class CheckInProgress(OwnProgress, frozen=True, array_like=True):
    """`last` is the last day checked in, as an ordinal; `run` the days in a row up to it.

    `earned` has the lengths of the rows that were rewarded; `tasks` how often each was done.
    """

    days: int = 0
    last: int = 0
    run: int = 0
    earned: tuple[int, ...] = ()
    tasks: tuple[tuple[str, int], ...] = ()

    def done(self, key: str) -> int:
        """Return how often the task `key` was done."""
        return dict(self.tasks).get(key, 0)
