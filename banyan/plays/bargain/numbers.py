"""What a merchant reads of a bargain campaign; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "bought",
        "count",
        Words("按砍到的价成交", "Bought at the price reached"),
        Words(
            "发起人已付款买下的砍价，与全部砍价相比。",
            "Bargains whose starter has paid, out of all that were started.",
        ),
        has_whole=True,
        leads=True,
    ),
    Number(
        "finished",
        "count",
        Words("砍到底价", "Cut to the floor"),
        Words("朋友已把价格砍到底的砍价。", "Bargains that friends have cut all the way down."),
    ),
    Number(
        "price_reached",
        "minor",
        Words("砍到的价（中位）", "Price reached (median)"),
        Words(
            "有朋友砍过的砍价，现在价格的中位数。",
            "Median price now of bargains that somebody has cut.",
        ),
    ),
    Number(
        "average_paid",
        "minor",
        Words("成交均价", "Average price paid"),
        Words("已成交的砍价，平均每件卖了多少。", "What a piece was sold for on average."),
    ),
    Number(
        "median_cuts",
        "hundredths",
        Words("砍价人数（中位）", "Cuts per bargain (median)"),
        Words("每个砍价有几位朋友帮砍，取中位数。", "Friends who cut in one bargain, the median."),
    ),
    Number(
        "to_be_paid",
        "count",
        Words("待付款", "To be paid"),
        Words("已下单、还没付款的砍价。", "Bargains with an order that is not paid yet."),
    ),
)
