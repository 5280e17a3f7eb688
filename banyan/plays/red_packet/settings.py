"""What a merchant decides about a red packet."""

from typing import Annotated, Literal

import msgspec

from banyan.plays.schema import field

__all__ = ["RedPacketSettings"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class RedPacketSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One packet of `total_minor`, cut into `shares` before anybody opens it."""

    offer: Annotated[
        OfferKey,
        field(
            "红包奖品",
            "Offer",
            widget="offer",
            help_zh="现金类奖品，金额由红包决定",
            help_en="An offer of cash; the packet decides the amount",
        ),
    ]
    total_minor: Annotated[
        int,
        field(
            "红包总额",
            "Total",
            widget="minor",
            ge=1,
            le=10**9,
            help_zh="发布时从预算中划出，未领完的退回预算",
            help_en="Set aside from the budget at publication; what nobody takes returns to it",
        ),
    ] = 10_000
    shares: Annotated[
        int,
        field("份数", "Shares", ge=1, le=100_000, help_zh="每人限领一份", help_en="One a person"),
    ] = 50
    split: Annotated[
        Literal["equal", "lucky"],
        field(
            "分法",
            "Split",
            help_zh="金额在发布时就已分好",
            help_en="The amounts are fixed on publication",
        ),
    ] = "lucky"
    least_minor: Annotated[
        int,
        field(
            "单份最低",
            "Least of a share",
            widget="minor",
            ge=1,
            le=10**7,
            help_zh="微信红包单份为 1 至 200 元",
            help_en="WeChat pays shares of 1 to 200 CNY",
        ),
    ] = 100
    most_minor: Annotated[
        int,
        field("单份最高", "Most of a share", widget="minor", ge=1, le=10**7),
    ] = 20_000
    new_people_only: Annotated[
        bool,
        field(
            "仅限新朋友",
            "New people only",
            help_zh="来之前您还不认识的人才能领",
            help_en="Only people you did not know before they came",
        ),
    ] = False
