"""What is always true of the orders of quests.

That a team has no more members than places is the key and the check of `quest_seats`.
"""

from banyan.kernel.invariants import Invariant

ORDER_INVARIANTS = (
    Invariant(
        "I-B1",
        "A person is in at most one undecided team of a campaign",
        """
        select workspace_id, campaign_id, person_id, count(*) as teams from quest_orders
        where one_at_a_time and state in ('reserved', 'paid')
        group by 1, 2, 3 having count(*) > 1
        """,
    ),
    Invariant(
        "I-B2",
        "A seat belongs to an order of its quest, and every order that counts has one",
        """
        select coalesce(o.workspace_id, s.workspace_id) as workspace_id, o.order_id, o.state, s.seat
        from quest_orders o
        full join quest_seats s on s.workspace_id = o.workspace_id and s.order_id = o.order_id
        where o.order_id is null
           or (s.seat is not null and (o.quest_id <> s.quest_id
               or o.state in ('released', 'refunded')))
           or (s.seat is null and o.state in ('reserved', 'paid', 'confirmed', 'returning'))
        """,
    ),
    Invariant(
        "I-B3",
        "An order of a quest is one of the store, of the same buyer, and has come as far",
        """
        select q.workspace_id, q.order_id, q.state, o.state as order_state from quest_orders q
        left join orders o on o.workspace_id = q.workspace_id and o.id = q.order_id
        where o.id is null or o.buyer_id <> q.person_id
           or (q.state = 'released' and o.state <> 'closed')
           or (q.state in ('paid', 'confirmed', 'returning', 'refunded') and o.paid_at is null)
           or (q.state = 'confirmed' and o.is_held)
        """,
    ),
    Invariant(
        "I-B4",
        "Nobody's money stays in a team that failed",
        """
        select q.workspace_id, q.id, o.order_id, o.state from quests q
        join quest_orders o on o.workspace_id = q.workspace_id and o.quest_id = q.id
        where q.state = 'lost' and o.one_at_a_time and o.state in ('paid', 'confirmed')
        """,
    ),
    Invariant(
        "I-B5",
        "Everybody in a team that has formed pays the price of its head count, to the cent",
        """
        select o.workspace_id, o.order_id, q.progress ->> 5 as price, s.goods, r.back
        from quest_orders o
        join quests q on q.workspace_id = o.workspace_id and q.id = o.quest_id
        join campaigns c on c.workspace_id = q.workspace_id and c.id = q.campaign_id
          and c.play_key = 'group_buy'
        cross join lateral (select payable_minor - freight_minor as goods from orders
          where workspace_id = o.workspace_id and id = o.order_id) s
        cross join lateral (
          select coalesce(sum(amount_minor) filter (where reason = 'campaign:difference'), 0)
                   as back, count(*) filter (where reason <> 'campaign:difference'
                                               and kind <> 'surplus') as others
          from refunds where workspace_id = o.workspace_id and order_id = o.order_id
            and state <> 'rejected') r
        where q.state = 'won' and o.state = 'confirmed' and r.others = 0
          and s.goods - r.back <> least(s.goods, (q.progress ->> 5)::bigint * o.quantity)
        """,
    ),
    Invariant(
        "I-B6",
        "What a campaign's quota says is taken is what its orders hold",
        """
        select a.workspace_id, c.id as campaign_id, a.balance_minor, t.taken
        from campaigns c
        join ledger_accounts a on a.workspace_id = c.workspace_id
          and a.key = 'campaigns:' || c.id || ':sale:taken'
        left join (select workspace_id, campaign_id, sum(quantity) as taken from quest_orders
                   where state not in ('released', 'refunded') group by 1, 2) t
          on t.workspace_id = c.workspace_id and t.campaign_id = c.id
        where a.balance_minor <> coalesce(t.taken, 0)
        """,
    ),
    Invariant(
        "I-B7",
        "In a team that is decided nobody keeps a place without having paid",
        """
        select o.workspace_id, o.order_id, o.quest_id, q.state, s.state as order_state
        from quest_orders o
        join quests q on q.workspace_id = o.workspace_id and q.id = o.quest_id
        join orders s on s.workspace_id = o.workspace_id and s.id = o.order_id
        where q.state in ('won', 'lost') and o.one_at_a_time and o.state <> 'released'
          and s.state = 'placed'
        """,
    ),
    Invariant(
        "I-B8",
        "An order that was moved is paid, its buyer had agreed, and it is in the quest that took it",
        """
        select m.workspace_id, m.order_id, m.to_quest_id, o.quest_id, o.state, o.may_move
        from quest_moves m
        join quest_orders o on o.workspace_id = m.workspace_id and o.order_id = m.order_id
        join quests a on a.workspace_id = m.workspace_id and a.id = m.from_quest_id
        join quests b on b.workspace_id = m.workspace_id and b.id = m.to_quest_id
        left join payments p on p.workspace_id = m.workspace_id and p.id = m.payment_id
        where not o.may_move or o.quest_id <> m.to_quest_id
           or o.state in ('reserved', 'released') or o.campaign_id <> b.campaign_id
           or (a.campaign_id, a.version) is distinct from (b.campaign_id, b.version)
           or (m.payment_id is not null
               and (p.order_id is distinct from m.order_id or p.state <> 'captured'))
        """,
    ),
    Invariant(
        "I-B9",
        "A payment that came too late is in a team or on its way back, once a quest was told of it",
        """
        select f.workspace_id, f.order_id, f.cause_id as payment_id, p.state, r.state as refund
        from quest_order_facts f
        left join payments p on p.workspace_id = f.workspace_id and p.id = f.cause_id
        left join refunds r on r.workspace_id = f.workspace_id and r.payment_id = f.cause_id
          and r.kind = 'surplus'
        where f.step = 'late'
          and (p.state = 'captured') is not distinct from (r.state is distinct from 'rejected')
        """,
    ),
)
