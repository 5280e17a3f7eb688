"""What is always true of draws, whichever play draws.

That the kept luck follows from the seed is for everybody to check when the seed is shown, with the
program on the campaign's page; here the seed is sealed. How far outcomes lie from the odds is a
matter of chance and no invariant: the campaign's page in the console says it.
"""

from typing import Final

from banyan.kernel.invariants import Invariant

CHANCE_INVARIANTS: Final = (
    Invariant(
        "I-Z1",
        "No prize of a lottery was won more often than there are of it",
        """
        select d.workspace_id, d.campaign_id, d.prize, count(*) as wins, o.quantity from draws d
        join offers o on o.workspace_id = d.workspace_id and o.campaign_id = d.campaign_id
          and o.key = d.prize
        join grants g on g.workspace_id = d.workspace_id and g.campaign_id = d.campaign_id
          and g.cause = d.act_id and g.state in ('pending', 'vested', 'paid', 'expired')
        where d.won group by d.workspace_id, d.campaign_id, d.prize, o.quantity
        having count(*) > o.quantity
        """,
    ),
    Invariant(
        "I-Z1b",
        "The draws of a campaign are numbered from 1 without a gap, as its counter says",
        """
        select s.workspace_id, s.campaign_id, s.drawn, d.n, d.high from draw_seeds s
        left join (select workspace_id, campaign_id, count(*) n, max(n) high from draws
                   group by 1, 2) d
          on d.workspace_id = s.workspace_id and d.campaign_id = s.campaign_id
        where coalesce(d.n, 0) <> s.drawn or coalesce(d.high, 0) <> s.drawn
        """,
    ),
    Invariant(
        "I-Z1c",
        "A draw that won was granted its prize, one that did not was granted nothing",
        """
        select d.workspace_id, d.campaign_id, d.n, d.prize, d.won from draws d
        left join grants g on g.workspace_id = d.workspace_id
          and g.campaign_id = d.campaign_id and g.cause = d.act_id
        left join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
        where d.won <> (g.id is not null) or (d.won and o.key <> d.prize)
        """,
    ),
    Invariant(
        "I-Z1d",
        "A seed is shown when its campaign is settled, and never before",
        """
        select s.workspace_id, s.campaign_id, c.state, s.revealed_at from draw_seeds s
        join campaigns c on c.workspace_id = s.workspace_id and c.id = s.campaign_id
        where (c.state = 'settled') <> (s.revealed_at is not null)
        """,
    ),
    Invariant(
        "I-Z1e",
        "The commitment to a seed stands in the rules that were shown, and before the first draw",
        """
        select s.workspace_id, s.campaign_id, s.made_at, v.version::text as what
        from draw_seeds s
        join campaign_versions v on v.workspace_id = s.workspace_id
          and v.campaign_id = s.campaign_id and v.created_at >= s.made_at
        where position(s.commitment in v.rules ->> 'zh') = 0
           or position(s.commitment in v.rules ->> 'en') = 0
        union all
        select s.workspace_id, s.campaign_id, s.made_at, 'draw ' || d.n from draw_seeds s
        join draws d on d.workspace_id = s.workspace_id and d.campaign_id = s.campaign_id
        where d.drawn_at < s.made_at
        """,
    ),
    Invariant(
        "I-Z1f",
        "Every act that draws from a seed is one numbered draw of the same quest, and no other is",
        """
        select coalesce(a.workspace_id, d.workspace_id) as workspace_id,
               coalesce(a.id, d.act_id) as act_id, d.n
        from (select a.* from quest_acts a
              join draw_seeds s on s.workspace_id = a.workspace_id
                and s.campaign_id = a.campaign_id and a.acted_at >= s.made_at
              where a.step = 'drew') a
        full join draws d on d.workspace_id = a.workspace_id and d.act_id = a.id
        where a.id is null or d.n is null or d.quest_id <> a.quest_id
           or d.person_id <> a.person_id or d.campaign_id <> a.campaign_id
        """,
    ),
    Invariant(
        "I-Z1g",
        "What was drawn is what the published odds make of the luck that was kept",
        """
        select d.workspace_id, d.campaign_id, d.n, d.prize, p.offer from draws d
        join quest_acts a on a.workspace_id = d.workspace_id and a.id = d.act_id
        join quests q on q.workspace_id = d.workspace_id and q.id = d.quest_id
        join campaign_versions v on v.workspace_id = q.workspace_id
          and v.campaign_id = q.campaign_id and v.version = q.version
        cross join lateral (select coalesce((
          select r.offer from (
            select e.prize ->> 'offer' as offer, e.nth,
              sum(coalesce((e.prize ->> 'odds_ppm')::bigint,
                           (e.prize ->> 'odds_bps')::bigint * 100)) over (order by e.nth) as upto
            from jsonb_array_elements(v.definition #> '{play,settings,prizes}')
              with ordinality e (prize, nth)) r
          where a.luck * 1000000 / 4294967296 < r.upto order by r.nth limit 1), '') as offer) p
        where d.prize <> p.offer
        """,
    ),
)
