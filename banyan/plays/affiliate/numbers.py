"""What a merchant reads of an affiliate campaign; the first leads."""

from typing import Final

from banyan.plays.numbers import Number
from banyan.plays.words import Words

__all__ = ["NUMBERS"]

NUMBERS: Final = (
    Number(
        "sales",
        "minor",
        Words("分销成交额", "Sold by links"),
        Words(
            "经推广链接卖出的计佣商品金额，已减去退款，不含运费。",
            "Paid for goods that earn by somebody's link, less refunds, without freight.",
        ),
        leads=True,
    ),
    Number(
        "sellers",
        "count",
        Words("出单的推广者", "Sellers with a sale"),
        Words(
            "至少卖出一单的推广者，与全部推广者相比。",
            "People whose link brought an order, out of everybody with a link.",
        ),
        has_whole=True,
    ),
    Number(
        "orders",
        "count",
        Words("订单数", "Orders"),
        Words(
            "经推广链接付款、含有计佣商品的订单。",
            "Paid orders by somebody's link with goods that earn.",
        ),
    ),
    Number(
        "commission_pending",
        "minor",
        Words("待结佣金", "Commission pending"),
        Words(
            "已产生、退货期未满的佣金。",
            "Commission that is owed and waits for the days of return.",
        ),
    ),
    Number(
        "commission_vested",
        "minor",
        Words("已结佣金", "Commission vested"),
        Words("已归推广者所有的佣金。", "Commission that is the sellers' own."),
    ),
    Number(
        "commission_back",
        "minor",
        Words("已追回佣金", "Commission taken back"),
        Words("因退款按比例追回的佣金。", "Commission taken back in proportion to refunds."),
    ),
)
