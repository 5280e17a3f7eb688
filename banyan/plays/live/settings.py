"""What a merchant decides about a live-room campaign."""

from typing import Annotated

import msgspec

from banyan.plays.schema import field

__all__ = ["LivePrize", "LiveSettings"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class LivePrize(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A prize and its published odds; its quantity is the offer's."""

    offer: Annotated[OfferKey, field("奖品", "Prize", widget="offer")]
    odds_bps: Annotated[
        int,
        field(
            "中奖概率（万分之）",
            "Odds in 10,000",
            ge=1,
            le=10_000,
            help_zh="例如 500 表示 5%，会公示",
            help_en="500 is 5 %; published",
        ),
    ]


class LiveSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code shown in the room, what entering earns, and a draw for those who stay."""

    room_code: Annotated[
        str,
        msgspec.Meta(min_length=4, max_length=20),
        field(
            "直播间暗号",
            "Code shown in the room",
            help_zh="只在直播间里口播或展示，观众输入后算作进入",
            help_en="Said or shown in the room only; typing it proves having entered",
        ),
    ]
    enter_offer: (
        Annotated[
            OfferKey,
            field(
                "进直播间得",
                "Offer for entering",
                widget="offer",
                help_zh="进入直播间的人人都得，可不设",
                help_en="Everybody who enters gets it; may be empty",
            ),
        ]
        | None
    ) = None
    prizes: Annotated[
        tuple[LivePrize, ...],
        field(
            "抽奖奖品",
            "Prizes of the draw",
            help_zh="看够时间后每人可抽；概率和数量会公示",
            help_en="Everybody who watched long enough draws; odds and quantities are published",
            most=8,
        ),
    ] = ()
    draws_per_person: Annotated[
        int,
        field(
            "每人抽奖次数",
            "Draws per person",
            ge=1,
            le=10,
            help_zh="人人相同，不因带来朋友而增加",
            help_en="The same for everybody, however many friends they bring",
        ),
    ] = 1
    watch_minutes: Annotated[
        int,
        field(
            "看多久可抽奖（分钟）",
            "Minutes to watch before a draw",
            ge=0,
            le=240,
            help_zh="从输入暗号时算起",
            help_en="Counted from entering the code",
        ),
    ] = 10
    friend_offer: (
        Annotated[
            OfferKey,
            field(
                "新朋友见面礼",
                "Offer for new friends",
                widget="offer",
                help_zh="经好友链接首次来店的人得到；带来朋友的人不得奖",
                help_en="For people who come by a friend's link; nobody is paid for bringing them",
            ),
        ]
        | None
    ) = None
