"""Hours: when people are written to, by the clock of the merchant's place."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from banyan import workspaces
from banyan.kernel.work import Work

FROM_HOUR: Final = 8
TO_HOUR: Final = 21
"""Nobody is written to before eight in the morning or from nine in the evening on."""


def local_moment(work: Work) -> datetime:
    """Return the moment of the work as clocks show it where the merchant is."""
    return work.now.astimezone(ZoneInfo(workspaces.workspace_of(work).timezone))


def is_quiet(moment: datetime) -> bool:
    """Whether nobody is to be disturbed at this local moment."""
    return not FROM_HOUR <= moment.hour < TO_HOUR
