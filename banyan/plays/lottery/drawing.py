"""From luck to a prize: the one function that a draw, the verifier and the statistics share."""

from collections.abc import Sequence

from banyan.plays.facts import LUCK_BELOW
from banyan.plays.lottery.settings import ODDS_ONE, LotteryPrize

__all__ = ["prize_at", "ticket_of"]


def ticket_of(luck: int) -> int:
    """Return the number, 0 to 999,999, that `luck` (below `LUCK_BELOW`) draws."""
    return luck * ODDS_ONE // LUCK_BELOW


def prize_at(prizes: Sequence[LotteryPrize], ticket: int) -> int | None:
    """Return the place of the prize whose range holds `ticket`, None for no prize.

    The ranges stand one after the other from 0, in the order of the prizes.
    """
    for place, prize in enumerate(prizes):
        if ticket < prize.odds_ppm:
            return place
        ticket -= prize.odds_ppm
    return None
