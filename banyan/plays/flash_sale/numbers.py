"""What a merchant reads of a flash sale; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "sold",
        "count",
        Words("已售件数", "Pieces sold"),
        Words(
            "已付款的件数，与秒杀总量相比。",
            "Pieces that are paid for, out of the quantity announced.",
        ),
        has_whole=True,
        leads=True,
    ),
    Number(
        "held",
        "count",
        Words("占着未付", "Held, not paid"),
        Words(
            "已下单、等待付款的件数；到时未付会放回。",
            "Pieces in orders that wait for payment; they return if it does not come.",
        ),
    ),
    Number(
        "sold_out_after",
        "seconds",
        Words("售罄用时", "Time to sell out"),
        Words(
            "从开抢到最后一件被订走的时间；没有售罄时没有这个数。",
            "From the opening until the last piece was ordered; none while there is one left.",
        ),
    ),
    Number(
        "buyers",
        "count",
        Words("买到的人", "Buyers"),
        Words("至少有一件已付款的人。", "People with at least one paid piece."),
    ),
    Number(
        "revenue",
        "minor",
        Words("成交额", "Revenue"),
        Words(
            "已付款的秒杀商品金额，不含运费，不含已退的订单。",
            "Paid for the goods, without freight and without returned orders.",
        ),
    ),
    Number(
        "given_back",
        "count",
        Words("放回件数", "Returned to the shelf"),
        Words("未付款而放回的件数。", "Pieces that went back because nobody paid in time."),
    ),
)
