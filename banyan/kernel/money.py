"""Money: an integer of the smallest unit, and its currency."""

from typing import NamedTuple


class Money(NamedTuple):
    """An amount in minor units (分 for CNY) of one currency (ISO 4217)."""

    minor: int
    currency: str


def split(total_minor: int, weights: list[int]) -> list[int]:
    """Split `total_minor` by `weights` with largest remainder: the parts add up to the cent.

    Ties go to the earlier part. Raises ValueError when no weight is positive.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        msg = "weights must be non-negative and not all zero"
        raise ValueError(msg)
    parts = [total_minor * weight // whole for weight in weights]
    rest = total_minor - sum(parts)
    order = sorted(range(len(weights)), key=lambda i: (-(total_minor * weights[i] % whole), i))
    for i in order[:rest]:
        parts[i] += 1
    return parts
