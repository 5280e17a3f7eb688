"""What a merchant reads of a good cause; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "total",
        "count",
        Words("已捐份数", "Given so far"),
        Words(
            "以大家的名义已捐出的份数，与总目标相比。",
            "Units given in everybody's name, out of the goal.",
        ),
        has_whole=True,
        leads=True,
    ),
    Number(
        "givers",
        "count",
        Words("参与的人", "People who gave"),
        Words("名下至少有一份的人。", "People with at least one unit in their name."),
    ),
    Number(
        "by_friends",
        "count",
        Words("新朋友加入", "By new friends"),
        Words("因新朋友加入而捐出的份数。", "Units given because a new friend joined."),
    ),
    Number(
        "average_given",
        "hundredths",
        Words("人均份数", "Units per person"),
        Words("平均每位参与者名下几份。", "Units in one person's name on average."),
    ),
    Number(
        "thanked",
        "count",
        Words("感谢礼", "Thanked"),
        Words("已送出的感谢礼。", "Gifts of thanks that were given."),
    ),
)
