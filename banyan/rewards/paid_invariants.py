"""What is always true of what is paid: cash that payouts carried, gifts that were handed over."""

from typing import Final

from banyan.kernel.invariants import Invariant

PAID_INVARIANTS: Final = (
    Invariant(
        "I-P3",
        "A payout that is through has carried its person's cash grants for all of its amount",
        """
        select p.workspace_id, p.id, p.state, p.amount_minor, c.carried, c.of_others from payouts p
        left join (
          select x.workspace_id, x.payout_id, sum(x.amount_minor) as carried,
            count(*) filter (where g.id is null or g.kind <> 'cash'
                                or g.beneficiary_id <> y.person_id) as of_others
          from payout_grants x
          join payouts y on y.workspace_id = x.workspace_id and y.id = x.payout_id
          left join grants g on g.workspace_id = x.workspace_id and g.id = x.grant_id
          group by 1, 2
        ) c on c.workspace_id = p.workspace_id and c.payout_id = p.id
        where coalesce(c.carried, 0) <> case p.state when 'succeeded' then p.amount_minor else 0 end
           or c.of_others > 0
        """,
    ),
    Invariant(
        "I-P3b",
        "A grant is paid when payouts carried all of its cash, or its gift was handed over or sent",
        """
        select g.workspace_id, g.id, g.kind, g.state, c.carried, t.state as claim from grants g
        left join (select workspace_id, grant_id, sum(amount_minor) as carried from payout_grants
                   group by 1, 2) c on c.workspace_id = g.workspace_id and c.grant_id = g.id
        left join gift_claims t on t.workspace_id = g.workspace_id and t.id = g.id
        where coalesce(c.carried, 0) > g.cost_minor
           or (g.state = 'paid' and not coalesce(
                (g.kind = 'cash' and c.carried >= g.cost_minor - g.reversed_minor)
                or (g.kind = 'gift' and t.state in ('shipped', 'collected')), false))
           or (g.state = 'vested' and g.kind = 'gift' and t.state in ('shipped', 'collected'))
           or (g.state = 'vested' and c.carried >= g.cost_minor)
        """,
    ),
)
