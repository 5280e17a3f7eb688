"""What a merchant reads of a check-in campaign; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "days",
        "count",
        Words("签到次数", "Check-ins"),
        Words(
            "全部有效签到，每人每天一次。",
            "Days checked in by everybody together, one a person and day.",
        ),
        leads=True,
    ),
    Number(
        "today",
        "count",
        Words("今天已签到", "Checked in today"),
        Words(
            "今天（按店铺所在地）签到的人。",
            "People who checked in today, by the merchant's own calendar.",
        ),
    ),
    Number(
        "people",
        "count",
        Words("签到人数", "People"),
        Words(
            "至少签到一次的人，与全部参加者相比。",
            "People with at least one check-in, out of everybody who takes part.",
        ),
        has_whole=True,
    ),
    Number(
        "average_days",
        "hundredths",
        Words("人均天数", "Days per person"),
        Words("签到过的人，平均每人几天。", "Days of a person who has checked in, on average."),
    ),
    Number(
        "streaks",
        "count",
        Words("连签奖励", "Streaks rewarded"),
        Words("连续签到达标而发出的奖励份数。", "Rewards given for days in a row."),
    ),
    Number(
        "longest_run",
        "count",
        Words("最长连签", "Longest row now"),
        Words("目前连续签到最多的天数。", "The most days in a row that anybody stands at."),
    ),
)
