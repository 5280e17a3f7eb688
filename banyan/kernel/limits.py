"""Rate limits: token buckets in this process.

With several web processes the whole lets through at most that many times as much; what must hold
exactly (tries of a code, codes per phone and day) is counted in the database.
"""

import math
import time
from collections.abc import Callable
from typing import NamedTuple

from cachebox import LRUCache

from banyan.kernel.errors import TOO_OFTEN, Refused

MOST_BUCKETS = 100_000


class Rate(NamedTuple):
    """How often something may happen: `burst` at once, then `per_minute`."""

    burst: int
    per_minute: float


class Limiter:
    """Buckets of one rate, one for each key; the least used is forgotten when memory is full."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with full buckets."""
        self.rate = rate
        self._clock = clock
        self._buckets: LRUCache[str, tuple[float, float]] = LRUCache(MOST_BUCKETS)

    def take(self, key: str) -> None:
        """Take one from the bucket of `key`. Raises the refusal `too_often` when it is empty."""
        if wait := self.wait_seconds(key):
            raise Refused(TOO_OFTEN, seconds=wait)

    def wait_seconds(self, key: str) -> int:
        """Take one from the bucket of `key`; return 0, or the whole seconds to wait for one."""
        now = self._clock()
        left, seen = self._buckets.get(key, None) or (float(self.rate.burst), now)
        left = min(float(self.rate.burst), left + (now - seen) * self.rate.per_minute / 60)
        if left < 1:
            self._buckets[key] = (left, now)
            return max(1, math.ceil((1 - left) * 60 / self.rate.per_minute))
        self._buckets[key] = (left - 1, now)
        return 0

    def give_back(self, key: str) -> None:
        """Put one back into the bucket of `key`: what was taken turned out harmless."""
        if kept := self._buckets.get(key, None):
            self._buckets[key] = (min(float(self.rate.burst), kept[0] + 1), kept[1])
