"""What a merchant reads of a referral campaign."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "brought",
        "count",
        Words("带来的朋友", "Friends brought"),
        Words(
            "经邀请而来、计入人数、没有退出的朋友。",
            "Friends who came by an invitation, counted, and have not left again.",
        ),
    ),
    Number(
        "inviters",
        "count",
        Words("带来过朋友的人", "Active inviters"),
        Words(
            "至少带来一位朋友的邀请人，与全部邀请人相比。",
            "Inviters with at least one friend who counts, out of everybody who invites.",
        ),
        has_whole=True,
    ),
    Number(
        "tiers_reached",
        "count",
        Words("达成的档位", "Tiers reached"),
        Words(
            "邀请人达到某一档而得到、没有收回的奖励份数。",
            "Rewards for reaching a tier that inviters hold; what was taken back is not in it.",
        ),
    ),
    Number(
        "average_brought",
        "hundredths",
        Words("人均带来", "Friends each"),
        Words(
            "带来过朋友的邀请人，平均每人带来几位。",
            "Friends brought on average by an inviter who brought anybody.",
        ),
    ),
    Number(
        "left_again",
        "count",
        Words("后来退出", "Left again"),
        Words("先计入、后来退出的朋友。", "Friends who counted and left again."),
    ),
)
