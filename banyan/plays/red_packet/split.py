"""The split: one sum into shares, exact to the minor unit, decided whole before anybody opens it.

Chance comes in as a seed, so the same seed gives the same shares for ever.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Literal

__all__ = ["split"]

_WORD = 1 << 64


def split(
    total_minor: int,
    shares: int,
    least_minor: int,
    most_minor: int,
    how: Literal["equal", "lucky"],
    seed: bytes,
) -> list[int]:
    """Return `shares` amounts that add up to `total_minor`, each between least and most.

    Equal shares differ by at most one minor unit. Lucky ones are drawn by the double mean: each is
    anywhere from the least to as much above the mean of what is left as the least is below it. A
    permutation drawn from the seed then decides who comes upon which. Raises ValueError when no
    such split exists.
    """
    if shares < 1 or not shares * least_minor <= total_minor <= shares * most_minor:
        msg = f"{total_minor} is not {shares} shares of {least_minor} to {most_minor}"
        raise ValueError(msg)
    words = _words(seed)
    if how == "equal":
        each, over = divmod(total_minor, shares)
        amounts = [each + 1] * over + [each] * (shares - over)
    else:
        amounts = _lucky(total_minor, shares, least_minor, most_minor, words)
    for last in range(shares - 1, 0, -1):
        other = _below(words, last + 1)
        amounts[last], amounts[other] = amounts[other], amounts[last]
    return amounts


def _lucky(
    total_minor: int, shares: int, least_minor: int, most_minor: int, words: Iterator[int]
) -> list[int]:
    amounts: list[int] = []
    left_minor = total_minor
    for others in range(shares - 1, -1, -1):
        # What the others could not hold must be taken now; what they need must be left.
        low = max(least_minor, left_minor - others * most_minor)
        high = min(
            most_minor,
            left_minor - others * least_minor,
            2 * left_minor // (others + 1) - least_minor,
        )
        amount = low + _below(words, max(low, high) - low + 1)
        amounts.append(amount)
        left_minor -= amount
    return amounts


def _words(seed: bytes) -> Iterator[int]:
    """Yield 64-bit numbers: BLAKE2b of the seed and a counter, eight at a time."""
    block = 0
    while True:
        digest = blake2b(block.to_bytes(8), key=seed[:64]).digest()
        for at in range(0, 64, 8):
            yield int.from_bytes(digest[at : at + 8])
        block += 1


def _below(words: Iterator[int], bound: int) -> int:
    """Return a number below `bound`, each as likely as any other."""
    end = _WORD - _WORD % bound
    return next(word for word in words if word < end) % bound
