"""What a merchant decides about a referral campaign."""

from typing import Annotated

import msgspec

from banyan.plays.schema import field

__all__ = ["Decrease", "ReferralSettings", "ReferralTier"]

OfferKey = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class ReferralTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The inviter earns `offer` once, when `people` people have come."""

    people: Annotated[int, field("邀请人数", "People brought", ge=1, le=1000)]
    offer: Annotated[OfferKey, field("奖品", "Offer", widget="offer")]


class Decrease(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Each person after the first `after_people` earns the inviter `offer`, until the next step."""

    after_people: Annotated[int, field("超过人数", "After people", ge=0, le=10_000)]
    offer: Annotated[OfferKey, field("此后每人奖品", "Offer for each from then on", widget="offer")]


class ReferralSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tiers, the friend's own benefit, and the limits of both."""

    tiers: Annotated[
        tuple[ReferralTier, ...],
        field(
            "阶梯奖励",
            "Tiers",
            help_zh="每达到一档，邀请人得到一份奖品",
            help_en="The inviter earns one offer at each step",
            most=10,
        ),
    ] = ()
    friend_offer: (
        Annotated[
            OfferKey,
            field(
                "好友奖品",
                "Offer for the friend",
                widget="offer",
                help_zh="被邀请的新朋友得到的奖品",
                help_en="What the new friend gets",
            ),
        ]
        | None
    ) = None
    reward_cap_per_person: Annotated[
        int,
        field(
            "每人最多得奖次数",
            "Most rewards per inviter",
            ge=1,
            le=10_000,
            help_zh="超过后仍计人数，不再发奖",
            help_en="People past it still count, without a reward",
        ),
    ] = 10
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
    decrease: Annotated[
        tuple[Decrease, ...],
        field(
            "递减奖励",
            "Decreasing reward",
            help_zh="每带来一人发一份，人数越多单份越少",
            help_en="One offer for each person, smaller as the number grows",
            most=10,
        ),
    ] = ()
