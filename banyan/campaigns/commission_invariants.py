"""What is always true of commission: two levels at most, by approval, on what was really paid."""

from typing import Final

from banyan.kernel.invariants import Invariant


def _names(goods: str, bought: str) -> str:
    """Return the condition that the list `goods` of the settings names the id `bought`."""
    return f"{goods} @> jsonb_build_array(jsonb_build_object('id', {bought}))"


def _own_share(kind: str, bought: str) -> str:
    """Return the share that the first entry naming `bought` gives it; null where none does."""
    return f"""(
  select (r.rate ->> 'rate_bps')::bigint
  from jsonb_array_elements(coalesce(s.settings -> 'rates', '[]')) with ordinality r (rate, nth)
  where {_names(f"r.rate -> '{kind}'", bought)} order by r.nth limit 1)"""  # noqa: S608 - written here


# Of a line: its own share, and whether it is among what earns. Of a whole order, from the time
# before lines were told, the general share.
_SHARE: Final = f"""
  select coalesce({_own_share("products", "l.product_id")},
                  {_own_share("categories", "l.category_id")}) as own_bps,
    l.id is null and jsonb_array_length(coalesce(s.settings -> 'products', '[]')) = 0
        and jsonb_array_length(coalesce(s.settings -> 'categories', '[]')) = 0
      or l.id is not null
        and not coalesce({_names("s.settings -> 'excluded_products'", "l.product_id")}, false)
        and not coalesce({_names("s.settings -> 'excluded_categories'", "l.category_id")}, false)
        and (jsonb_array_length(coalesce(s.settings -> 'products', '[]')) = 0
               and jsonb_array_length(coalesce(s.settings -> 'categories', '[]')) = 0
             or coalesce({_names("s.settings -> 'products'", "l.product_id")}, false)
             or coalesce({_names("s.settings -> 'categories'", "l.category_id")}, false))
      as is_chosen,
    l.id is not null
      and (coalesce({_names("s.settings -> 'excluded_products'", "l.product_id")}, false)
        or coalesce({_names("s.settings -> 'excluded_categories'", "l.category_id")}, false))
      as is_excluded
"""

# Every commission with the line it is on (or the order, from the time before lines were told): what
# was paid for it, what of that has gone back as the quest was told, its share, and what its person
# keeps. What is owed back is not theirs any more.
_KEPT: Final = f"""
select g.workspace_id, g.campaign_id, g.id, g.rule, g.cause, g.beneficiary_id, g.held_until,
       g.vested_at, q.id as quest_id, s.settings, o.id as order_id, offer.value_minor as most_minor,
       g.cost_minor,
       case when g.state in ('pending', 'vested', 'paid')
            then g.cost_minor - g.reversed_minor - coalesce(d.owed_minor, 0)
              - coalesce(d.forgiven_minor, 0) else 0 end as kept,
       greatest(0, coalesce(l.payable_minor, o.payable_minor - o.freight_minor)
         - coalesce(b.minor, 0)) as net,
       case when share.is_excluded or not share.is_chosen and share.own_bps is null then 0
            when g.rule = 'second'
              then coalesce((s.settings #>> '{{second_level,0,rate_bps}}')::bigint, 0)
            else coalesce(share.own_bps, (s.settings ->> 'rate_bps')::bigint, 1000) end as share_bps
from grants g
join campaigns c on c.workspace_id = g.workspace_id and c.id = g.campaign_id
  and c.play_key = 'affiliate'
join campaign_versions v on v.workspace_id = g.workspace_id and v.campaign_id = g.campaign_id
  and v.version = g.rule_version
cross join lateral (select (v.definition #> '{{play,settings}}')::jsonb as settings) s
left join offers offer on offer.workspace_id = g.workspace_id and offer.id = g.offer_id
left join quests q on q.workspace_id = g.workspace_id and q.campaign_id = g.campaign_id
  and q.owner_id = g.beneficiary_id
left join order_lines l on l.workspace_id = g.workspace_id and l.id = g.cause
left join orders o on o.workspace_id = g.workspace_id and o.id = coalesce(l.order_id, g.cause)
left join cash_debts d on d.workspace_id = g.workspace_id and d.grant_id = g.id
cross join lateral ({_SHARE}) share
left join lateral (
  select sum(coalesce(rl.amount_minor, r.amount_minor - r.freight_minor)) as minor
  from quest_order_facts f
  join refunds r on r.workspace_id = f.workspace_id and r.id = f.cause_id
  left join refund_lines rl on rl.workspace_id = r.workspace_id and rl.refund_id = r.id
    and rl.line_id = l.id
  where f.workspace_id = g.workspace_id and f.order_id = o.id and f.quest_id = q.id
    and f.step = 'refunded' and (l.id is null or rl.line_id is not null)) b on true
where g.rule in ('commission', 'second')
"""  # noqa: S608 - written here

COMMISSION_INVARIANTS: Final = (
    Invariant(
        "I-G5c",
        "A second level is paid only by an approval's number, and nobody is paid above it",
        f"""
        select workspace_id, id, rule, cause from ({_KEPT}) k
        where rule = 'second'
          and coalesce(settings #>> '{{second_level,0,approval_id}}', '') = ''
        union all
        select workspace_id, min(id::text)::uuid, string_agg(distinct rule, ' '), of from (
          select k.*, coalesce(order_id, cause) as of from ({_KEPT}) k) k
        group by workspace_id, campaign_id, of
        having count(distinct (rule, beneficiary_id)) > count(distinct rule)
            or count(distinct (rule, beneficiary_id)) > count(distinct beneficiary_id)
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-G8b",
        "Commission vests after its order was delivered and can no longer be returned",
        f"""
        select k.workspace_id, k.id, k.cause, k.held_until, f.told_at from ({_KEPT}) k
        left join quest_order_facts f on f.workspace_id = k.workspace_id
          and f.order_id = k.order_id and f.quest_id = k.quest_id and f.step = 'delivered'
        where k.vested_at is not null
          and (f.told_at is null or k.held_until is null
               or k.held_until < f.told_at + make_interval(days =>
                    coalesce((k.settings ->> 'return_days')::int, 7)
                    + coalesce((k.settings ->> 'buffer_days')::int, 3)))
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-G9",
        "Of a refunded line commission is kept on the rest only, at the share announced for it",
        f"""
        select workspace_id, id, rule, cause, kept, net from ({_KEPT}) k
        where net is null or kept > net * share_bps / 10000
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-G10",
        "All commission on a line is at most three tenths of what was paid for it",
        f"""
        select workspace_id, cause, sum(kept) as kept, min(net) as net from ({_KEPT}) k
        group by workspace_id, cause having sum(kept) * 10 > min(net) * 3
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-G15",
        "All commission one person has on an order is at most what one of the offer is worth",
        f"""
        select workspace_id, order_id, beneficiary_id, sum(cost_minor) as given from ({_KEPT}) k
        where order_id is not null
        group by workspace_id, campaign_id, order_id, rule, beneficiary_id
        having sum(cost_minor) > min(most_minor)
        """,  # noqa: S608 - a constant of this module
    ),
)
