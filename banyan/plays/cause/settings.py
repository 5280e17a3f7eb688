"""What a merchant decides about a campaign for a cause."""

from typing import Annotated, Literal

import msgspec

from banyan.plays.schema import field

__all__ = ["CauseSettings"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class CauseSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One goal for everybody: each act gives one unit in a participant's name, up to the goal."""

    unit_offer: Annotated[
        OfferKey,
        field(
            "捐赠单位",
            "One unit given",
            widget="offer",
            help_zh="每次参与由您捐出的一份（如一本书），以参与者名义；奖品数量须等于总目标",
            help_en="What you give for each act, in their name; its quantity must be the goal",
        ),
    ]
    goal: Annotated[
        int,
        field(
            "总目标（份）",
            "Goal in units",
            ge=1,
            le=10_000_000,
            help_zh="全体参与者一起完成；如实显示，到数即止",
            help_en="Reached by everybody together; shown as it is and never passed",
        ),
    ]
    label_zh: Annotated[Label, field("参与动作（中文）", "The act in Chinese")] = "我要助一份力"
    label_en: Annotated[Label, field("参与动作（英文）", "The act in English")] = "Give one"
    every: Annotated[
        Literal["once", "day"],
        field(
            "多久一次",
            "How often",
            help_zh="到每人上限为止",
            help_en="Up to the most in one name",
        ),
    ] = "once"
    most_per_person: Annotated[
        int, field("每人最多几份", "Most units in one person's name", ge=1, le=365)
    ] = 1
    counts_friends: Annotated[
        bool,
        field(
            "新朋友加入也算一份",
            "A new friend counts too",
            help_zh="经好友链接首次来的人，以其本人名义再捐一份",
            help_en="One more unit, in the newcomer's own name",
        ),
    ] = True
    thanks_offer: (
        Annotated[
            OfferKey,
            field(
                "感谢礼",
                "Thanks for taking part",
                widget="offer",
                help_zh="参与者第一次参与时得到，可不设",
                help_en="For a participant's first act; may be empty",
            ),
        ]
        | None
    ) = None
