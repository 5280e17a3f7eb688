"""Assist 好友助力: a number of friends together unlock one benefit before the time is over."""

from banyan.plays.assist.play import Assist
from banyan.plays.assist.progress import AssistProgress
from banyan.plays.assist.settings import AssistSettings

__all__ = ["Assist", "AssistProgress", "AssistSettings"]
