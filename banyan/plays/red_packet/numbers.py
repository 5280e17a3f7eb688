"""What a merchant reads of a red packet; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "taken",
        "count",
        Words("已领份数", "Shares taken"),
        Words("已被领走的份数，与总份数相比。", "Shares that people have taken, out of all."),
        has_whole=True,
        leads=True,
    ),
    Number(
        "taken_money",
        "minor",
        Words("已领金额", "Money taken"),
        Words("已被领走的金额，与红包总额相比。", "What has been taken, out of what was put in."),
        has_whole=True,
    ),
    Number(
        "median_after",
        "seconds",
        Words("领取时间（中位）", "Time to a share (median)"),
        Words(
            "从红包打开到领取的时间，取中位数。",
            "From the opening of the packet until a share was taken, the median.",
        ),
    ),
    Number(
        "emptied_after",
        "seconds",
        Words("领完用时", "Time to empty"),
        Words(
            "从红包打开到最后一份被领走的时间；没有领完时没有这个数。",
            "From the opening until the last share was taken; none while there is one left.",
        ),
    ),
    Number(
        "by_friends",
        "count",
        Words("经好友链接", "By a friend's link"),
        Words(
            "经好友分享的链接领走的份数。", "Shares taken by people who came by somebody's link."
        ),
    ),
    Number(
        "returned",
        "minor",
        Words("已退回预算", "Returned to the budget"),
        Words(
            "活动结束时没人领、退回预算的金额。", "What nobody had taken when the packet closed."
        ),
    ),
)
