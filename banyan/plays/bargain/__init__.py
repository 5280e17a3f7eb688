"""Bargain 砍价: friends cut the price by chance, exactly down to a floor."""

from banyan.plays.bargain.settings import BargainSettings

__all__ = ["BargainSettings"]
