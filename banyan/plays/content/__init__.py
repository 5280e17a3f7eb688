"""Content 内容裂变: an article, a lesson or a report for registering; more as new friends register."""

from banyan.plays.content.settings import ContentSettings, Part

__all__ = ["ContentSettings", "Part"]
