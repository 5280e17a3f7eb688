"""The numbers a play has of its own: what each is called and what it counts.

Labels and definitions only; the runtime finds the values, all plays' numbers of one campaign at
once. A number of the whole campaign's growth, as K, is a measure of analytics.
"""

from typing import Literal, Protocol, runtime_checkable

import msgspec

from banyan.plays.words import Words

__all__ = ["Number", "Numbered", "Unit"]

Unit = Literal["count", "minor", "share", "hundredths", "seconds"]
"""`minor`: money in minor units; `share`: parts per million; `hundredths`: of one."""


class Number(msgspec.Struct, frozen=True):
    """One number under `key`: always a whole number of its unit, or none.

    `has_whole`: it is part of a whole that is told beside it. `leads`: it is the one that matters.
    """

    key: str
    unit: Unit
    name: Words
    means: Words
    has_whole: bool = False
    leads: bool = False


@runtime_checkable
class Numbered(Protocol):
    """A play with numbers of its own; without one that leads, the growth factor does."""

    numbers: tuple[Number, ...]
