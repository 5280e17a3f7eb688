"""What a merchant reads of a poster campaign; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "verified",
        "count",
        Words("扫码来的新人", "New people by posters"),
        Words(
            "扫海报而来、验证了手机、现在仍计入的新人。",
            "New people who came by a poster, confirmed their phone and still count.",
        ),
        leads=True,
    ),
    Number(
        "posters",
        "count",
        Words("海报数", "Posters"),
        Words(
            "领了任务、有自己海报的人。", "People who took the task and have a poster of their own."
        ),
    ),
    Number(
        "stayed",
        "count",
        Words("已留满时间", "Stayed long enough"),
        Words(
            "留满规定时间、不会再减的新人。",
            "Newcomers who have stayed the time asked for and count for good.",
        ),
    ),
    Number(
        "left_early",
        "count",
        Words("提早退出", "Left early"),
        Words(
            "没有留满规定时间就退出的新人；因此得到的奖品已收回。",
            "Newcomers who left before the time was over; what they earned was taken back.",
        ),
    ),
    Number(
        "tiers_reached",
        "count",
        Words("达成的档位", "Tiers reached"),
        Words(
            "海报主人达到某一档而得到、没有收回的奖励份数。",
            "Rewards for reaching a tier that owners of posters hold.",
        ),
    ),
)
