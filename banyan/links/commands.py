"""Making share links."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.errors import INVALID, Refused
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.work import Work
from banyan.links.records import CHANNEL_NUMBERS

CODE_BITS = 80
NAME_MOST = 80


class LinkRequest(NamedTuple):
    """One link to make. A link of kind `quest` names its quest and its owner."""

    kind: str
    campaign_id: UUID
    channel: str
    quest_id: UUID | None = None
    owner_person_id: UUID | None = None
    name: str | None = None
    code: str | None = None
    """None: a new random code."""


class Link(NamedTuple):
    """A share link."""

    id: UUID
    code: str
    kind: str
    campaign_id: UUID
    quest_id: UUID | None
    owner_person_id: UUID | None
    channel: str
    name: str | None
    created_at: datetime


INSERT = """
insert into links (workspace_id, id, code, kind, campaign_id, quest_id, owner_person_id, channel,
                   name, created_at)
select %s, l.id, l.code, l.kind, l.campaign_id, l.quest_id, l.owner_person_id, l.channel, l.name, %s
from unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[],
            %s::text[])
  as l (id, code, kind, campaign_id, quest_id, owner_person_id, channel, name)
on conflict (workspace_id, quest_id) where quest_id is not null do nothing
"""

SELECT = """
select id, code, kind, campaign_id, quest_id, owner_person_id, channel, name, created_at from links
"""


def create_links(work: Work, requests: Sequence[LinkRequest]) -> list[Link]:
    """Make the links in one statement and return them in the order of `requests`.

    Asking again for a quest's link returns the one it has. Refuses (`invalid`) a channel or a
    name that does not fit.
    """
    if not requests:
        return []
    for asked in requests:
        if asked.channel not in CHANNEL_NUMBERS:
            raise Refused(INVALID, problem=f"channel {asked.channel!r}")
        if asked.name is not None and len(asked.name) > NAME_MOST:
            raise Refused(INVALID, problem=f"name: {NAME_MOST}")
    made = [
        Link(
            new_id(),
            asked.code or new_code(CODE_BITS),
            asked.kind,
            asked.campaign_id,
            asked.quest_id,
            asked.owner_person_id,
            asked.channel,
            asked.name,
            work.now,
        )
        for asked in requests
    ]
    columns = list(zip(*made, strict=True))
    inserted = work.driver.execute(
        INSERT, (work.workspace_id, work.now, *(list(column) for column in columns[:8]))
    )
    if inserted.rowcount == len(made):
        return made
    quests = [link.quest_id for link in made if link.quest_id is not None]
    rows = work.driver.execute(
        f"{SELECT} where workspace_id = %s and quest_id = any(%s)", (work.workspace_id, quests)
    ).fetchall()
    kept = {link.quest_id: link for link in map(Link._make, rows)}
    return [kept[link.quest_id] if link.quest_id else link for link in made]


def create_link(
    work: Work,
    kind: str,
    campaign_id: UUID,
    channel: str,
    *,
    quest_id: UUID | None = None,
    owner_person_id: UUID | None = None,
    name: str | None = None,
    code: str | None = None,
) -> Link:
    """Make one link: the list of one."""
    asked = LinkRequest(kind, campaign_id, channel, quest_id, owner_person_id, name, code)
    return create_links(work, [asked])[0]
