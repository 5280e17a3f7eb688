"""What a merchant decides about a bargain campaign."""

from typing import Annotated

import msgspec

from banyan.plays.schema import field

__all__ = ["BargainSettings"]

GoodKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class BargainSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sold, between which prices, cut by how many friends, and until when."""

    good: Annotated[GoodKey, field("砍价商品", "What is sold", widget="good")]
    start_price_minor: Annotated[
        int,
        field(
            "起始价",
            "Price to start from",
            widget="minor",
            ge=1,
            le=10**9,
            help_zh="不高于商品平时的售价",
            help_en="No more than what the product usually costs",
        ),
    ]
    floor_minor: Annotated[int, field("底价", "Lowest price", widget="minor", ge=1, le=10**9)]
    cuts_needed: Annotated[
        int,
        field(
            "砍到底价需要的人数",
            "Friends it takes to the lowest price",
            ge=1,
            le=100,
            help_zh="每位好友砍掉随机一截，最后一位恰好到底价",
            help_en="Each friend takes off a random part; the last one ends exactly at the bottom",
        ),
    ]
    hours_to_finish: Annotated[int, field("时限（小时）", "Hours to finish", ge=1, le=720)] = 24
    new_people_only: Annotated[
        bool,
        field(
            "只计新朋友",
            "New people only",
            help_zh="来之前您还不认识的人才能帮砍",
            help_en="Only people you did not know before may help",
        ),
    ] = False
    helps_per_person: Annotated[
        int, field("每人可帮砍次数", "Bargains one person may help", ge=1, le=100)
    ] = 3
    quests_per_person: Annotated[
        int, field("每人可发起次数", "Bargains one person may start", ge=1, le=20)
    ] = 1
