"""Referral 邀请有礼: bring people who are new to the merchant, and be thanked for each step."""

from banyan.plays.referral.play import Referral
from banyan.plays.referral.progress import ReferralFriend, ReferralProgress
from banyan.plays.referral.settings import (
    UNDO_DAYS,
    WAIT_DAYS,
    Decrease,
    ReferralSettings,
    ReferralTier,
)

__all__ = [
    "UNDO_DAYS",
    "WAIT_DAYS",
    "Decrease",
    "Referral",
    "ReferralFriend",
    "ReferralProgress",
    "ReferralSettings",
    "ReferralTier",
]
