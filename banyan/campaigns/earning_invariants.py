"""What is always true of what earned a grant: it is there, and of the grant's own quest."""

from typing import Final

from banyan.kernel.invariants import Invariant

EARNING_INVARIANTS: Final = (
    Invariant(
        "I-G3",
        "A grant names the record of its quest that earned it: help or an act that counted, a step"
        " of an order, a share, or the quest itself",
        """
        select g.workspace_id, g.id, g.evidence, g.quest_id from grants g
        where g.quest_id is not null and g.evidence is distinct from g.quest_id
          and not exists (select from supports s where s.workspace_id = g.workspace_id
                and s.campaign_id = g.campaign_id and s.id = g.evidence
                and s.quest_id = g.quest_id and s.counted)
          and not exists (select from quest_acts a where a.workspace_id = g.workspace_id
                and a.quest_id = g.quest_id and a.id = g.evidence)
          and not exists (select from quest_order_facts o where o.workspace_id = g.workspace_id
                and o.quest_id = g.quest_id and o.cause_id = g.evidence)
          and not exists (select from grabs b where b.workspace_id = g.workspace_id
                and b.quest_id = g.quest_id and b.id = g.evidence)
        """,
    ),
    Invariant(
        "I-G3a",
        "The fact that asked for a grant is kept, was told when it was given, to a quest of its"
        " campaign that is played by the version the grant names",
        """
        select g.workspace_id, g.id, g.quest_id, g.fact_nth from grants g
        left join quests q on q.workspace_id = g.workspace_id and q.id = g.quest_id
        left join quest_facts f on f.workspace_id = g.workspace_id and f.quest_id = g.quest_id
          and f.nth = g.fact_nth
        where g.quest_id is not null
          and (f.told_at is distinct from g.granted_at or q.campaign_id <> g.campaign_id
               or q.version <> g.rule_version)
        """,
    ),
    Invariant(
        "I-G3c",
        "Where quests give, nothing is given that names neither a quest's fact nor a packet's share",
        """
        select g.workspace_id, g.id, g.campaign_id, g.rule from grants g
        where g.quest_id is null
          and exists (select from grants o where o.workspace_id = g.workspace_id
                and o.campaign_id = g.campaign_id and o.quest_id is not null)
          and not exists (select from grabs b where b.workspace_id = g.workspace_id
                and b.packet_id = g.cause and b.id = g.id and b.person_id = g.beneficiary_id)
        """,
    ),
)
