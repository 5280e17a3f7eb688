"""What a merchant decides about a referral campaign."""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec

from banyan.plays.birthdays import BirthdayDays
from banyan.plays.schema import field

__all__ = ["UNDO_DAYS", "WAIT_DAYS", "Decrease", "ReferralSettings", "ReferralTier"]

WAIT_DAYS: Final = 7
UNDO_DAYS: Final = 30
"""How long a friend waits, and can be uncounted, where the merchant says nothing."""

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
    counts_when: Annotated[
        Literal["registered", "ordered", "stayed_n_days"],
        field(
            "何时算邀请成功",
            "When a friend counts",
            help_zh="到这一步邀请人才得奖；好友自己的奖品在参加时就发放",
            help_en="The inviter is rewarded from then on; the friend's own offer comes on joining",
        ),
    ] = "registered"
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
    wait_days: (
        Annotated[
            int,
            field(
                "等待天数",
                "Days to wait",
                ge=0,
                le=60,
                help_zh="下单：签收后满几天没有退款才算；留存：参加后满几天没有退出才算；留空为 7 天",
                help_en="Orders: days after delivery without a refund; staying: days without leaving; empty: 7",
            ),
        ]
        | None
    ) = None
    undo_days: (
        Annotated[
            int,
            field(
                "计入后可撤回天数",
                "Days it can be undone",
                ge=0,
                le=365,
                help_zh="计入后几天内退款或退出的，人数和奖品收回；留空为 30 天",
                help_en="A refund or departure within these days is taken back; empty: 30 days",
            ),
        ]
        | None
    ) = None
    least_order_minor: (
        Annotated[
            int,
            field(
                "订单最低实付",
                "Least order",
                widget="minor",
                ge=1,
                le=100_000_000,
                help_zh="扣除退款后商品实付至少这么多，订单才算",
                help_en="What must be paid for goods, less refunds, for an order to count",
            ),
        ]
        | None
    ) = None
    birthday_days: BirthdayDays | None = None

    @property
    def waits(self) -> timedelta:
        """How long a friend waits: after delivery of an order, or after having come."""
        return timedelta(days=WAIT_DAYS if self.wait_days is None else self.wait_days)

    @property
    def undoes(self) -> timedelta:
        """For how long a friend who counts by an order or by staying can be uncounted."""
        return timedelta(days=UNDO_DAYS if self.undo_days is None else self.undo_days)
