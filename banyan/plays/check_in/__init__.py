"""Check-in 签到: come back day after day, and be thanked for days in a row and for small tasks."""

from banyan.plays.check_in.play import CheckIn
from banyan.plays.check_in.progress import CheckInProgress
from banyan.plays.check_in.settings import CheckInSettings, Streak, Task

__all__ = ["CheckIn", "CheckInProgress", "CheckInSettings", "Streak", "Task"]
