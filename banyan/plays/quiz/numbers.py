"""What a merchant reads of a quiz; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "levels_passed",
        "count",
        Words("闯过的关", "Levels passed"),
        Words("全部玩家闯过的关数之和。", "Levels passed by everybody together."),
        leads=True,
    ),
    Number(
        "right_share",
        "share",
        Words("答对率", "Right answers"),
        Words(
            "所有作答里答对的题占的比例。", "The share of questions answered right, over all tries."
        ),
    ),
    Number(
        "players",
        "count",
        Words("答题人数", "Players"),
        Words(
            "至少答过一次题的人，与全部参加者相比。",
            "People with at least one try, out of everybody who takes part.",
        ),
        has_whole=True,
    ),
    Number(
        "tries",
        "count",
        Words("作答次数", "Tries"),
        Words(
            "提交过的答卷，每关每次算一次。",
            "Answer sheets handed in, one for each try at a level.",
        ),
    ),
    Number(
        "complete",
        "count",
        Words("全部通关", "Passed all levels"),
        Words("闯过最后一关的人。", "People who passed the last level."),
    ),
    Number(
        "stuck",
        "count",
        Words("机会用完", "Out of tries"),
        Words(
            "在某一关用完次数、未能过关的人。", "People who have used up their tries at a level."
        ),
    ),
)
