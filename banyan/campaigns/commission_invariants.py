"""What is always true of commission: two levels at most, by approval, on what was really paid."""

from typing import Final

from banyan.kernel.invariants import Invariant

# Every commission with the order it is on: what was paid for its goods, what of that has gone back
# as the quest was told, and what its person keeps. What is owed back is not theirs any more.
_KEPT: Final = """
select g.workspace_id, g.campaign_id, g.id, g.rule, g.cause, g.beneficiary_id, g.held_until,
       g.vested_at, q.id as quest_id, v.definition #> '{play,settings}' as settings,
       case when g.state in ('pending', 'vested', 'paid')
            then g.cost_minor - g.reversed_minor - coalesce(d.owed_minor, 0)
              - coalesce(d.forgiven_minor, 0) else 0 end as kept,
       greatest(0, o.payable_minor - o.freight_minor - coalesce(b.minor, 0)) as net
from grants g
join campaigns c on c.workspace_id = g.workspace_id and c.id = g.campaign_id
  and c.play_key = 'affiliate'
join campaign_versions v on v.workspace_id = g.workspace_id and v.campaign_id = g.campaign_id
  and v.version = g.rule_version
left join quests q on q.workspace_id = g.workspace_id and q.campaign_id = g.campaign_id
  and q.owner_id = g.beneficiary_id
left join orders o on o.workspace_id = g.workspace_id and o.id = g.cause
left join cash_debts d on d.workspace_id = g.workspace_id and d.grant_id = g.id
left join lateral (
  select sum(r.amount_minor - r.freight_minor) as minor from quest_order_facts f
  join refunds r on r.workspace_id = f.workspace_id and r.id = f.cause_id
  where f.workspace_id = g.workspace_id and f.order_id = g.cause and f.quest_id = q.id
    and f.step = 'refunded') b on true
where g.rule in ('commission', 'second')
"""

COMMISSION_INVARIANTS: Final = (
    Invariant(
        "I-G5c",
        "A second level is paid only by an approval's number, and nobody is paid above it",
        f"""
        select workspace_id, id, rule, cause from ({_KEPT}) k
        where rule = 'second'
          and coalesce(settings #>> '{{second_level,0,approval_id}}', '') = ''
        union all
        select workspace_id, min(id::text)::uuid, string_agg(rule, ' '), cause from ({_KEPT}) k
        group by workspace_id, campaign_id, cause
        having count(*) > 2 or count(distinct rule) < count(*)
            or count(distinct beneficiary_id) < count(*)
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-G8b",
        "Commission vests after its order was delivered and can no longer be returned",
        f"""
        select k.workspace_id, k.id, k.cause, k.held_until, f.told_at from ({_KEPT}) k
        left join quest_order_facts f on f.workspace_id = k.workspace_id
          and f.order_id = k.cause and f.quest_id = k.quest_id and f.step = 'delivered'
        where k.vested_at is not null
          and (f.told_at is null or k.held_until is null
               or k.held_until < f.told_at + make_interval(days =>
                    coalesce((k.settings ->> 'return_days')::int, 7)
                    + coalesce((k.settings ->> 'buffer_days')::int, 3)))
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-G9",
        "Of a refunded order commission is kept on the rest only, at the share that was announced",
        f"""
        select workspace_id, id, rule, cause, kept, net from ({_KEPT}) k
        where net is null or kept > net * case rule
          when 'second' then coalesce((settings #>> '{{second_level,0,rate_bps}}')::bigint, 0)
          else coalesce((settings ->> 'rate_bps')::bigint, 1000) end / 10000
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-G10",
        "All commission on an order is at most three tenths of what was paid for its goods",
        f"""
        select workspace_id, cause, sum(kept) as kept, min(net) as net from ({_KEPT}) k
        group by workspace_id, cause having sum(kept) * 10 > min(net) * 3
        """,  # noqa: S608 - a constant of this module
    ),
)
