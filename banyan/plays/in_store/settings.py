"""What a merchant decides about an in-store campaign."""

from typing import Annotated

import msgspec

from banyan.plays.schema import field

__all__ = ["InStoreSettings", "Stamp"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Stamp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`visits` visits confirmed by the staff earn `offer`, once."""

    visits: Annotated[int, field("到店次数", "Visits", ge=1, le=100)]
    offer: Annotated[OfferKey, field("奖品", "Offer", widget="offer")]


class InStoreSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What scanning in the store earns, and what visits confirmed by the staff earn."""

    store_code: Annotated[
        str,
        msgspec.Meta(min_length=4, max_length=20),
        field(
            "门店码",
            "Store code",
            help_zh="印在桌贴或收银台的码，扫到或输入即算到店",
            help_en="On the table or at the till; scanning or typing it proves being there",
        ),
    ]
    stamps: Annotated[
        tuple[Stamp, ...],
        field(
            "集章奖励",
            "Rewards for visits",
            help_zh="店员确认到店达到次数即得，每档一次，在店内由店员核销",
            help_en="Earned by visits the staff confirm, once each, handed over by the staff",
            most=8,
        ),
    ]
    scan_offer: (
        Annotated[
            OfferKey,
            field(
                "扫码见面礼",
                "Offer for scanning",
                widget="offer",
                help_zh="在店里扫码即得一份，可不设",
                help_en="For scanning in the store, once; may be empty",
            ),
        ]
        | None
    ) = None
    friend_offer: (
        Annotated[
            OfferKey,
            field(
                "新朋友到店礼",
                "Offer for new friends",
                widget="offer",
                help_zh="经好友链接首次来店的人得到；带来朋友的人不得奖",
                help_en="For people who come by a friend's link; nobody is paid for bringing them",
            ),
        ]
        | None
    ) = None
