"""The clock of the merchant's place, by which days and hours of messages go."""

from datetime import datetime
from zoneinfo import ZoneInfo

from banyan import workspaces
from banyan.kernel.work import Work


def local_moment(work: Work) -> datetime:
    """Return the moment of the work as clocks show it where the merchant is."""
    return work.now.astimezone(ZoneInfo(workspaces.workspace_of(work).timezone))
