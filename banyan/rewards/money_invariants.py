"""What is always true of rewards that are money: when they vest, what is on its way, what is owed.

Of the specification, some promises are no statement about rows and are held elsewhere: I-G12 (a
merge of people changes no total) and I-G13 (personalisation changes no reward) by tests; that an
unknown payout is left only by asking again under its own number (I-P1) by the request number,
which a trigger keeps; that points which end first are spent first (I-C6) by `points.spend_points`,
as which lots had ended at that moment is no longer known.
"""

from typing import Final

from banyan.kernel.invariants import Invariant

MONEY_INVARIANTS: Final = (
    Invariant(
        "I-G8",
        "What is held becomes its person's own when it is due, and not before",
        """
        select workspace_id, id, state, held_until, vested_at from grants
        where kind = 'cash' and vested_at < held_until
        """,
    ),
    Invariant(
        "I-C7",
        "A coupon is used while it is valid, where the goods come to what it asks for, for all of it",
        """
        select u.workspace_id, u.id, u.grant_id, u.off_minor, g.value_minor, o.from_minor,
               r.goods_minor
        from coupon_uses u
        join grants g on g.workspace_id = u.workspace_id and g.id = u.grant_id
        join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
        join orders r on r.workspace_id = u.workspace_id and r.id = u.order_id
        where u.locked_at >= g.expires_at or r.goods_minor < o.from_minor
           or (o.off_bps = 0 and o.product_ids is null and o.category_ids is null
               and u.off_minor < g.value_minor and r.payable_minor > r.freight_minor)
        """,
    ),
    Invariant(
        "I-L10",
        "Cash that is held is what open payouts ask for, and cash that left is what they paid",
        """
        select coalesce(a.workspace_id, p.workspace_id) as workspace_id,
               coalesce(a.key, p.key) as key, a.pending_minor, p.minor
        from (select workspace_id, key, pending_minor from ledger_accounts
              where key like 'person:%:cash:%') a
        full join (select workspace_id, 'person:' || person_id || ':cash:' || currency as key,
                     sum(amount_minor) as minor
                   from payouts where ended_at is null group by 1, 2) p
          on p.workspace_id = a.workspace_id and p.key = a.key
        where coalesce(a.pending_minor, 0) <> coalesce(p.minor, 0)
        union all
        select a.workspace_id, a.key, a.balance_minor, p.minor from ledger_accounts a
        left join (select workspace_id, 'cash:paid:' || currency as key,
                     sum(amount_minor) as minor
                   from payouts where state = 'succeeded' group by 1, 2) p
          on p.workspace_id = a.workspace_id and p.key = a.key
        where a.key like 'cash:paid:%' and a.balance_minor <> coalesce(p.minor, 0)
        """,
    ),
    Invariant(
        "I-G14",
        "What is owed of a grant is what was to come back of it, and has not, and was not let go",
        """
        select d.workspace_id, d.grant_id, d.owed_minor, g.cost_minor, g.reversed_minor
        from cash_debts d
        left join grants g on g.workspace_id = d.workspace_id and g.id = d.grant_id
        where g.id is null or g.beneficiary_id <> d.person_id or g.kind <> 'cash'
           or d.owed_minor
              <> greatest(0, g.cost_minor - g.reversed_minor - d.keep_minor - d.forgiven_minor)
        """,
    ),
    Invariant(
        "I-G14b",
        "What a person owes of all grants is what the ledger says they owe",
        """
        select coalesce(a.workspace_id, d.workspace_id) as workspace_id,
               coalesce(a.key, d.key) as key, a.balance_minor, d.owed
        from (select workspace_id, key, balance_minor from ledger_accounts
              where key like 'person:%:owes:%') a
        full join (select workspace_id, 'person:' || person_id || ':owes:' || currency as key,
                     sum(owed_minor) as owed
                   from cash_debts group by 1, 2) d
          on d.workspace_id = a.workspace_id and d.key = a.key
        where coalesce(a.balance_minor, 0) <> coalesce(d.owed, 0)
        """,
    ),
)
