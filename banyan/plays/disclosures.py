"""What a play tells the compliance judge beside its causal links: its terms, as plain values.

Paths start inside the settings, as those of a `Mechanism` do. Money is in minor units, rates are
in basis points (10,000 is the whole).
"""

from typing import Literal

import msgspec

__all__ = [
    "CommissionTerms",
    "Disclosures",
    "DrawTerms",
    "PacketTerms",
    "PriceTerms",
    "PrizeTerms",
    "TeamTerms",
]


class TeamTerms(msgspec.Struct, frozen=True):
    """Buying as a team. `by_chance`: who gets what, or at which price, is drawn."""

    path: str
    size: int | None
    hours: int | None
    refunds_on_failure: bool
    price_minor: int | None
    by_chance: bool = False


class PrizeTerms(msgspec.Struct, frozen=True):
    """A prize of a draw. `odds_bps` None: by quantity only; the offer says the quantity."""

    path: str
    offer: str
    odds_bps: int | None


class DrawTerms(msgspec.Struct, frozen=True):
    """Chance. `chances_from` names the events, if any, that give further chances.

    `look` is how the phone shows it; `predetermined` counts winners fixed beforehand; `committed`:
    a seed is committed to before the draw and revealed after it.
    """

    path: str
    prizes: tuple[PrizeTerms, ...]
    chances_per_person: int
    chances_from: tuple[str, ...] = ()
    look: Literal["wheel", "grid", "list"] = "list"
    predetermined: int = 0
    committed: bool = True


class PacketTerms(msgspec.Struct, frozen=True):
    """Cash given in parts: the least and the most that one person gets."""

    path: str
    least_minor: int
    most_minor: int


class PriceTerms(msgspec.Struct, frozen=True):
    """`good` is sold for `price_minor` at the least, beside its list price."""

    path: str
    good: str
    price_minor: int


class CommissionTerms(msgspec.Struct, frozen=True):
    """Commission on an order. `hold_days`: how long after delivery until it can be paid out.

    `levels` counts who is paid on one order; `approval` is the id of the legal approval that more
    than one level needs; `needs_purchase`: one has to buy before one may promote.
    """

    path: str
    rate_bps: int
    hold_days: int
    levels: int = 1
    approval: str = ""
    needs_purchase: bool = False


class Disclosures(msgspec.Struct, frozen=True):
    """Everything at once; what a play has not, it leaves out. `is_quiz`: questions with a result."""

    teams: tuple[TeamTerms, ...] = ()
    draws: tuple[DrawTerms, ...] = ()
    packets: tuple[PacketTerms, ...] = ()
    prices: tuple[PriceTerms, ...] = ()
    commissions: tuple[CommissionTerms, ...] = ()
    is_quiz: bool = False
