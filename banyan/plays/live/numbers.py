"""What a merchant reads of a live-room campaign; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "watchers",
        "count",
        Words("进直播间的人", "Watchers"),
        Words("输对直播间暗号的人。", "People who typed the code said in the room."),
        leads=True,
    ),
    Number(
        "drawers",
        "count",
        Words("看满抽奖", "Stayed to draw"),
        Words(
            "看够时间并抽过奖的人，与进直播间的人相比。",
            "People who watched long enough and drew, out of all watchers.",
        ),
        has_whole=True,
    ),
    Number(
        "draws",
        "count",
        Words("抽奖次数", "Draws"),
        Words("已完成的抽奖。", "Draws that were made."),
    ),
    Number(
        "wins",
        "count",
        Words("中奖份数", "Prizes won"),
        Words("抽中并发出的奖品。", "Prizes that were drawn and given."),
    ),
    Number(
        "friends",
        "count",
        Words("带来的新朋友", "New friends"),
        Words("经观众的链接首次来的人。", "New people who came by a watcher's link."),
    ),
)
