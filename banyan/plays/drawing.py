"""From luck to a prize: the one function that a draw, the verifier and the statistics share."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from banyan.plays.facts import LUCK_BELOW

__all__ = ["ODDS_ONE", "DrawPrize", "Draws", "PublishedOdds", "prize_at", "ticket_of"]

ODDS_ONE: Final = 1_000_000
"""Certainty, in the unit of published odds: parts per million."""


class PublishedOdds(Protocol):
    """Whatever says with which odds it wins which offer."""

    @property
    def offer(self) -> str:
        """The offer's key."""
        ...

    @property
    def odds_ppm(self) -> int:
        """How often in a million draws."""
        ...


class DrawPrize(NamedTuple):
    """Each draw wins `offer` with `odds_ppm` in a million, as long as there is one left."""

    offer: str
    odds_ppm: int


class Draws(NamedTuple):
    """The act that draws, and the prizes in the order in which their ranges stand."""

    step: str
    prizes: tuple[DrawPrize, ...]

    def prize_of(self, luck: int) -> str:
        """Return the offer that `luck` (below `LUCK_BELOW`) draws, "" for none."""
        place = prize_at(self.prizes, ticket_of(luck))
        return "" if place is None else self.prizes[place].offer


def ticket_of(luck: int) -> int:
    """Return the number, 0 to 999,999, that `luck` (below `LUCK_BELOW`) draws."""
    return luck * ODDS_ONE // LUCK_BELOW


def prize_at(prizes: Sequence[PublishedOdds], ticket: int) -> int | None:
    """Return the place of the prize whose range holds `ticket`, None for no prize.

    The ranges stand one after the other from 0, in the order of the prizes.
    """
    for place, prize in enumerate(prizes):
        if ticket < prize.odds_ppm:
            return place
        ticket -= prize.odds_ppm
    return None
