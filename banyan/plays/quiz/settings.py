"""What a merchant decides about a quiz campaign."""

from typing import Annotated

import msgspec

from banyan.plays.schema import field

__all__ = ["Level", "Question", "QuizSettings"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question with its choices. The right one never leaves the server."""

    ask_zh: Annotated[Line, field("题目（中文）", "Question in Chinese")]
    ask_en: Annotated[Line, field("题目（英文）", "Question in English")]
    choices_zh: Annotated[
        tuple[Line, ...],
        msgspec.Meta(min_length=2),
        field("选项（中文）", "Choices in Chinese", most=6),
    ]
    choices_en: Annotated[
        tuple[Line, ...],
        msgspec.Meta(min_length=2),
        field("选项（英文）", "Choices in English", most=6),
    ]
    right: Annotated[
        int,
        field(
            "正确选项",
            "Right choice",
            ge=1,
            le=6,
            help_zh="第几个选项正确，从 1 数起；不会出现在页面里",
            help_en="Which one is right, counted from 1; never in the page",
        ),
    ]


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level is passed with `needed` right answers at one try, and may earn `offer`."""

    questions: Annotated[
        tuple[Question, ...],
        msgspec.Meta(min_length=1),
        field("题目", "Questions", most=10),
    ]
    needed: Annotated[int, field("过关需答对", "Right answers to pass", ge=1, le=10)] = 1
    offer: (
        Annotated[
            OfferKey,
            field(
                "过关奖品",
                "Offer for passing",
                widget="offer",
                help_zh="可不设",
                help_en="May be empty",
            ),
        ]
        | None
    ) = None


class QuizSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The levels, one after another, and how often each may be tried."""

    levels: Annotated[
        tuple[Level, ...],
        msgspec.Meta(min_length=1),
        field("关卡", "Levels", help_zh="依次闯关", help_en="One after another", most=10),
    ]
    tries_per_level: Annotated[
        int,
        field(
            "每关可试次数",
            "Tries per level",
            ge=1,
            le=20,
            help_zh="人人相同，不因带来朋友而增加",
            help_en="The same for everybody, however many friends they bring",
        ),
    ] = 3
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
