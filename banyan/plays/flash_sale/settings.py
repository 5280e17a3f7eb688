"""What a merchant decides about a flash sale."""

from typing import Annotated

import msgspec

from banyan.plays.schema import field

__all__ = ["FlashSaleSettings"]

GoodKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class FlashSaleSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sold for how much, how many in all and how many to one person.

    The window is the campaign's own period.
    """

    good: Annotated[GoodKey, field("秒杀商品", "What is sold", widget="good")]
    price_minor: Annotated[int, field("秒杀价", "Sale price", widget="minor", ge=1, le=10**9)]
    quantity: Annotated[
        int,
        field(
            "秒杀总件数",
            "Pieces in all",
            ge=1,
            le=1_000_000,
            help_zh="真实可售数量；售完即止，不补不虚报",
            help_en="As many as there really are; when they are gone the sale is over",
        ),
    ]
    per_person: Annotated[int, field("每人限购件数", "Pieces per person", ge=1, le=50)] = 1
    newcomers_only: Annotated[
        bool,
        field(
            "仅限新客",
            "Newcomers only",
            help_zh="只卖给从未在本店付款下单的人，每人一单",
            help_en="Sold only to who has never paid for an order here, one order each",
        ),
    ] = False
