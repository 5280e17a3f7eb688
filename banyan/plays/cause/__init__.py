"""Cause 公益: everybody together reaches one goal; each act gives one unit in somebody's name."""

from banyan.plays.cause.play import Cause
from banyan.plays.cause.progress import CauseProgress
from banyan.plays.cause.settings import CauseSettings

__all__ = ["Cause", "CauseProgress", "CauseSettings"]
