"""What is always true of red packets (红包, hence I-H; the specification has no letter for them)."""

from typing import Final

from banyan.kernel.invariants import Invariant

PACKET_INVARIANTS: Final = (
    Invariant(
        "I-H1",
        "A packet's shares are numbered from 1 without a gap and add up to it exactly",
        """
        select p.workspace_id, p.id, p.shares, p.total_minor, s.n, s.minor from red_packets p
        left join (select workspace_id, packet_id, count(*) n, min(nth) low, max(nth) high,
                          sum(amount_minor) minor
                   from packet_shares group by 1, 2) s
          on s.workspace_id = p.workspace_id and s.packet_id = p.id
        where s.n is distinct from p.shares or s.low <> 1 or s.high <> p.shares
           or s.minor is distinct from p.total_minor
        """,
    ),
    Invariant(
        "I-H2",
        "The shares taken of a packet are the first ones, each once, and the cursor counts them",
        """
        select p.workspace_id, p.id, p.taken, p.taken_minor, g.n, g.minor from red_packets p
        left join (select workspace_id, packet_id, count(*) n, max(nth) high,
                          sum(amount_minor) minor
                   from grabs group by 1, 2) g
          on g.workspace_id = p.workspace_id and g.packet_id = p.id
        where coalesce(g.n, 0) <> p.taken or coalesce(g.high, 0) <> p.taken
           or coalesce(g.minor, 0) <> p.taken_minor
        """,
    ),
    Invariant(
        "I-H3",
        "Who took a share has what was in it: granted if it is credited, waiting if it is not",
        """
        select coalesce(g.workspace_id, r.workspace_id) as workspace_id,
               coalesce(g.id, r.id) as id, s.amount_minor, g.amount_minor as took, r.cost_minor
        from grabs g
        left join packet_shares s on s.workspace_id = g.workspace_id
          and s.packet_id = g.packet_id and s.nth = g.nth
        left join packet_credits c on c.workspace_id = g.workspace_id
          and c.packet_id = g.packet_id
        full join (select * from grants where rule = 'packet') r
          on r.workspace_id = g.workspace_id and r.id = g.id
        where g.id is null or s.amount_minor is distinct from g.amount_minor
           or c.credited is null or (r.id is not null) <> (g.nth <= c.credited)
           or r.cost_minor <> g.amount_minor or r.beneficiary_id <> g.person_id
           or r.cause <> g.packet_id
        """,
    ),
    Invariant(
        "I-H4",
        "A packet's account holds what is neither credited nor returned",
        """
        select p.workspace_id, p.id, a.balance_minor from red_packets p
        left join packet_credits c on c.workspace_id = p.workspace_id and c.packet_id = p.id
        left join lateral (
          select sum(amount_minor) as minor from grabs g
          where g.workspace_id = p.workspace_id and g.packet_id = p.id and g.nth <= c.credited
        ) g on true
        left join ledger_accounts a on a.workspace_id = p.workspace_id
          and a.key = 'campaign:' || p.campaign_id || ':packet'
        where coalesce(a.balance_minor, 0)
              <> p.total_minor - coalesce(g.minor, 0) - coalesce(p.returned_minor, 0)
        """,
    ),
    Invariant(
        "I-H5",
        "No share is credited that was not taken, and none waits where a packet is done",
        """
        select p.workspace_id, p.id, p.taken, c.credited, c.is_done from red_packets p
        left join packet_credits c on c.workspace_id = p.workspace_id and c.packet_id = p.id
        where c.credited is null or c.credited > p.taken
           or (c.is_done and (p.closed_at is null or c.credited <> p.taken))
        """,
    ),
)
