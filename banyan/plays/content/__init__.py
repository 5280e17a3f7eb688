"""Content 内容裂变: an article, a lesson or a report for registering; more as new friends register."""

from banyan.plays.content.play import Content
from banyan.plays.content.progress import ContentProgress
from banyan.plays.content.settings import ContentSettings, Part

__all__ = ["Content", "ContentProgress", "ContentSettings", "Part"]
