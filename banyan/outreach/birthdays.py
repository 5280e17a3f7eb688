"""Birthday invitations: in the days before it, once a year for each campaign.

A campaign says itself how many days before a birthday it may be begun. Who agreed to be written to
is invited on the first of those days; who could not be (the hours, the limits, a campaign that
began later) on one of the following, up to the day itself.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from banyan import campaigns, people
from banyan.campaigns import Twin
from banyan.kernel.work import SYSTEM, Work, unit_of_work
from banyan.outreach.hours import local_moment
from banyan.outreach.inviting import invite
from banyan.outreach.limits import read_limits

BIRTHDAY: Final = "birthday"
MOST_AT_ONCE: Final = 500
WHY: Final = Twin("生日快到了，为您准备了", "Your birthday is near. For you:")


def invite_birthdays(
    work: Work, after: UUID | None = None, most: int = MOST_AT_ONCE
) -> tuple[int, UUID | None]:
    """Invite those of `most` people after `after` whose birthday is near enough.

    Returns how many invitations were made, and after whom to go on; None: that was everybody.
    May be repeated, and run side by side.
    """
    moment, limits = local_moment(work), read_limits(work)
    running = [] if limits.are_quiet(moment) else campaigns.birthday_campaigns(work)
    if not running:
        return 0, None
    born = people.birthdays_to_write_to(work, after, most)
    today = moment.date()
    made = 0
    for campaign in running:
        near = {
            person: f"{BIRTHDAY} {(today + timedelta(days=days)).year}"
            for person, birthday in born
            if (days := birthday.days_from(today)) <= (campaign.birthday_days or 0)
        }
        made += len(invite(work, campaign, BIRTHDAY, near, WHY, limits))
    return made, born[-1][0] if len(born) == most else None


def invite_birthdays_everywhere() -> int:
    """Invite whose birthday is near in every workspace; return how many invitations were made."""
    made = 0
    for workspace_id in campaigns.birthday_workspaces():
        after: UUID | None = None
        while True:
            with unit_of_work(workspace_id, SYSTEM) as work:
                some, after = invite_birthdays(work, after)
            made += some
            if after is None:
                break
    return made
