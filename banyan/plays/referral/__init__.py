"""Referral 邀请有礼: bring people who are new to the merchant, and be thanked for each step."""

from banyan.plays.referral.play import Referral
from banyan.plays.referral.progress import ReferralProgress
from banyan.plays.referral.settings import Decrease, ReferralSettings, ReferralTier

__all__ = ["Decrease", "Referral", "ReferralProgress", "ReferralSettings", "ReferralTier"]
