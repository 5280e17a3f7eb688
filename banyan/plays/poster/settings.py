"""What a merchant decides about a poster campaign."""

from typing import Annotated, Literal

import msgspec

from banyan.plays.schema import field

__all__ = ["PosterSettings", "PosterTier"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class PosterTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The owner of the poster earns `offer` once, when `people` new people have come by it."""

    people: Annotated[int, field("扫码新人数", "New people", ge=1, le=1000)]
    offer: Annotated[OfferKey, field("奖品", "Offer", widget="offer")]


class PosterSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The picture, the tiers, and how long a newcomer has to stay."""

    tiers: Annotated[
        tuple[PosterTier, ...],
        msgspec.Meta(min_length=1),
        field(
            "阶梯奖励",
            "Tiers",
            help_zh="扫自己海报来的新人达到人数即得，每档一份",
            help_en="One offer at each step of new people who came by the poster",
            most=10,
        ),
    ]
    friend_offer: (
        Annotated[
            OfferKey,
            field(
                "新朋友见面礼",
                "Offer for new friends",
                widget="offer",
                help_zh="扫码首次来店的人得到，可不设",
                help_en="For people who come by the poster; may be empty",
            ),
        ]
        | None
    ) = None
    stay_hours: Annotated[
        int,
        field(
            "须留满（小时）",
            "Hours a newcomer has to stay",
            ge=0,
            le=720,
            help_zh="在此之前退出的不计数，因此得到的奖品收回",
            help_en="Who leaves before does not count, and what they earned is taken back",
        ),
    ] = 24
    hours_to_finish: (
        Annotated[
            int,
            field(
                "完成时限（小时）",
                "Hours to finish",
                ge=1,
                le=2160,
                help_zh="留空表示到活动结束为止",
                help_en="Empty: until the campaign ends",
            ),
        ]
        | None
    ) = None
    picture: Annotated[
        Literal["plain", "warm", "night"],
        field(
            "海报样式",
            "Picture",
            help_zh="海报的底色",
            help_en="What the poster is drawn on",
        ),
    ] = "plain"
