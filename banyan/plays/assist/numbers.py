"""What a merchant reads of an assist campaign."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "unlocked",
        "count",
        Words("助力成功", "Unlocked"),
        Words(
            "助力人数已满、得到奖品的任务，与全部任务相比。",
            "Quests that have all the helpers they need, out of all quests.",
        ),
        has_whole=True,
    ),
    Number(
        "helps",
        "count",
        Words("有效助力", "Helps that counted"),
        Words("计入的助力，没有退出的。", "Helps that counted and were not taken back."),
    ),
    Number(
        "average_helpers",
        "hundredths",
        Words("每个任务的助力", "Helpers per quest"),
        Words("平均每个任务得到几位朋友的助力。", "Helpers of a quest on average."),
    ),
    Number(
        "one_short",
        "count",
        Words("只差一位", "One helper short"),
        Words("还在进行、只差一位助力的任务。", "Open quests that need one helper more."),
    ),
    Number(
        "ran_out",
        "count",
        Words("未能完成", "Not reached"),
        Words("时限内没有集齐助力的任务。", "Quests whose time was over before all helpers came."),
    ),
)
