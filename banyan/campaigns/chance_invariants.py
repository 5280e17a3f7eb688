"""What is always true of lotteries, and of what grabs tell quests."""

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
          and g.cause = d.act_id and g.state in ('pending', 'vested', 'paid')
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
)
