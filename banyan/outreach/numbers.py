"""What a merchant reads of invitations: how many went, what became of them, whom they can reach."""

from typing import Final
from uuid import UUID

import msgspec

from banyan import campaigns, links, people
from banyan.kernel.work import Work
from banyan.outreach.links import link_of
from banyan.outreach.seeding import SEED, SeedLink
from banyan.outreach.seeds import picked

INVITED: Final = """
select person_id from invitations where workspace_id = %s and campaign_id = %s and kind = %s
"""


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """The invitations of one kind to one campaign."""

    sent: int
    """Invitations put into the outbox."""
    begun: int
    """Of those invited, who has a quest in the campaign."""


class Invitations(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign's invitations, and whom the merchant may write to at all."""

    birthday: Invited
    seed: Invited
    seed_link: SeedLink | None
    seeds: int
    """Seed users the merchant picked."""
    reachable: int
    """People who agree to be written to now."""
    with_birthday: int
    """Of those, who gave their birthday."""


def invited(work: Work, campaign_id: UUID, kind: str) -> Invited:
    """Return what became of a campaign's invitations of one kind."""
    asked = (work.workspace_id, campaign_id, kind)
    persons = [row[0] for row in work.driver.execute(INVITED, asked).fetchall()]
    begun = campaigns.owners_among(work, campaign_id, persons)
    return Invited(sent=len(persons), begun=len(begun))


def invitations(work: Work, campaign_id: UUID) -> Invitations:
    """Return a campaign's invitations. Raises the refusal `campaign_not_found`."""
    campaigns.must_exist(work, campaign_id)
    can = people.reachable(work)
    code = link_of(work, campaign_id, SEED)
    return Invitations(
        birthday=invited(work, campaign_id, "birthday"),
        seed=invited(work, campaign_id, SEED),
        seed_link=SeedLink(code, links.share_url(code)) if code else None,
        seeds=len(picked(work)),
        reachable=can.people,
        with_birthday=can.with_birthday,
    )
