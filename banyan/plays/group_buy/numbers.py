"""What a merchant reads of a group buy; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "teams_formed",
        "count",
        Words("成团数", "Teams formed"),
        Words("已成团并定价的团。", "Teams that have formed and whose price is settled."),
        leads=True,
    ),
    Number(
        "teams_forming",
        "count",
        Words("正在拼", "Forming"),
        Words("有人已付款、还在等人的团。", "Teams with a paid member that wait for more."),
    ),
    Number(
        "teams_failed",
        "count",
        Words("未成团", "Failed"),
        Words(
            "有人下过单、到时没有成团的团；已付的款全部退回。",
            "Teams somebody had ordered in that did not form in time; all money goes back.",
        ),
    ),
    Number(
        "seats_filled",
        "count",
        Words("已占名额", "Seats filled"),
        Words(
            "成团和正在拼的团里已付款的名额，与这些团的全部名额相比。",
            "Paid seats in teams that formed or are forming, out of all their seats.",
        ),
        has_whole=True,
    ),
    Number(
        "average_team",
        "hundredths",
        Words("平均成团人数", "Average team"),
        Words("已成的团，平均每团几人。", "Members of a team that formed, on average."),
    ),
    Number(
        "refunds_under_way",
        "count",
        Words("退款中", "Refunds under way"),
        Words("钱正在退回买家的订单。", "Orders whose money is on its way back to the buyer."),
    ),
)
