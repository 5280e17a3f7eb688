"""Cause 公益: everybody together reaches one goal; each act gives one unit in somebody's name."""

from banyan.plays.cause.settings import CauseSettings

__all__ = ["CauseSettings"]
