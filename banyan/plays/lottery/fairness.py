"""Do draws fall as the published odds say? Pearson's χ², with a bound for chance alone."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from banyan.plays.drawing import ODDS_ONE, PublishedOdds

__all__ = ["Fairness", "fairness"]

LEAST_EXPECTED = 5
"""Below this the statistic says nothing: too few draws for so rare a prize."""
Z = 3.0902
"""One fair lottery in a thousand lies above."""


class Fairness(NamedTuple):
    """`statistic` of `freedom` degrees; `bound` is exceeded by one fair lottery in a thousand."""

    expected: dict[str, float]
    """By offer; "" is no prize."""
    statistic: float
    freedom: int
    bound: float
    is_telling: bool
    """Whether there were enough draws for every prize."""

    @property
    def agrees(self) -> bool:
        """Whether the draws are what the odds lead one to expect."""
        return self.statistic <= self.bound


def fairness(prizes: Sequence[PublishedOdds], counts: Mapping[str, int]) -> Fairness:
    """Compare how often each range was drawn (`counts` by offer, "" for none) with its odds."""
    odds = {prize.offer: prize.odds_ppm for prize in prizes}
    odds[""] = ODDS_ONE - sum(odds.values())
    odds = {offer: ppm for offer, ppm in odds.items() if ppm > 0}
    draws = sum(counts.values())
    expected = {offer: draws * ppm / ODDS_ONE for offer, ppm in odds.items()}
    statistic = sum(
        (counts.get(offer, 0) - wanted) ** 2 / wanted
        for offer, wanted in expected.items()
        if wanted
    )
    freedom = len(odds) - 1
    # Wilson and Hilferty: the cube root of χ²/k is nearly normal.
    part = 2 / (9 * freedom) if freedom else 0.0
    bound = freedom * (1 - part + Z * part**0.5) ** 3
    telling = bool(expected) and min(expected.values()) >= LEAST_EXPECTED
    return Fairness(expected, statistic, freedom, bound, telling)
