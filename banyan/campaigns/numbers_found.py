"""How each play's numbers are found: one statement a play, over its whole campaign.

A statement reads the rows named in `HERE` and answers one row whose columns are the keys of the
play's numbers; a number that is part of a whole has a column `<key>_of` beside it. Averages come
as hundredths, shares as parts per million, spans as seconds: whole numbers throughout, or null.
`@field` is what a quest's progress, which is kept as an array, holds as that field of its play.
"""

import re
from typing import Final

from banyan.plays import PLAYS

__all__ = ["HERE", "STATEMENTS"]

# Each is read where it is named, by the index of its table; one that is not named costs nothing.
HERE: Final = """
with plan as (
  select %(settings)s::jsonb as settings, %(offers)s::jsonb as offers, live_at as opened_at
  from campaigns where workspace_id = %(workspace)s and id = %(campaign)s),
quest as not materialized (
  select * from quests where workspace_id = %(workspace)s and campaign_id = %(campaign)s),
act as not materialized (
  select * from quest_acts where workspace_id = %(workspace)s and campaign_id = %(campaign)s),
bought as not materialized (
  select * from quest_orders where workspace_id = %(workspace)s and campaign_id = %(campaign)s),
friend as not materialized (
  select * from supports
  where workspace_id = %(workspace)s and campaign_id = %(campaign)s and counted),
gone as not materialized (
  select d.left_at, f.supported_at from friend f join quest_departures d
    on d.workspace_id = f.workspace_id and d.quest_id = f.quest_id
    and d.supporter_id = f.supporter_id),
given as not materialized (
  select * from grants where workspace_id = %(workspace)s and campaign_id = %(campaign)s),
held as not materialized (select * from given where reversed_at is null),
packet as not materialized (
  select r.*, greatest(r.opened_at, (select opened_at from plan)) as began_at from red_packets r
  where workspace_id = %(workspace)s and campaign_id = %(campaign)s),
grab as not materialized (
  select g.*, extract(epoch from g.grabbed_at - p.began_at) as after
  from grabs g join packet p on p.workspace_id = g.workspace_id and p.id = g.packet_id),
draw as not materialized (
  select * from draws where workspace_id = %(workspace)s and campaign_id = %(campaign)s)
"""


_WRITTEN: Final[dict[str, str]] = {
    "referral": """
select coalesce(sum(have), 0) as brought,
       count(*) filter (where have > 0) as inviters, count(*) as inviters_of,
       (select count(*) from held where starts_with(rule, 'tier:')) as tiers_reached,
       round(100 * avg(have) filter (where have > 0))::bigint as average_brought,
       (select count(*) from gone) as left_again
from quest""",
    "assist": """
select count(*) filter (where state = 'won') as unlocked, count(*) as unlocked_of,
       (select count(*) from friend) - (select count(*) from gone) as helps,
       round(100 * avg(have))::bigint as average_helpers,
       count(*) filter (where state = 'open' and need - have = 1) as one_short,
       count(*) filter (where state = 'lost') as ran_out
from quest""",
    "group_buy": """
select count(*) filter (where @state = 'settled') as teams_formed,
       count(*) filter (where @state in ('forming', 'full') and have > 0) as teams_forming,
       count(*) filter (where @state in ('refunding', 'closed') and exists (
         select 1 from bought b where b.quest_id = quest.id
           and b.state in ('paid', 'confirmed', 'returning', 'refunded'))) as teams_failed,
       coalesce(sum(have) filter (where @state not in ('refunding', 'closed')), 0)
         as seats_filled,
       coalesce(sum(need) filter (where @state not in ('refunding', 'closed') and have > 0), 0)
         as seats_filled_of,
       round(100 * avg(have) filter (where @state = 'settled'))::bigint as average_team,
       (select count(*) from bought where state = 'returning') as refunds_under_way
from quest""",
    "bargain": """
select count(*) filter (where state = 'won') as bought, count(*) as bought_of,
       count(*) filter (where have >= need) as finished,
       round(percentile_cont(0.5) within group (order by price)
         filter (where have > 0))::bigint as price_reached,
       (select round(avg(price_minor))::bigint from bought where state in ('paid', 'confirmed'))
         as average_paid,
       round(100 * percentile_cont(0.5) within group (order by have))::bigint as median_cuts,
       (select count(*) from bought where state = 'reserved') as to_be_paid
from quest, lateral (
  select (select (settings ->> 'start_price_minor')::bigint from plan)
    - coalesce(sum(cut::bigint), 0) as price from json_array_elements_text(@cuts::json) cut) now""",
    "flash_sale": """
select sold, quantity as sold_of, waits as held, buyers, coalesce(paid_minor, 0) as revenue,
       back as given_back,
       case when sold + waits >= quantity
         then round(extract(epoch from last_at - opened_at))::bigint end as sold_out_after
from (
  select coalesce(sum(quantity) filter (where state in ('paid', 'confirmed')), 0) as sold,
         coalesce(sum(quantity) filter (where state = 'reserved'), 0) as waits,
         coalesce(sum(quantity) filter (where state = 'released'), 0) as back,
         count(distinct person_id) filter (where state in ('paid', 'confirmed')) as buyers,
         sum(quantity * price_minor) filter (where state in ('paid', 'confirmed')) as paid_minor,
         max(reserved_at) filter (where state in ('reserved', 'paid', 'confirmed')) as last_at
  from bought) found,
  (select (settings ->> 'quantity')::bigint as quantity, opened_at from plan) terms""",
    "affiliate": """
select coalesce(sum((sale ->> 1)::bigint - (sale ->> 3)::bigint), 0)::bigint as sales,
       count(distinct quest.id) as sellers, (select count(*) from quest) as sellers_of,
       count(sale) as orders, pending as commission_pending, vested as commission_vested,
       back as commission_back
from (
  select coalesce(sum(cost_minor - reversed_minor) filter (where state = 'pending'), 0) as pending,
         coalesce(sum(cost_minor - reversed_minor)
           filter (where state in ('vested', 'paid')), 0) as vested,
         coalesce(sum(reversed_minor), 0) as back from given) owed
left join (quest cross join lateral json_array_elements(@sales::json) sale)
  on (sale ->> 2)::int = 1
group by pending, vested, back""",
    "poster": """
select coalesce(sum(have), 0) as verified, count(id) as posters,
       (select count(*) from friend where supported_at + stay <= %(now)s)
         - (select count(*) from gone
            where supported_at + stay <= %(now)s and left_at < supported_at + stay) as stayed,
       (select count(*) from gone where left_at < supported_at + stay) as left_early,
       (select count(*) from held where starts_with(rule, 'tier:')) as tiers_reached
from (select make_interval(hours => (settings ->> 'stay_hours')::int) as stay from plan) terms
left join quest on true
group by stay""",
    "red_packet": """
select taken, shares as taken_of, taken_minor as taken_money, total_minor as taken_money_of,
       (select round(percentile_cont(0.5) within group (order by after))::bigint from grab)
         as median_after,
       case when taken = shares then (select round(max(after))::bigint from grab) end
         as emptied_after,
       (select count(*) from grab where quest_id is not null) as by_friends,
       returned_minor as returned
from packet""",
    "lottery": """
select count(n) as draws, count(distinct person_id) as people,
       count(distinct person_id) filter (where won) as winners,
       prizes - count(n) filter (where won) as prizes_left, prizes as prizes_left_of,
       1000000 * count(n) filter (where prize <> '') / nullif(count(n), 0) as odds_seen,
       odds as odds_published
from (
  select (select sum((p ->> 'odds_ppm')::bigint)::bigint
          from jsonb_array_elements(settings -> 'prizes') p) as odds,
         (select sum((o ->> 'quantity')::bigint)::bigint from jsonb_array_elements(offers) o
          where o ->> 'key' in (
            select p ->> 'offer' from jsonb_array_elements(settings -> 'prizes') p)) as prizes
  from plan) terms
left join draw on true
group by odds, prizes""",
    "check_in": """
select count(*) filter (where step = 'checked_in') as days,
       count(*) filter (where step = 'checked_in' and slot = %(today)s) as today,
       count(distinct person_id) filter (where step = 'checked_in') as people,
       (select count(*) from quest) as people_of,
       100 * count(*) filter (where step = 'checked_in')
         / nullif(count(distinct person_id) filter (where step = 'checked_in'), 0) as average_days,
       (select count(*) from held where starts_with(rule, 'streak:')) as streaks,
       (select coalesce(max(@run::bigint), 0) from quest
        where @last::bigint >= %(ordinal)s - 1) as longest_run
from act""",
    "content": """
select count(*) filter (where rule = 'read' or starts_with(rule, 'part:')) as unlocks,
       (select count(*) from act where step = 'read') as readers,
       (select count(*) from quest) as readers_of,
       count(*) filter (where starts_with(rule, 'part:')) as by_friends,
       (select count(*) from friend) - (select count(*) from gone) as friends,
       (select count(*) from quest where state = 'won') as complete
from held""",
    "live": """
select count(distinct person_id) filter (where step = 'entered') as watchers,
       count(distinct person_id) filter (where step = 'drew') as drawers,
       count(distinct person_id) filter (where step = 'entered') as drawers_of,
       count(*) filter (where step = 'drew') as draws,
       (select count(*) from held where rule = 'draw') as wins,
       (select count(*) from friend) - (select count(*) from gone) as friends
from act""",
    "in_store": """
select coalesce(sum(visits), 0)::bigint as visits, count(*) filter (where visits > 0) as visitors,
       (select count(*) from quest) as visitors_of,
       count(*) filter (where visits > 1) as came_again,
       count(*) filter (where scanned) as scans,
       coalesce(sum(redeemed), 0)::bigint as redeemed,
       (select count(*) from held where starts_with(rule, 'stamp:')) as redeemed_of
from (
  select count(*) filter (where step = 'visited') as visits,
         count(*) filter (where step = 'redeemed') as redeemed,
         bool_or(step = 'scanned') as scanned from act group by person_id) person""",
    "quiz": """
select (select coalesce(sum(@passed::bigint), 0)::bigint from quest) as levels_passed,
       (1000000 * sum(amount) / nullif(sum(asked), 0))::bigint as right_share,
       count(distinct person_id) as players, (select count(*) from quest) as players_of,
       count(*) as tries,
       (select count(*) from quest, plan
        where @passed::bigint = jsonb_array_length(settings -> 'levels')) as complete,
       (select count(*) from quest, plan
        where @tries::bigint >= (settings ->> 'tries_per_level')::int) as stuck
from (
  select act.*, jsonb_array_length(settings #> array[
    'levels', (split_part(step, '_', 2)::int - 1)::text, 'questions']) as asked
  from act, plan where starts_with(step, 'level_')) tried""",
    "cause": """
select count(*) filter (where starts_with(rule, 'unit')) as total,
       (select (settings ->> 'goal')::bigint from plan) as total_of,
       count(distinct beneficiary_id) filter (where starts_with(rule, 'unit')) as givers,
       count(*) filter (where rule = 'unit:friend') as by_friends,
       100 * count(*) filter (where starts_with(rule, 'unit')) / nullif(
         count(distinct beneficiary_id) filter (where starts_with(rule, 'unit')), 0)
         as average_given,
       count(*) filter (where rule = 'thanks') as thanked
from held""",
}


def _placed(play: str, statement: str) -> str:
    fields = PLAYS[play].Progress.__struct_fields__
    return re.sub(
        r"@(\w+)", lambda named: f"(progress #>> '{{{fields.index(named[1])}}}')", statement
    )


STATEMENTS: Final = {play: _placed(play, written) for play, written in _WRITTEN.items()}
