"""How much a number of people brought can cost at most, however they are shared out."""

from collections.abc import Sequence
from typing import Final

__all__ = ["dearest_sharing"]

EXACT_UP_TO: Final = 10_000
"""Above this many people the exact search gives way to a bound by the best rate per person."""


def dearest_sharing(tiers: Sequence[tuple[int, int]], brought: int) -> int:
    """Return the most that `brought` people cost when inviters share them out among themselves.

    `tiers` are pairs of people and what an inviter earns on reaching them, in minor units, each
    once. Every person is brought by one inviter only; any way of sharing out can be reached. Above
    `EXACT_UP_TO` people the answer is an upper bound.
    """
    worth: list[tuple[int, int]] = []
    for people, cost in sorted(tiers):
        worth.append((people, cost + (worth[-1][1] if worth else 0)))
    if not worth:
        return 0
    if brought > EXACT_UP_TO:
        return max(-(-cost * brought // people) for people, cost in worth)
    best = [0] * (brought + 1)
    for total in range(1, brought + 1):
        best[total] = max(
            best[total - 1],
            *(cost + best[total - people] for people, cost in worth if people <= total),
            0,
        )
    return best[brought]
