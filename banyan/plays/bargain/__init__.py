"""Bargain 砍价: friends cut the price by chance, exactly down to a floor."""

from banyan.plays.bargain.play import Bargain, cut_of
from banyan.plays.bargain.progress import BargainProgress
from banyan.plays.bargain.settings import BargainSettings

__all__ = ["Bargain", "BargainProgress", "BargainSettings", "cut_of"]
