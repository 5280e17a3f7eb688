"""What a merchant decides about commission on orders."""

from typing import Annotated, Final

import msgspec

from banyan.plays.schema import field

__all__ = ["MOST_BPS", "AffiliateSettings", "SecondLevel"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]

MOST_BPS: Final = 3000
"""The most of an order's net goods that all commissions on it may come to."""


class SecondLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who brought the seller earns as well. A third level has no place to be written down."""

    rate_bps: Annotated[
        int,
        field(
            "二级佣金比例（万分之）",
            "Second level's share (hundredths of a percent)",
            ge=1,
            le=MOST_BPS,
        ),
    ]
    approval_id: Annotated[
        str,
        field(
            "法务审批编号",
            "Legal approval number",
            help_zh="两级分佣须先经法务书面审批，填写审批编号",
            help_en="Two levels need a written legal approval: its number",
            most=64,
        ),
        msgspec.Meta(min_length=4),
    ]


class AffiliateSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The share, when it vests, and the limits."""

    offer: Annotated[
        OfferKey,
        field(
            "佣金",
            "Commission",
            widget="offer",
            help_zh="现金奖品；其面值是每单佣金的上限",
            help_en="An offer of cash; what it is worth is the most for one order",
        ),
    ]
    rate_bps: Annotated[
        int,
        field(
            "佣金比例（万分之）",
            "Share (hundredths of a percent)",
            ge=1,
            le=MOST_BPS,
            help_zh="按订单商品实付金额计算，不含运费、优惠和退款；1000 即 10%",
            help_en="Of what was paid for the goods, without freight, discounts and refunds; 1000 is 10 %",
        ),
    ] = 1000
    return_days: Annotated[
        int,
        field(
            "退货期（天）",
            "Days to return",
            ge=7,
            le=90,
            help_zh="签收后满退货期和缓冲期，佣金才可提现",
            help_en="Commission vests after delivery, these days and the buffer",
        ),
    ] = 7
    buffer_days: Annotated[int, field("缓冲期（天）", "Buffer days", ge=0, le=30)] = 3
    orders_per_person: Annotated[
        int,
        field(
            "每人最多计佣单数",
            "Most orders a person earns by",
            ge=1,
            le=10_000,
            help_zh="超过后订单仍有效，不再计佣",
            help_en="Later orders stand, without commission",
        ),
    ] = 100
    second_level: Annotated[
        tuple[SecondLevel, ...],
        field(
            "二级佣金",
            "Second level",
            help_zh="留空为一级；两级须有法务审批编号；不能再多",
            help_en="Empty: one level; two need a legal approval number; there are no more",
            most=1,
        ),
    ] = ()

    @property
    def second(self) -> SecondLevel | None:
        """The second level, if there is one."""
        return self.second_level[0] if self.second_level else None
