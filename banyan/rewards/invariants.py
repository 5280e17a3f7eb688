"""What is always true of rewards."""

from banyan.kernel.invariants import Invariant
from banyan.rewards.money_invariants import MONEY_INVARIANTS
from banyan.rewards.packet_invariants import PACKET_INVARIANTS
from banyan.rewards.paid_invariants import PAID_INVARIANTS

LIVE = "state in ('pending', 'vested', 'paid')"
GIVEN = "state in ('pending', 'vested', 'paid', 'expired')"
"""What expired unused costs nothing any more, but it was given."""

INVARIANTS = (
    Invariant(
        "I-G0",
        "A grant is of an offer of its own campaign, and the campaign has a budget if it cost any",
        """
        select g.workspace_id, g.id from grants g
        left join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
        left join reward_budgets b
          on b.workspace_id = g.workspace_id and b.campaign_id = g.campaign_id
        where o.campaign_id is distinct from g.campaign_id
           or (g.cost_minor > 0 and b.campaign_id is null)
        """,
    ),
    Invariant(
        "I-G1",
        "What a campaign's live grants cost is what its budget has spent, and never above its total",
        f"""
        select b.workspace_id, b.campaign_id, b.total_minor, s.balance_minor as spent, g.cost
        from reward_budgets b
        left join ledger_accounts s on s.workspace_id = b.workspace_id
          and s.key = 'campaign:' || b.campaign_id || ':spent'
        left join (select workspace_id, campaign_id, sum(cost_minor - reversed_minor) cost
                   from grants where {LIVE} group by workspace_id, campaign_id) g
          on g.workspace_id = b.workspace_id and g.campaign_id = b.campaign_id
        where coalesce(g.cost, 0) <> coalesce(s.balance_minor, 0)
           or s.balance_minor > b.total_minor
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-G1b",
        "Spent and left of a budget, in the campaign and in its days, add up to its total",
        """
        select b.workspace_id, b.campaign_id, b.total_minor, sum(a.balance_minor) as held
        from reward_budgets b
        join ledger_accounts a on a.workspace_id = b.workspace_id
          and starts_with(a.key, 'campaign:' || b.campaign_id || ':') and a.unit = b.currency
        group by b.workspace_id, b.campaign_id, b.total_minor
        having sum(a.balance_minor) <> b.total_minor
        """,
    ),
    Invariant(
        "I-G1c",
        "No day of a campaign costs more than its daily limit, as long as the limit stayed the same",
        """
        select b.workspace_id, b.campaign_id, b.day, b.day_funded_minor, b.per_day_minor
        from reward_budgets b where b.day_funded_minor > b.per_day_minor
        """,
    ),
    Invariant(
        "I-G2",
        "One giving a campaign, person, rule and cause",
        """
        select workspace_id, campaign_id, beneficiary_id, rule, cause, count(*) from grants
        group by 1, 2, 3, 4, 5 having count(*) > 1
        """,
    ),
    Invariant(
        "I-G6",
        "Every grant moved exactly what it says: its cost, its points, and back if it was reversed",
        """
        select g.workspace_id, g.id, g.state from grants g
        left join (
          select workspace_id, cause,
            sum(amount_minor) filter (where reason = 'grant.cost') as cost,
            sum(amount_minor) filter (where reason = 'grant.points') as points,
            sum(amount_minor) filter (where reason = 'grant.cash') as cash,
            sum(amount_minor) filter (where reason = 'grant.cash_reversed') as cash_back,
            sum(amount_minor) filter (where reason = 'grant.reversed'
                                        and unit not like 'offer:%' and unit <> 'points') as back
          from ledger_transfers where reason like 'grant.%' group by workspace_id, cause
        ) t on t.workspace_id = g.workspace_id and t.cause = g.id
        where coalesce(t.cost, 0) <> g.cost_minor
           or (g.kind = 'points' and coalesce(t.points, 0) <> g.points)
           or coalesce(t.back, 0) <> g.reversed_minor
           or coalesce(t.cash, 0) - coalesce(t.cash_back, 0) <> case
                when g.kind = 'cash' and g.state in ('vested', 'paid')
                then g.cost_minor - g.reversed_minor else 0 end
        """,
    ),
    Invariant(
        "I-G7",
        "A grant that is vested or paid was vested at a moment, not before it was given",
        "select workspace_id, id from grants where vested_at < granted_at",
    ),
    Invariant(
        "I-C3",
        "Of a limited offer, those given and not taken back and those left are all there are",
        f"""
        select o.workspace_id, o.id, o.key, o.quantity, l.balance_minor as left, g.live
        from offers o
        left join ledger_accounts l on l.workspace_id = o.workspace_id
          and l.key = 'offer:' || o.id || ':left'
        left join ledger_accounts d on d.workspace_id = o.workspace_id
          and d.key = 'offer:' || o.id || ':given'
        left join (select workspace_id, offer_id, count(*) live from grants
                   where {GIVEN} group by workspace_id, offer_id) g
          on g.workspace_id = o.workspace_id and g.offer_id = o.id
        where o.quantity > 0 and (
          coalesce(d.balance_minor, 0) <> coalesce(g.live, 0)
          or coalesce(l.balance_minor, 0) + coalesce(d.balance_minor, 0) <> o.quantity)
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-C3b",
        "Nobody has more grants of an offer than it allows one person",
        f"""
        select o.workspace_id, o.id, g.beneficiary_id, count(*)
        from offers o join grants g on g.workspace_id = o.workspace_id and g.offer_id = o.id
        where o.per_person is not null and g.{GIVEN}
        group by o.workspace_id, o.id, g.beneficiary_id, o.per_person
        having count(*) > o.per_person
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-C1",
        "A coupon that was taken back is in no order, and only its owner's orders use a coupon",
        """
        select u.workspace_id, u.id from coupon_uses u
        left join grants g on g.workspace_id = u.workspace_id and g.id = u.grant_id
        where g.id is null or g.kind <> 'coupon' or g.beneficiary_id <> u.person_id
           or (u.state in ('locked', 'redeemed') and g.state not in ('vested', 'paid'))
        """,
    ),
    Invariant(
        "I-C2",
        "A coupon is in at most one live order",
        """
        select workspace_id, grant_id, count(*) from coupon_uses
        where state in ('locked', 'redeemed') group by 1, 2 having count(*) > 1
        """,
    ),
    Invariant(
        "I-C4",
        "A coupon never takes off more than it is worth",
        """
        select u.workspace_id, u.id, u.off_minor, g.value_minor from coupon_uses u
        join grants g on g.workspace_id = u.workspace_id and g.id = u.grant_id
        where u.off_minor > g.value_minor
        """,
    ),
    Invariant(
        "I-C5",
        "A refund brings a coupon back once: whole as it was, or in parts that add up to no more",
        """
        select u.workspace_id, u.id, u.state, u.returned_minor, p.parts from coupon_uses u
        left join (select workspace_id, rule, sum(value_minor) parts from grants
                   where starts_with(rule, 'coupon_part:') group by workspace_id, rule) p
          on p.workspace_id = u.workspace_id and p.rule = 'coupon_part:' || u.id
        where coalesce(p.parts, 0) <> case u.state when 'redeemed' then u.returned_minor else 0 end
           or (u.state = 'returned' and u.returned_minor <> u.off_minor)
        """,
    ),
    *PACKET_INVARIANTS,
    *MONEY_INVARIANTS,
    *PAID_INVARIANTS,
    Invariant(
        "I-P1",
        "A payout holds what it asks for until it ends, and leaves at most once, as it was asked for",
        """
        select p.workspace_id, p.id, p.state, t.held, t.paid, t.ends from payouts p
        left join (
          select workspace_id, cause,
            sum(amount_minor) filter (where phase = 'pending') as held,
            sum(amount_minor) filter (where phase = 'post') as paid,
            count(*) filter (where phase in ('post', 'void')) as ends
          from ledger_transfers where reason like 'payout.%' group by workspace_id, cause
        ) t on t.workspace_id = p.workspace_id and t.cause = p.id
        where t.held is distinct from p.amount_minor
           or coalesce(t.paid, 0) <> case p.state when 'succeeded' then p.amount_minor else 0 end
           or coalesce(t.ends, 0) <> case when p.ended_at is null then 0 else 1 end
        """,
    ),
    Invariant(
        "I-P2",
        "Nobody is paid more than what vested and was not clawed back",
        """
        select g.workspace_id, g.person, g.vested, p.paid
        from (select workspace_id, person_id as person, sum(amount_minor) as paid from payouts
              where state not in ('failed', 'rejected') group by 1, 2) p
        left join (select workspace_id, beneficiary_id as person,
                     sum(cost_minor - reversed_minor) as vested
                   from grants where kind = 'cash' and state in ('vested', 'paid') group by 1, 2) g
          on g.workspace_id = p.workspace_id and g.person = p.person
        where p.paid > coalesce(g.vested, 0)
        """,
    ),
    Invariant(
        "I-P2b",
        "What a day's caps count is what was asked for that day and not given back",
        """
        select d.workspace_id, d.holder, d.day, d.total_minor, d.count from payout_days d
        cross join lateral (
          select coalesce(sum(p.amount_minor), 0) as minor, count(*) as times from payouts p
          where p.workspace_id = d.workspace_id and p.day = d.day and p.currency = d.currency
            and d.holder in (p.person_id, p.workspace_id)
            and p.state not in ('failed', 'rejected')) asked
        where d.total_minor <> asked.minor or d.count <> asked.times
        """,
    ),
    Invariant(
        "I-C6",
        "A person's points are what is left of their lots, and none are left of what was taken back",
        """
        select coalesce(a.workspace_id, l.workspace_id), coalesce(a.key, l.key), a.balance_minor,
               l.left_points, l.left_of_reversed
        from (select workspace_id, key, balance_minor from ledger_accounts
              where unit = 'points' and key like 'person:%:points') a
        full join (select l.workspace_id, 'person:' || l.person_id || ':points' as key,
                     sum(l.left_points) as left_points,
                     sum(l.left_points) filter (where g.reversed_at is not null)
                       as left_of_reversed
                   from point_lots l
                   join grants g on g.workspace_id = l.workspace_id and g.id = l.id
                   group by 1, 2) l
          on l.workspace_id = a.workspace_id and l.key = a.key
        where coalesce(a.balance_minor, 0) <> coalesce(l.left_points, 0) or l.left_of_reversed > 0
        """,
    ),
    Invariant(
        "I-C6b",
        "An exchange spent its points, once, and gave what it says to whom it says",
        """
        select e.workspace_id, e.id from exchanges e
        left join grants g on g.workspace_id = e.workspace_id and g.id = e.grant_id
        left join (select workspace_id, cause, sum(amount_minor) as points from ledger_transfers
                   where reason = 'points.spent' group by 1, 2) t
          on t.workspace_id = e.workspace_id and t.cause = e.id
        where t.points is distinct from e.points or g.beneficiary_id is distinct from e.person_id
           or g.cause is distinct from e.id
        """,
    ),
    Invariant(
        "I-G1d",
        "What a plan has not set aside and what its campaigns were given add up to its total",
        """
        select p.workspace_id, p.id, p.total_minor, a.balance_minor, b.given from reward_plans p
        left join ledger_accounts a on a.workspace_id = p.workspace_id
          and a.key = 'plan:' || p.id || ':budget'
        left join (select workspace_id, plan_id, sum(total_minor) as given from reward_budgets
                   group by 1, 2) b
          on b.workspace_id = p.workspace_id and b.plan_id = p.id
        where coalesce(a.balance_minor, 0) + coalesce(b.given, 0) <> p.total_minor
        """,
    ),
    Invariant(
        "I-G1e",
        "No channel has spent more than its cap",
        """
        select c.workspace_id, c.campaign_id, c.channel, c.most_minor, u.balance_minor
        from reward_channel_caps c
        join ledger_accounts u on u.workspace_id = c.workspace_id
          and u.key = 'channel:' || c.campaign_id || ':' || c.channel || ':used'
        join ledger_accounts l on l.workspace_id = c.workspace_id
          and l.key = 'channel:' || c.campaign_id || ':' || c.channel || ':left'
        where u.balance_minor > c.most_minor
           or u.balance_minor + l.balance_minor <> c.most_minor
        """,
    ),
)
