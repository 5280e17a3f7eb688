"""Running a whole transaction again when another one was quicker: what constraints ask of callers."""

from collections.abc import Callable
from typing import Final, TypeVar

import psycopg

from banyan import ledger

TRIES: Final = 4
QUICKER: Final = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected, ledger.Overtaken)

T = TypeVar("T")


def until_first(effect: Callable[[], T]) -> T:
    """Run `effect`, a whole transaction, again when another one was quicker: four times at most."""
    for _ in range(TRIES - 1):
        try:
            return effect()
        except QUICKER:
            continue
    return effect()


__all__ = ["QUICKER", "TRIES", "until_first"]
