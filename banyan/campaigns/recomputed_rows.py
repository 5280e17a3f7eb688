"""What recomputing reads, over every workspace."""

from typing import Final

_QUEST: Final = """
select q.workspace_id, q.id, q.campaign_id, q.version, q.owner_id, q.state, q.progress::text,
       q.have, q.need, q.decided_at, q.facts
from quests q
"""

NEXT: Final = f"""
{_QUEST} where (%s::uuid is null or q.campaign_id = %s) and (q.workspace_id, q.id) > (%s, %s)
order by q.workspace_id, q.id limit %s
"""

LATEST: Final = f"""
{_QUEST} where q.facts between 1 and %s order by q.id desc limit %s
"""

FACTS: Final = """
select f.quest_id, f.nth, f.told_at, f.fact::text
from unnest(%b::uuid[], %b::uuid[]) as k (workspace_id, quest_id)
join quest_facts f using (workspace_id, quest_id)
order by f.quest_id, f.nth
"""

VERSIONS: Final = """
select v.workspace_id, v.campaign_id, v.version, v.definition -> 'play'
from unnest(%b::uuid[], %b::uuid[], %b::int[]) as k (workspace_id, campaign_id, version)
join campaign_versions v using (workspace_id, campaign_id, version)
"""

CAMPAIGNS: Final = """
select c.workspace_id, c.id, count(g.id) from campaigns c
left join grants g on g.workspace_id = c.workspace_id and g.campaign_id = c.id and g.rule <> %s
where %s::uuid is null or c.id = %s
group by 1, 2 order by 1, 2
"""

GRANTS: Final = """
select g.campaign_id, g.rule, g.beneficiary_id, g.cause, g.id, g.rule_version, g.granted_at,
       g.value_minor, g.cost_minor, g.points, g.held_until, g.state, g.reversed_minor,
       g.reverse_reason, g.quest_id, g.fact_nth, coalesce(o.key, ''), coalesce(o.kind, ''), coalesce(o.value_minor, 0),
       coalesce(o.cost_minor, 0), coalesce(o.points, 0)
from unnest(%b::uuid[], %b::uuid[], %b::uuid[]) as k (workspace_id, campaign_id, person_id)
join grants g on g.workspace_id = k.workspace_id and g.campaign_id = k.campaign_id
  and g.beneficiary_id = k.person_id
left join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
where g.rule <> %s
"""

REFUSED: Final = """
select e.campaign_id, e.body ->> 'rule', (e.body ->> 'beneficiary_person_id')::uuid,
       e.body ->> 'offer_key', e.occurred_at
from events e
where e.name = 'rewards.refused' and e.workspace_id = any(%b) and e.campaign_id = any(%b)
"""
