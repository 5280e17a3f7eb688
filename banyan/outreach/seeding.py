"""Seeding: a campaign is given to its seed users first, by a link of their own and an invitation."""

from typing import Final
from uuid import UUID

import msgspec

from banyan import campaigns, links, people
from banyan.campaigns import Twin
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.outreach.hours import local_moment
from banyan.outreach.inviting import invite
from banyan.outreach.limits import read_limits
from banyan.outreach.links import open_link
from banyan.outreach.refusals import NO_SEEDS, QUIET_HOURS
from banyan.outreach.seeds import picked

SEED: Final = "seed"
WHY: Final = Twin(
    "您是我们的老朋友，想请您先来看看", "You are an old friend of ours; have a first look:"
)


class SeedLink(msgspec.Struct, frozen=True):
    """The link of a campaign's seed users; whoever they bring is told with them."""

    code: str
    url: str


class Seeded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an invitation of all seed users, now."""

    picked: int
    invited: int
    not_agreed: int
    """Did not agree to be written to: give them the link yourself."""
    already: int
    """Invited to this campaign before, or take part already."""
    held_back: int
    """Got an invitation today already, or as many as anybody gets this month: try again later."""


def seed_link(work: Work, campaign_id: UUID) -> SeedLink:
    """Return a campaign's seed link, made when it is missing. Raises `campaign_not_found`."""
    campaigns.must_exist(work, campaign_id)
    code = open_link(work, campaign_id, SEED)
    return SeedLink(code, links.share_url(code))


def invite_seeds(work: Work, campaign_id: UUID) -> Seeded:
    """Invite all seed users to a campaign that runs. May be repeated: nobody is invited twice.

    Raises `campaign_not_found`, `not_inviting`, `no_seeds` and `quiet_hours`.
    """
    campaign = campaigns.invitable(work, campaign_id)
    limits = read_limits(work)
    if limits.are_quiet(local_moment(work)):
        raise Refused(QUIET_HOURS, from_hour=limits.from_hour, to_hour=limits.to_hour)
    chosen = set(picked(work))
    if not chosen:
        raise Refused(NO_SEEDS)
    agreed = people.agreed_to_messages(work, chosen)
    done = campaigns.owners_among(work, campaign_id, agreed) | _invited_before(
        work, campaign_id, agreed
    )
    made = invite(work, campaign, SEED, dict.fromkeys(agreed - done, SEED), WHY, limits)
    return Seeded(
        picked=len(chosen),
        invited=len(made),
        not_agreed=len(chosen - agreed),
        already=len(done),
        held_back=len(agreed - done - made),
    )


def _invited_before(work: Work, campaign_id: UUID, person_ids: set[UUID]) -> set[UUID]:
    rows = work.driver.execute(
        "select person_id from invitations where workspace_id = %s and campaign_id = %s"
        " and occasion = %s and person_id = any(%b)",
        (work.workspace_id, campaign_id, SEED, sorted(person_ids)),
    )
    return {row[0] for row in rows.fetchall()}
