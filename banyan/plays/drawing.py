"""From luck to a prize: the one function that a draw, the verifier and the statistics share."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from banyan.plays.facts import LUCK_BELOW
from banyan.plays.words import Words

__all__ = [
    "DRAWN_IN_THE_OPEN",
    "ODDS_ONE",
    "DrawPrize",
    "Draws",
    "PublishedOdds",
    "prize_at",
    "ticket_of",
]

ODDS_ONE: Final = 1_000_000
"""Certainty, in the unit of published odds: parts per million."""


DRAWN_IN_THE_OPEN: Final = (
    Words(
        "开奖时间与方式：点击后即时开奖。每次抽奖按先后顺序取得一个连续编号，"
        "号码 = HMAC-SHA256(活动种子, 活动编号 + 抽奖编号) 的前 4 字节，换算为 0 至 999999；"
        "各奖品按上列顺序从 0 起依次占用与其概率相等的号码段。",
        "Drawn at once when you press. Draws are numbered in turn without a gap; the number "
        "drawn is the first 4 bytes of HMAC-SHA256(the campaign's seed, the campaign's id + "
        "the draw's number), scaled to 0…999999; each prize, in the order above, takes as many "
        "numbers from 0 upwards as its odds say.",
    ),
    Words(
        "种子在活动发布时随机生成并保密，其 SHA-256 在发布时公布；活动结算后公布种子，"
        "任何人都可以用活动页提供的校验程序复核每一次结果。",
        "The seed is drawn at publication and kept secret, its SHA-256 is published at once; "
        "when the campaign is settled the seed is shown, and anybody can check every draw with "
        "the program on the page.",
    ),
)
"""What the rules of every play that draws say of how it is drawn, and of how to check it."""


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
