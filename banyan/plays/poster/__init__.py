"""Poster 海报任务宝: a personal picture with a code; tiers by the new people who came by it."""

from banyan.plays.poster.play import Poster
from banyan.plays.poster.progress import PosterProgress
from banyan.plays.poster.settings import PosterSettings, PosterTier

__all__ = ["Poster", "PosterProgress", "PosterSettings", "PosterTier"]
