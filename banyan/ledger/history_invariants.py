"""What is always true of the ledger's history: balanced, kept, caused and in order.

A transfer is one row with one debit and one credit of one amount, so I-L1 is a look at its shape.
Of the specification's I-L9 the order is checked here; a chain of hashes is kept of the audit trail
and not of transfers, whose rows nobody may change (I-L3). Clearing accounts (I-L10) belong to
those who clear: the store looks at its own (I-R2), rewards at cash on its way out.
"""

from typing import Final

from banyan.kernel.invariants import Invariant

HISTORY_INVARIANTS: Final = (
    Invariant(
        "I-L1",
        "Every transfer takes from one account what it gives to another",
        """
        select workspace_id, id, phase, amount_minor from ledger_transfers
        where debit_id = credit_id or amount_minor < 0
           or (amount_minor = 0) <> (phase = 'void')
           or (phase in ('post', 'void')) <> (resolves_id is not null)
        """,
    ),
    Invariant(
        "I-L3",
        "Nobody who serves requests may change or delete a transfer, and a guard stands before it",
        """
        select 'may ' || p.privilege as what from pg_roles r,
          (values ('UPDATE'), ('DELETE'), ('TRUNCATE')) as p (privilege)
        where r.rolname = 'banyan_app'
          and has_table_privilege(r.oid, 'ledger_transfers'::regclass, p.privilege)
        union all
        select 'no guard' where not exists (
          select from pg_trigger where tgrelid = 'ledger_transfers'::regclass
            and tgname = 'kept' and tgenabled in ('O', 'A'))
        union all
        select 'correction without a reason: ' || id from ledger_transfers where reason = ''
        """,
    ),
    Invariant(
        "I-L7",
        "Every transfer names what made it necessary, and what can happen once to it did so once",
        """
        select workspace_id, min(id::text) as id, reason, cause, count(*) from ledger_transfers
        where reason like '%.%'
        group by workspace_id, reason, cause
        having cause is null or (count(*) > 1 and reason in (
          'grant.cost', 'grant.cash', 'grant.points', 'grant.quantity', 'grant.channel',
          'payout.held', 'payout.paid', 'payout.not_paid', 'packet.filled', 'packet.returned',
          'points.spent', 'points.expired', 'stock.sold', 'debt.forgiven', 'sale.taken',
          'sale.given_back'))
        """,
    ),
    Invariant(
        "I-L9",
        "Transfers stand in one order that the database gave, and an end stands after its hold",
        """
        select workspace_id, min(id::text) as id, position from ledger_transfers
        group by workspace_id, position having count(*) > 1
        union all
        select r.workspace_id, r.id::text, r.position from ledger_transfers r
        join ledger_transfers p on p.workspace_id = r.workspace_id and p.id = r.resolves_id
        where r.position <= p.position
        """,
    ),
)
