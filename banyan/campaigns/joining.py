"""Joining by buying: whoever takes a seat in somebody's quest takes part, brought by its owner."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from banyan.campaigns.events import ParticipantJoined
from banyan.campaigns.gates import Gate
from banyan.campaigns.quests_in_hand import QuestInHand
from banyan.kernel.work import Work

TAKING_PART = """
select p.campaign_id, p.person_id from unnest(%b::uuid[], %b::uuid[]) as a (campaign, person)
join participants p on p.workspace_id = %s and p.campaign_id = a.campaign
  and p.person_id = a.person
"""

JOIN = """
insert into participants (workspace_id, joined_at, campaign_id, person_id, referrer_id, quest_id,
                          generation, channel, is_new_person)
select %s, %s, j.campaign, j.person, j.owner, j.quest, o.generation + 1, j.channel, j.is_new
from unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::boolean[])
  as j (campaign, person, owner, quest, channel, is_new)
join participants o on o.workspace_id = %s and o.campaign_id = j.campaign
  and o.person_id = j.owner
on conflict do nothing
returning campaign_id, person_id, referrer_id, quest_id, generation, channel, is_new_person
"""


class Joining:
    """Who takes part already, and who begins to by this transaction."""

    def __init__(
        self,
        work: Work,
        pairs: Iterable[tuple[UUID, UUID]],
        gates: Mapping[UUID, Gate],
        met_at: Mapping[UUID, datetime],
    ) -> None:
        """Read who of `pairs` (campaign, person) takes part."""
        self._work, self._gates, self._met_at = work, gates, met_at
        known = sorted(set(pairs))
        columns = [campaign for campaign, _ in known], [person for _, person in known]
        rows = work.driver.execute(TAKING_PART, (*columns, work.workspace_id))
        self._in = {(campaign, person) for campaign, person in rows}

    def write(self, seated: Sequence[tuple[QuestInHand, UUID]]) -> list[ParticipantJoined]:
        """Let who took a seat take part, if they did not; return what to tell of it."""
        fresh: dict[tuple[UUID, UUID], QuestInHand] = {}
        for quest, person in seated:
            key = (quest.campaign_id, person)
            if key not in self._in and person != quest.owner_id:
                fresh.setdefault(key, quest)
        if not fresh:
            return []
        rows = [
            (
                *(campaign, person, quest.owner_id, quest.id, quest.channel),
                self._gates[campaign].is_new(self._met_at[person]),
            )
            for (campaign, person), quest in sorted(fresh.items(), key=lambda each: each[0])
        ]
        work = self._work
        columns = map(list, zip(*rows, strict=True))
        joined = work.driver.execute(
            JOIN, (work.workspace_id, work.now, *columns, work.workspace_id)
        ).fetchall()
        return [
            ParticipantJoined(
                campaign_id=campaign,
                person_id=person,
                referrer_id=referrer,
                quest_id=quest,
                generation=generation,
                channel=channel,
                is_new_person=is_new,
            )
            for campaign, person, referrer, quest, generation, channel, is_new in joined
        ]
