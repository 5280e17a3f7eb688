"""Departures: friends who had come leave again, and the plays say what follows."""

from collections.abc import MutableSet, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from banyan import people
from banyan.campaigns.quests import report
from banyan.kernel.work import Work
from banyan.plays import Withdrawn

# In the order of the key, so that two who take back the same supports cannot block each other.
DEPART = """
insert into quest_departures (workspace_id, left_at, quest_id, supporter_id)
select s.workspace_id, %s, s.quest_id, s.supporter_id from supports s
where s.workspace_id = %s and s.supporter_id = any(%b) and s.counted
  and (%s::uuid is null or s.quest_id = %s) and (%s::uuid is null or s.campaign_id = %s)
order by s.quest_id, s.supporter_id
on conflict do nothing returning quest_id, supporter_id
"""

SUPPORTS = """
select s.campaign_id, c.name, s.quest_id, s.owner_id, s.supported_at, d.left_at
from supports s
join campaigns c on c.workspace_id = s.workspace_id and c.id = s.campaign_id
left join quest_departures d on d.workspace_id = s.workspace_id and d.quest_id = s.quest_id
  and d.supporter_id = s.supporter_id
where s.workspace_id = %s and s.supporter_id = %s and s.counted
order by s.supported_at desc limit %s
"""

SHOWN_MOST = 100


class PersonSupport(msgspec.Struct, frozen=True, kw_only=True):
    """A support of somebody that counted, and whether they left since."""

    campaign_id: UUID
    campaign_name: str
    quest_id: UUID
    owner_masked: str
    supported_at: datetime
    left_at: datetime | None


def leave(work: Work, quest_id: UUID, person_id: UUID) -> bool:
    """Take a person's counted support of a quest back; tell whether there was one to take.

    Whoever has left cannot come back to the same quest. A twin waits for the first and changes
    nothing.
    """
    return _depart(work, [person_id], quest_id=quest_id) > 0


def leave_campaign(work: Work, campaign_id: UUID, person_ids: Sequence[UUID]) -> int:
    """Take back every counted support these people gave in a campaign; return how many.

    May be repeated: what was taken back is not told again.
    """
    return _depart(work, person_ids, campaign_id=campaign_id)


def leave_everything(work: Work, person_id: UUID) -> int:
    """Take back every counted support of a person, whichever campaign's; return how many.

    Nobody's right to be deleted waits for a quest that cannot be read: that one is not told.
    """
    return _depart(work, [person_id], unreadable=set())


def supports_of(work: Work, person_id: UUID) -> list[PersonSupport]:
    """Return the newest counted supports of a person, with those taken back since."""
    found = work.driver.execute(SUPPORTS, (work.workspace_id, person_id, SHOWN_MOST)).fetchall()
    names = people.names_masked(work, {row[3] for row in found})
    return [
        PersonSupport(
            campaign_id=campaign,
            campaign_name=name,
            quest_id=quest,
            owner_masked=names[owner],
            supported_at=supported_at,
            left_at=left_at,
        )
        for campaign, name, quest, owner, supported_at, left_at in found
    ]


def _depart(
    work: Work,
    person_ids: Sequence[UUID],
    *,
    quest_id: UUID | None = None,
    campaign_id: UUID | None = None,
    unreadable: MutableSet[UUID] | None = None,
) -> int:
    places = (quest_id, quest_id, campaign_id, campaign_id)
    gone = work.driver.execute(
        DEPART, (work.now, work.workspace_id, sorted(set(person_ids)), *places)
    ).fetchall()
    facts = [(quest, Withdrawn(person, was_counted=True)) for quest, person in sorted(gone)]
    report(work, facts, unreadable)
    return len(gone)


__all__ = ["PersonSupport", "leave", "leave_campaign", "leave_everything", "supports_of"]
