"""What a merchant decides about a lottery."""

from typing import Annotated, Literal

import msgspec

from banyan.plays.drawing import ODDS_ONE
from banyan.plays.schema import field

__all__ = ["LotteryPrize", "LotterySettings"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class LotteryPrize(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Each draw wins `offer` with `odds_ppm` in a million, as long as there is one left.

    How many there are is the offer's own quantity.
    """

    offer: Annotated[OfferKey, field("奖品", "Prize", widget="offer")]
    odds_ppm: Annotated[
        int,
        field(
            "中奖概率（百万分之）",
            "Odds (parts per million)",
            ge=1,
            le=ODDS_ONE,
            help_zh="10000 即 1%；将原样公示",
            help_en="10000 is 1 %; published as it stands",
        ),
    ]


class LotterySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Prizes with their odds, and how often a person may draw. Sharing never adds a chance."""

    prizes: Annotated[
        tuple[LotteryPrize, ...],
        field(
            "奖品与概率",
            "Prizes and odds",
            help_zh="每种奖品的数量在奖品中填写；发完后该区间为未中奖",
            help_en="How many there are is set on the offer; once gone, its range wins nothing",
            most=10,
        ),
    ] = ()
    every: Annotated[
        Literal["times", "day"],
        field(
            "抽奖机会",
            "Chances",
            help_zh="分享不增加机会",
            help_en="Sharing adds none",
        ),
    ] = "times"
    draws_per_person: Annotated[
        int,
        field("每人最多抽奖次数", "Most draws per person", ge=1, le=100),
    ] = 1
    wins_per_person: Annotated[
        int,
        field(
            "每人最多中奖次数",
            "Most wins per person",
            ge=1,
            le=100,
            help_zh="达到后不再抽奖",
            help_en="Whoever has won so often draws no more",
        ),
    ] = 1
