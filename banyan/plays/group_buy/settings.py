"""What a merchant decides about a group-buying campaign."""

from typing import Annotated

import msgspec

from banyan.plays.schema import field

__all__ = ["GroupBuySettings", "TeamPrice"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
GoodKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class TeamPrice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A team of `people` pays `price_minor` for one piece."""

    people: Annotated[int, field("成团人数", "People", ge=2, le=200)]
    price_minor: Annotated[int, field("每件价格", "Price each", widget="minor", ge=1, le=10**9)]


class GroupBuySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sold, what a team pays by its head count, and until when it must have formed."""

    good: Annotated[GoodKey, field("拼团商品", "What is sold", widget="good")]
    tiers: Annotated[
        tuple[TeamPrice, ...],
        field(
            "人数与价格",
            "Prices by head count",
            help_zh="人越多越便宜；参团先付第一档价，按成团时的实际人数退回差额；最后一档的人数即满员",
            help_en="More people, lower price. A member pays the first step; the difference to the "
            "step really reached goes back. The last step is a full team",
            most=5,
        ),
    ]
    hours_to_fill: Annotated[int, field("成团时限（小时）", "Hours to fill", ge=1, le=720)] = 24
    leader_offer: (
        Annotated[
            OfferKey,
            field(
                "团长奖励",
                "Offer for the leader",
                widget="offer",
                help_zh="成团后发起人得到，须本人也已付款参团；可不设",
                help_en="The starter gets it when the team forms with them in it; may be empty",
            ),
        ]
        | None
    ) = None
    teams_per_person: Annotated[
        int, field("每人可开团次数", "Teams one person may start", ge=1, le=20)
    ] = 3
    most_per_order: Annotated[
        int, field("每人每团最多件数", "Pieces one member may buy", ge=1, le=99)
    ] = 1
