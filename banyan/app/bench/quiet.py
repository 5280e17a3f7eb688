"""Quiet: a load begins when the machine has done with what the one before it left behind.

Else a figure tells of its predecessor: what relay and analytics still had to read, a table that
was being analysed, people who were made a moment ago.
"""

import time
from pathlib import Path

IDLE_AT_LEAST = 0.85
LOOK_SECONDS = 0.4
WAIT_SECONDS_MOST = 30.0
"""A neighbour who is never quiet is measured with; the spread of the rounds tells of it."""
STAT = Path("/proc/stat")
IDLE, WAITING_FOR_DISK = 3, 4


def wait() -> None:
    """Return when the processors are idle, or when that does not come; at once where nobody counts."""
    if not STAT.exists():
        return
    until = time.monotonic() + WAIT_SECONDS_MOST
    while time.monotonic() < until:
        idle_before, all_before = _ticks()
        time.sleep(LOOK_SECONDS)
        idle, every = _ticks()
        if idle - idle_before >= IDLE_AT_LEAST * (every - all_before):
            return


def _ticks() -> tuple[int, int]:
    """Return how long the processors were idle, and how long in all, in ticks."""
    first = STAT.read_text().partition("\n")[0].split()[1:]
    ticks = [int(each) for each in first]
    return ticks[IDLE] + ticks[WAITING_FOR_DISK], sum(ticks)
