"""What a merchant decides about a check-in campaign."""

from typing import Annotated, Literal

import msgspec

from banyan.plays.schema import field

__all__ = ["CheckInSettings", "Streak", "Task"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Streak(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`days` check-ins in a row earn `offer`, once."""

    days: Annotated[int, field("连续天数", "Days in a row", ge=2, le=365)]
    offer: Annotated[OfferKey, field("奖品", "Offer", widget="offer")]


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to do on the page; never a share."""

    key: Annotated[
        str,
        msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,19}$"),
        field("任务代号", "Key", help_zh="小写字母和数字", help_en="Lower-case letters and digits"),
    ]
    label_zh: Annotated[Label, field("任务名称（中文）", "Name in Chinese")]
    label_en: Annotated[Label, field("任务名称（英文）", "Name in English")]
    offer: Annotated[OfferKey, field("奖品", "Offer", widget="offer")]
    every: Annotated[
        Literal["once", "day"],
        field(
            "多久一次",
            "How often",
            help_zh="每次完成都得奖品",
            help_en="The offer comes each time it is done",
        ),
    ] = "once"


class CheckInSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a day's check-in earns, what days in a row earn, and the tasks beside it."""

    daily_offer: (
        Annotated[
            OfferKey,
            field(
                "每日签到奖品",
                "Offer for each day",
                widget="offer",
                help_zh="每天签到得到的奖品，可不设",
                help_en="What each day's check-in earns; may be empty",
            ),
        ]
        | None
    ) = None
    streaks: Annotated[
        tuple[Streak, ...],
        field(
            "连续签到奖励",
            "Rewards for days in a row",
            help_zh="连续签到达到天数时得到，每档一次；中断后从头数",
            help_en="Once for each step; a missed day starts the count again",
            most=5,
        ),
    ] = ()
    tasks: Annotated[
        tuple[Task, ...],
        field(
            "积分任务",
            "Tasks",
            help_zh="做完即得的小任务；分享不能作为任务",
            help_en="Small things to do; sharing can be none of them",
            most=8,
        ),
    ] = ()
    most_days: Annotated[
        int,
        field(
            "每人最多计几天",
            "Most days that count",
            ge=1,
            le=365,
            help_zh="签到和每日任务各自最多计这么多天",
            help_en="For check-ins, and for each daily task",
        ),
    ] = 30
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
