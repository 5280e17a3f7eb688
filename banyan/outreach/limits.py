"""Limits: how often and when a merchant writes to people, never more than law and platforms allow.

What a merchant chooses stands in the audit, whose newest entry holds: a change without its row in
the log cannot be. The loosest choice is what is delivered, and constraints hold it whatever is
chosen: at most `A_MONTH_MOST` a month, one a day (`models.Invitation`). The hours are those of
rule LAW-27; single-use codes, which people ask for themselves, are no part of it.
"""

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec

from banyan import workspaces
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.outreach.models import A_MONTH_MOST
from banyan.outreach.refusals import HOURS_UPSIDE_DOWN

FROM_HOUR: Final = 8
TO_HOUR: Final = 21
CHANGED: Final = "messages.limits_changed"
SUBJECT: Final = "messages"
EVER: Final = datetime.fromtimestamp(0, UTC)


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often one person is written to at most, and in which hours of the merchant's clock."""

    a_month_most: Annotated[int, msgspec.Meta(ge=1, le=A_MONTH_MOST)]
    """From all campaigns together; never more than one a day."""
    from_hour: Annotated[int, msgspec.Meta(ge=FROM_HOUR, lt=TO_HOUR)]
    to_hour: Annotated[int, msgspec.Meta(gt=FROM_HOUR, le=TO_HOUR)]
    """Nobody is written to before `from_hour` or from `to_hour` on."""

    def are_quiet(self, moment: datetime) -> bool:
        """Whether nobody is to be disturbed at this local moment."""
        return not self.from_hour <= moment.hour < self.to_hour


LOOSEST: Final = Limits(A_MONTH_MOST, FROM_HOUR, TO_HOUR)
"""What law and platforms allow, and what is delivered."""


class LimitsView(msgspec.Struct, frozen=True):
    """What holds now, and the loosest that may be chosen."""

    limits: Limits
    loosest: Limits


def read_limits(work: Work) -> Limits:
    """Return the workspace's limits, as delivered while it never chose any."""
    found = workspaces.newest_audited(work, (CHANGED,), (SUBJECT,), EVER).get(SUBJECT)
    return msgspec.convert(found.detail, Limits) if found else LOOSEST


def choose_limits(work: Work, limits: Limits) -> None:
    """Choose the limits of whatever is sent from now on. Raises `hours_upside_down`."""
    if limits.from_hour >= limits.to_hour:
        raise Refused(HOURS_UPSIDE_DOWN)
    if limits != read_limits(work):
        workspaces.audit(work, CHANGED, SUBJECT, msgspec.to_builtins(limits))
