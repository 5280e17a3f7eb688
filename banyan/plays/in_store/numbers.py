"""What a merchant reads of an in-store campaign; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "visits",
        "count",
        Words("核实到店", "Visits confirmed"),
        Words(
            "店员确认的到店，每人每天一次。", "Visits the staff confirmed, one a person and day."
        ),
        leads=True,
    ),
    Number(
        "visitors",
        "count",
        Words("到店人数", "Visitors"),
        Words(
            "至少到店一次的人，与全部参加者相比。",
            "People with at least one visit, out of everybody who takes part.",
        ),
        has_whole=True,
    ),
    Number(
        "came_again",
        "count",
        Words("再次到店", "Came again"),
        Words("到店两次以上的人。", "People with two visits or more."),
    ),
    Number(
        "scans",
        "count",
        Words("扫店内码", "Scans in the store"),
        Words("扫码或输入店内码的人。", "People who scanned or typed the code in the store."),
    ),
    Number(
        "redeemed",
        "count",
        Words("已核销", "Handed over"),
        Words(
            "店员当面核销的奖品，与已得的集章奖品相比。",
            "Rewards the staff handed over, out of those earned by visits.",
        ),
        has_whole=True,
    ),
)
