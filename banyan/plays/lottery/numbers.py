"""What a merchant reads of a lottery; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "draws",
        "count",
        Words("抽奖次数", "Draws"),
        Words(
            "已完成的抽奖，编号连续、没有缺号。", "Draws that were made, numbered without a gap."
        ),
        leads=True,
    ),
    Number(
        "people",
        "count",
        Words("抽奖人数", "People who drew"),
        Words("至少抽过一次的人。", "People with at least one draw."),
    ),
    Number(
        "winners",
        "count",
        Words("中奖人数", "Winners"),
        Words("至少中过一次奖的人。", "People who won at least once."),
    ),
    Number(
        "prizes_left",
        "count",
        Words("剩余奖品", "Prizes left"),
        Words(
            "还没有抽走的奖品，与公示数量相比。",
            "Prizes nobody has won yet, out of the quantity published.",
        ),
        has_whole=True,
    ),
    Number(
        "odds_seen",
        "share",
        Words("实际抽中率", "Odds seen"),
        Words(
            "抽中某一奖品区间的抽奖占全部抽奖的比例。",
            "The share of draws that fell into the range of a prize.",
        ),
    ),
    Number(
        "odds_published",
        "share",
        Words("公示中奖率", "Odds published"),
        Words(
            "各奖品公示概率之和；与实际抽中率应当接近。",
            "The published odds of all prizes together; the odds seen should come close.",
        ),
    ),
)
