"""How the rows of quests in hand are read and written, all of a batch at once."""

from typing import Final

LOCK: Final = """
select id, campaign_id, version, owner_id, state, progress::text, channel, share_code, decided_at,
       facts
from quests where workspace_id = %s and id = any(%b::uuid[]) order by id for no key update
"""

WRITE: Final = """
update quests q set state = c.state, progress = c.progress, have = c.have, need = c.need,
       ends_at = c.ends_at, decided_at = c.decided_at, facts = c.facts
from unnest(%b::uuid[], %b::text[], %b::json[], %b::int[], %b::int[], %b::timestamptz[],
            %b::timestamptz[], %b::int[])
  as c (id, state, progress, have, need, ends_at, decided_at, facts)
where q.workspace_id = %s and q.id = c.id
"""

KEEP: Final = """
insert into quest_facts (workspace_id, told_at, quest_id, nth, fact)
select %s, %s, f.* from unnest(%b::uuid[], %b::int[], %b::json[]) as f
"""

WAKE: Final = """
insert into wakes (workspace_id, quest_id, due_at)
select %s, w.* from unnest(%b::uuid[], %b::timestamptz[]) as w on conflict do nothing
"""
