"""What is always true of campaigns, quests, supports and participants."""

from banyan.campaigns.chance_invariants import CHANCE_INVARIANTS
from banyan.campaigns.commission_invariants import COMMISSION_INVARIANTS
from banyan.campaigns.earning_invariants import EARNING_INVARIANTS
from banyan.campaigns.order_invariants import ORDER_INVARIANTS
from banyan.campaigns.running_invariants import RUNNING_INVARIANTS
from banyan.kernel.invariants import Invariant

INVARIANTS = (
    *EARNING_INVARIANTS,
    *ORDER_INVARIANTS,
    *CHANCE_INVARIANTS,
    *COMMISSION_INVARIANTS,
    *RUNNING_INVARIANTS,
    Invariant(
        "I-Q1",
        "What a quest has is what supports, orders, sales and grabs made it, unless somebody withdrew",
        """
        select q.workspace_id, q.id, q.have, s.counted, o.pieces from quests q
        cross join lateral (select count(*) as counted from supports s
          where s.workspace_id = q.workspace_id and s.quest_id = q.id and s.counted) s
        cross join lateral (select coalesce(sum(o.quantity), 0) as pieces from quest_orders o
          where o.workspace_id = q.workspace_id and o.quest_id = q.id
            and o.state in ('paid', 'confirmed', 'returning', 'refunded')) o
        left join (select workspace_id, quest_id, count(*) as shares from grabs
                   where quest_id is not null group by 1, 2) g
          on g.workspace_id = q.workspace_id and g.quest_id = q.id
        left join (select f.workspace_id, f.quest_id, count(*) as sales from quest_order_facts f
                   left join quest_orders o using (workspace_id, order_id)
                   where f.step = 'paid' and o.order_id is null group by 1, 2) f
          on f.workspace_id = q.workspace_id and f.quest_id = q.id
        where s.counted + o.pieces + coalesce(g.shares, 0) + coalesce(f.sales, 0) < q.have
        """,
    ),
    Invariant(
        "I-Q2",
        "A quest that needs a number of people and closes there never counted more",
        """
        select q.workspace_id, q.id, q.have, q.need from quests q
        join campaign_versions v on v.workspace_id = q.workspace_id
          and v.campaign_id = q.campaign_id and v.version = q.version
        where v.definition -> 'play' ->> 'key' = 'assist' and q.have > q.need
        """,
    ),
    Invariant(
        "I-Q3",
        "A support is of a quest of its own campaign and owner, and counts for nobody's own quest",
        """
        select s.workspace_id, s.quest_id, s.supporter_id from supports s
        left join quests q on q.workspace_id = s.workspace_id and q.id = s.quest_id
        where q.id is null or q.campaign_id <> s.campaign_id or q.owner_id <> s.owner_id
           or (s.counted and s.supporter_id = s.owner_id)
        """,
    ),
    Invariant(
        "I-Q4",
        "A person's counted supports in a campaign fill its slots from 1 without a gap",
        """
        select workspace_id, campaign_id, supporter_id from supports where counted
        group by 1, 2, 3 having max(slot) <> count(*) or min(slot) <> 1
        """,
    ),
    Invariant(
        "I-Q5",
        "Whoever owns a quest or helped one takes part in its campaign",
        """
        select s.workspace_id, s.campaign_id, s.person from (
          select workspace_id, campaign_id, supporter_id as person from supports where counted
          union select workspace_id, campaign_id, owner_id from quests) s
        left join participants p on p.workspace_id = s.workspace_id
          and p.campaign_id = s.campaign_id and p.person_id = s.person
        where p.person_id is null
        """,
    ),
    Invariant(
        "I-G4",
        "Whoever is given a friend's or a helper's reward gave that help; the rest is the owner's",
        """
        select g.workspace_id, g.id from grants g
        join supports s on s.workspace_id = g.workspace_id
          and s.campaign_id = g.campaign_id and s.id = g.evidence
        where g.beneficiary_id not in (s.supporter_id, s.owner_id)
        """,
    ),
    Invariant(
        "I-G5",
        "A referrer takes part in the campaign, one generation above, since before",
        """
        select p.workspace_id, p.campaign_id, p.person_id from participants p
        left join participants r on r.workspace_id = p.workspace_id
          and r.campaign_id = p.campaign_id and r.person_id = p.referrer_id
        where p.referrer_id is not null
          and (r.person_id is null or r.generation <> p.generation - 1
               or r.joined_at > p.joined_at)
        """,
    ),
    Invariant(
        "I-G5b",
        "Nobody helps, by supports that counted, somebody they have helped to bring: no circle of two",
        """
        select a.workspace_id, a.campaign_id, a.supporter_id, a.owner_id from supports a
        join supports b on b.workspace_id = a.workspace_id and b.campaign_id = a.campaign_id
          and b.supporter_id = a.owner_id and b.owner_id = a.supporter_id
        where a.counted and b.counted
        """,
    ),
    Invariant(
        "I-A1",
        "An act is of its quest's campaign and owner, and fills the slots of its step without a gap",
        """
        select a.workspace_id, a.quest_id, a.step from quest_acts a
        join quests q on q.workspace_id = a.workspace_id and q.id = a.quest_id
        group by 1, 2, 3
        having bool_or(a.campaign_id <> q.campaign_id or a.person_id <> q.owner_id)
            or count(*) filter (where a.slot ~ '^n')
               <> coalesce(max(substr(a.slot, 2)::int) filter (where a.slot ~ '^n'), 0)
        """,
    ),
    Invariant(
        "I-A2",
        "Every act has exactly one event",
        """
        select coalesce(s.workspace_id, e.workspace_id) as workspace_id, s.n as acts,
               e.n as events
        from (select workspace_id, count(*) n from quest_acts group by 1) s
        full join (select workspace_id, count(*) n from events
                   where name = 'campaigns.acted' group by 1) e
          on e.workspace_id = s.workspace_id
        where s.n is distinct from e.n
        """,
    ),
    Invariant(
        "I-E1",
        "Every support, counted or not, has exactly one event",
        """
        select coalesce(s.workspace_id, e.workspace_id) as workspace_id, s.n as supports,
               e.n as events
        from (select workspace_id, count(*) n from supports group by 1) s
        full join (select workspace_id, count(*) n from events
                   where name = 'campaigns.supported' group by 1) e
          on e.workspace_id = s.workspace_id
        where s.n is distinct from e.n
        """,
    ),
    Invariant(
        "I-E2",
        "Every participant has exactly one event",
        """
        select coalesce(s.workspace_id, e.workspace_id) as workspace_id, s.n as participants,
               e.n as events
        from (select workspace_id, count(*) n from participants group by 1) s
        full join (select workspace_id, count(*) n from events
                   where name = 'campaigns.participant_joined' group by 1) e
          on e.workspace_id = s.workspace_id
        where s.n is distinct from e.n
        """,
    ),
)
