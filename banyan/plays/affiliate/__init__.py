"""Affiliate 分销: a share of what was paid for goods bought through a person's own link."""

from banyan.plays.affiliate.play import Affiliate
from banyan.plays.affiliate.progress import AffiliateProgress, Sale
from banyan.plays.affiliate.settings import AffiliateSettings, SecondLevel

__all__ = ["Affiliate", "AffiliateProgress", "AffiliateSettings", "Sale", "SecondLevel"]
