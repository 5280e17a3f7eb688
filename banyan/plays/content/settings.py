"""What a merchant decides about a content campaign."""

from typing import Annotated

import msgspec

from banyan.plays.schema import field

__all__ = ["ContentSettings", "Part"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One more part, opened when `people` new people have registered through the reader's link."""

    people: Annotated[int, field("注册人数", "New people registered", ge=1, le=1000)]
    offer: Annotated[OfferKey, field("解锁内容", "Part opened", widget="offer")]


class ContentSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What everybody reads on registering, and what opens after that."""

    first_part: Annotated[
        OfferKey,
        field(
            "注册即得的内容",
            "Content for registering",
            widget="offer",
            help_zh="文章、课程第一节或资料；人人注册即得，不需邀请",
            help_en="An article, a first lesson or a report: everybody gets it on registering",
        ),
    ]
    parts: Annotated[
        tuple[Part, ...],
        field(
            "后续内容",
            "Further parts",
            help_zh="带来的新朋友注册达到人数即解锁下一部分，可不设",
            help_en="Opened as new friends register; may be empty",
            most=10,
        ),
    ] = ()
    friend_offer: (
        Annotated[
            OfferKey,
            field(
                "新朋友见面礼",
                "Offer for new friends",
                widget="offer",
                help_zh="经好友链接首次来店的人另得一份，可不设",
                help_en="One more for people who come by a friend's link; may be empty",
            ),
        ]
        | None
    ) = None
    new_people_only: Annotated[
        bool,
        field(
            "只计新朋友",
            "New people only",
            help_zh="来之前您还不认识的人才计数",
            help_en="Only people you did not know before they came",
        ),
    ] = True
    hours_to_finish: (
        Annotated[
            int,
            field(
                "解锁时限（小时）",
                "Hours to open the parts",
                ge=1,
                le=2160,
                help_zh="留空表示到活动结束为止",
                help_en="Empty: until the campaign ends",
            ),
        ]
        | None
    ) = None
