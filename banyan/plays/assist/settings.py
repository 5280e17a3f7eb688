"""What a merchant decides about an assist campaign."""

from typing import Annotated

import msgspec

from banyan.plays.birthdays import BirthdayDays
from banyan.plays.schema import field

__all__ = ["AssistSettings"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class AssistSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many helpers unlock what, by when, and how often one person may take part."""

    helpers_needed: Annotated[int, field("需要助力人数", "Helpers needed", ge=1, le=100)]
    offer: Annotated[
        OfferKey,
        field(
            "解锁的奖品",
            "Offer unlocked",
            widget="offer",
            help_zh="人数满后发起人得到",
            help_en="The starter gets it once everybody has helped",
        ),
    ]
    helper_offer: (
        Annotated[
            OfferKey,
            field(
                "助力者奖品",
                "Offer for each helper",
                widget="offer",
                help_zh="每位助力者得到的奖品，可不设",
                help_en="What each helper gets; may be empty",
            ),
        ]
        | None
    ) = None
    hours_to_finish: Annotated[int, field("完成时限（小时）", "Hours to finish", ge=1, le=2160)] = (
        24
    )
    new_people_only: Annotated[
        bool,
        field(
            "只计新朋友",
            "New people only",
            help_zh="来之前您还不认识的人才能助力",
            help_en="Only people you did not know before may help",
        ),
    ] = False
    helps_per_person: Annotated[
        int, field("每人可助力次数", "Quests one person may help", ge=1, le=100)
    ] = 3
    quests_per_person: Annotated[
        int, field("每人可发起次数", "Quests one person may start", ge=1, le=100)
    ] = 1
    birthday_days: BirthdayDays | None = None
