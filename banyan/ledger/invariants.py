"""What is always true of the ledger."""

from banyan.kernel.invariants import Invariant
from banyan.ledger.history_invariants import HISTORY_INVARIANTS

_MOVES = """
select workspace_id, debit_id as account_id, unit,
       case when phase in ('posted', 'post') then -amount_minor else 0 end as balance,
       case when phase = 'pending' then amount_minor else 0 end as pending
from ledger_transfers
union all
select workspace_id, credit_id, unit, amount_minor, 0
from ledger_transfers where phase in ('posted', 'post')
union all
select r.workspace_id, p.debit_id, p.unit, 0, -p.amount_minor
from ledger_transfers r
join ledger_transfers p on p.workspace_id = r.workspace_id and p.id = r.resolves_id
"""

INVARIANTS = (
    *HISTORY_INVARIANTS,
    Invariant(
        "I-L2",
        "The balances of a workspace add up to zero in every unit",
        "select workspace_id, unit, sum(balance_minor) as off from ledger_accounts"
        " group by workspace_id, unit having sum(balance_minor) <> 0",
    ),
    Invariant(
        "I-L4",
        "A balance, posted and pending, is what its transfers have made it",
        f"""
        select a.workspace_id, a.key, a.balance_minor, a.pending_minor, m.balance, m.pending
        from ledger_accounts a
        left join (select workspace_id, account_id, sum(balance) balance, sum(pending) pending
                   from ({_MOVES}) moves group by workspace_id, account_id) m
          on m.workspace_id = a.workspace_id and m.account_id = a.id
        where a.balance_minor <> coalesce(m.balance, 0)
           or a.pending_minor <> coalesce(m.pending, 0)
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-L5",
        "An account that may not go negative is not",
        "select workspace_id, key, balance_minor, pending_minor from ledger_accounts"
        " where not may_go_negative and balance_minor - pending_minor < 0",
    ),
    Invariant(
        "I-L6",
        "A transfer joins two accounts of its own workspace and its own unit",
        """
        select t.workspace_id, t.id from ledger_transfers t
        left join ledger_accounts d
          on d.workspace_id = t.workspace_id and d.id = t.debit_id and d.unit = t.unit
        left join ledger_accounts c
          on c.workspace_id = t.workspace_id and c.id = t.credit_id and c.unit = t.unit
        where d.id is null or c.id is null
        """,
    ),
    Invariant(
        "I-L8",
        "A hold ends at most once, with at most what it held, between the same accounts",
        """
        select r.workspace_id, r.resolves_id, count(*) from ledger_transfers r
        left join ledger_transfers p
          on p.workspace_id = r.workspace_id and p.id = r.resolves_id and p.phase = 'pending'
        where r.resolves_id is not null
        group by r.workspace_id, r.resolves_id
        having count(*) > 1 or bool_or(p.id is null or r.amount_minor > p.amount_minor
          or (r.debit_id, r.credit_id, r.unit) <> (p.debit_id, p.credit_id, p.unit))
        """,
    ),
    Invariant(
        "I-L11",
        "No amount is kept in a floating-point column",
        """
        select table_name, column_name, data_type from information_schema.columns
        where table_schema = current_schema() and column_name like '%\\_minor'
          and data_type <> 'bigint' and data_type <> 'integer'
        """,
    ),
)
