"""What a merchant reads of invitations: how many went, what became of them, whom they can reach."""

from typing import Final
from uuid import UUID

import msgspec

from banyan import campaigns, people
from banyan.kernel.work import Work

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
    return Invitations(
        birthday=invited(work, campaign_id, "birthday"),
        reachable=can.people,
        with_birthday=can.with_birthday,
    )
