"""Affiliate 分销: a share of what was paid for goods bought through a person's own link."""

from banyan.plays.affiliate.play import Affiliate
from banyan.plays.affiliate.progress import AffiliateProgress, Sale, SaleLine
from banyan.plays.affiliate.settings import (
    AffiliateSettings,
    ChosenGoods,
    GoodsRate,
    SecondLevel,
)

__all__ = [
    "Affiliate",
    "AffiliateProgress",
    "AffiliateSettings",
    "ChosenGoods",
    "GoodsRate",
    "Sale",
    "SaleLine",
    "SecondLevel",
]
