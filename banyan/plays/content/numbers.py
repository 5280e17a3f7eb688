"""What a merchant reads of a content campaign; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "unlocks",
        "count",
        Words("解锁次数", "Parts unlocked"),
        Words(
            "全部解锁：首部分和靠新朋友解锁的各部分。",
            "Every part that was opened: the first, and those opened by new friends.",
        ),
        leads=True,
    ),
    Number(
        "readers",
        "count",
        Words("领取首部分", "Opened the first part"),
        Words(
            "注册后领取首部分的人，与全部参加者相比。",
            "People who took the first part, out of everybody who takes part.",
        ),
        has_whole=True,
    ),
    Number(
        "by_friends",
        "count",
        Words("靠朋友解锁", "Opened by friends"),
        Words("因新朋友注册而解锁的后续部分。", "Further parts that new friends opened."),
    ),
    Number(
        "friends",
        "count",
        Words("带来的新朋友", "New friends"),
        Words(
            "经分享链接注册、计入的新朋友。",
            "New people who registered by somebody's link and count.",
        ),
    ),
    Number(
        "complete",
        "count",
        Words("全部解锁", "Have all parts"),
        Words("已解锁全部内容的人。", "People for whom every part is open."),
    ),
)
