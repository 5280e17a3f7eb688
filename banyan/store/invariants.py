"""What is always true of the store."""

# ruff: noqa: S608 - constants of this module are put together, nothing else

from banyan.kernel.invariants import Invariant
from banyan.store.keeping import KEEPING

_LINES = """
(select workspace_id, order_id, sum(payable_minor) as payable, sum(discount_minor) as discount,
        sum(unit_price_minor * quantity) as goods
 from order_lines group by workspace_id, order_id)
"""
_REFUNDED = """
(select rl.workspace_id, rl.line_id,
   sum(rl.quantity) filter (where r.state <> 'rejected') as quantity,
   sum(rl.amount_minor) filter (where r.state <> 'rejected') as minor,
   sum(rl.quantity) filter (where r.state = 'done' and r.restock) as restocked
 from refund_lines rl
 join refunds r on r.workspace_id = rl.workspace_id and r.id = rl.refund_id
 group by rl.workspace_id, rl.line_id)
"""

INVARIANTS = (
    *KEEPING,
    Invariant(
        "I-C4",
        "The discounts of an order, and the parts of its lines, add up to the cent",
        """
        select o.workspace_id, o.id, o.discount_minor, l.discount from orders o
        join """
        + _LINES
        + """ l on l.workspace_id = o.workspace_id and l.order_id = o.id
        where l.discount <> o.discount_minor
           or o.discount_minor <> coalesce((select sum((d->>'minor')::bigint)
                                            from json_array_elements(o.discounts) d), 0)
        """,
    ),
    Invariant(
        "I-O1",
        "An order is captured once and in full, or not at all",
        """
        select p.workspace_id, p.order_id, count(*) from payments p
        join orders o on o.workspace_id = p.workspace_id and o.id = p.order_id
        where p.state = 'captured' group by p.workspace_id, p.order_id, o.payable_minor
        having count(*) > 1 or sum(p.amount_minor) <> o.payable_minor
        """,
    ),
    Invariant(
        "I-O2",
        "An order is paid exactly if its amount was captured and stands in the ledger",
        """
        select o.workspace_id, o.id, o.state, o.payable_minor, p.captured, t.moved from orders o
        left join (select workspace_id, order_id, sum(amount_minor) as captured, max(id::text) as id
                   from payments where state = 'captured' group by workspace_id, order_id) p
          on p.workspace_id = o.workspace_id and p.order_id = o.id
        left join (select workspace_id, cause, sum(amount_minor) as moved from ledger_transfers
                   where reason = 'payment.captured' group by workspace_id, cause) t
          on t.workspace_id = o.workspace_id and t.cause::text = p.id
        where (o.paid_at is null) <> (p.captured is null) and o.payable_minor > 0
           or p.captured is not null and coalesce(t.moved, 0) <> p.captured
        """,
    ),
    Invariant(
        "I-O3",
        "Refunds, those in flight included, never exceed what was captured, line by line",
        """
        select l.workspace_id, l.id, l.quantity, l.refunding_quantity, l.payable_minor, r.minor
        from order_lines l
        left join """
        + _REFUNDED
        + """ r on r.workspace_id = l.workspace_id and r.line_id = l.id
        where coalesce(r.quantity, 0) <> l.refunding_quantity
           or coalesce(r.minor, 0) > l.payable_minor
           or coalesce(r.restocked, 0) <> l.restocked_quantity
        """,
    ),
    Invariant(
        "I-O3b",
        "What can still be refunded of a line is what was captured minus what has gone back",
        """
        select l.workspace_id, l.id, a.balance_minor, a.pending_minor from order_lines l
        join orders o on o.workspace_id = l.workspace_id and o.id = l.order_id
        join ledger_accounts a on a.workspace_id = l.workspace_id
          and a.key = 'store:line:' || l.id || ':refundable'
        left join (select rl.workspace_id, rl.line_id,
            sum(rl.amount_minor) filter (where r.state = 'done') as done,
            sum(rl.amount_minor) filter (where r.state in
              ('approved', 'sending', 'unknown', 'failed')) as held
          from refund_lines rl
          join refunds r on r.workspace_id = rl.workspace_id and r.id = rl.refund_id
          group by rl.workspace_id, rl.line_id) r
          on r.workspace_id = l.workspace_id and r.line_id = l.id
        where a.balance_minor <> l.payable_minor - coalesce(r.done, 0)
           or a.pending_minor <> coalesce(r.held, 0)
        """,
    ),
    Invariant(
        "I-O4",
        "Money that came without being owed has one refund of the same amount",
        """
        select p.workspace_id, p.id from payments p
        left join refunds r on r.workspace_id = p.workspace_id and r.payment_id = p.id
          and r.kind = 'surplus'
        where p.state = 'surplus' and r.amount_minor is distinct from p.amount_minor
        """,
    ),
    Invariant(
        "I-O6",
        "An order's amounts are those of its lines",
        """
        select o.workspace_id, o.id, o.goods_minor, l.goods, o.payable_minor, l.payable
        from orders o left join """
        + _LINES
        + """ l on l.workspace_id = o.workspace_id and l.order_id = o.id
        where l.goods is distinct from o.goods_minor
           or l.payable + o.freight_minor is distinct from o.payable_minor
        """,
    ),
    Invariant(
        "I-O7",
        "An order stands where its steps have led it, each beginning where the one before ended",
        """
        select o.workspace_id, o.id, o.state, s.to_state from orders o
        left join lateral (select to_state from order_steps s where s.workspace_id = o.workspace_id
          and s.order_id = o.id order by position desc limit 1) s on true
        where o.state <> coalesce(s.to_state, 'placed')
        union all
        select workspace_id, order_id, from_state, before from (
          select workspace_id, order_id, from_state,
            lag(to_state, 1, 'placed') over (partition by workspace_id, order_id
                                             order by position) as before
          from order_steps) steps
        where from_state <> before
        """,
    ),
    Invariant(
        "I-S1",
        "What is reserved of a SKU is what unpaid orders hold; what is sold, what paid ones keep",
        """
        select s.workspace_id, s.id, r.balance_minor as reserved, d.balance_minor as sold,
               held.reserved as wanted_reserved, held.sold as wanted_sold
        from skus s
        left join ledger_accounts r on r.workspace_id = s.workspace_id
          and r.key = 'store:stock:' || s.id || ':reserved'
        left join ledger_accounts d on d.workspace_id = s.workspace_id
          and d.key = 'store:stock:' || s.id || ':sold'
        left join (select l.workspace_id, l.sku_id,
            sum(l.quantity) filter (where o.state = 'placed') as reserved,
            sum(l.quantity - l.restocked_quantity)
              filter (where o.state not in ('placed', 'closed')) as sold
          from order_lines l
          join orders o on o.workspace_id = l.workspace_id and o.id = l.order_id
          group by l.workspace_id, l.sku_id) held
          on held.workspace_id = s.workspace_id and held.sku_id = s.id
        where coalesce(r.balance_minor, 0) <> coalesce(held.reserved, 0)
           or coalesce(d.balance_minor, 0) <> coalesce(held.sold, 0)
        """,
    ),
    Invariant(
        "I-S2",
        "Each reservation ends at most once, and has ended when its order is paid or closed",
        """
        select l.workspace_id, l.id, o.state, t.taken, t.ended from order_lines l
        join orders o on o.workspace_id = l.workspace_id and o.id = l.order_id
        left join (select workspace_id, cause,
            sum(amount_minor) filter (where reason = 'stock.reserved') as taken,
            sum(amount_minor) filter (where reason in ('stock.sold', 'stock.released')) as ended
          from ledger_transfers where reason like 'stock.%' group by workspace_id, cause) t
          on t.workspace_id = l.workspace_id and t.cause = l.id
        -- An order that was taken up again has reserved its goods once more.
        left join (select workspace_id, order_id, count(*) as again from order_steps
                   where from_state = 'closed' group by workspace_id, order_id) u
          on u.workspace_id = o.workspace_id and u.order_id = o.id
        where t.taken is distinct from l.quantity * (1 + coalesce(u.again, 0))
           or coalesce(t.ended, 0) <> coalesce(t.taken, 0)
              - case when o.state = 'placed' then l.quantity else 0 end
        """,
    ),
    Invariant(
        "I-S3",
        "What was shipped of a line is in its parcels, and never more than was not refunded before",
        """
        select l.workspace_id, l.id, l.shipped_quantity, s.quantity from order_lines l
        join orders o on o.workspace_id = l.workspace_id and o.id = l.order_id
        left join (select workspace_id, line_id, sum(quantity) as quantity from shipment_lines
                   group by workspace_id, line_id) s
          on s.workspace_id = l.workspace_id and s.line_id = l.id
        where o.fulfilment = 'delivery' and l.shipped_quantity <> coalesce(s.quantity, 0)
        """,
    ),
    Invariant(
        "I-R1",
        "A statement line that is matched is one movement of ours, to the cent",
        """
        select s.workspace_id, s.provider, s.number from statement_lines s
        left join payments p on p.workspace_id = s.workspace_id and p.id = s.matched_id
        left join refunds r on r.workspace_id = s.workspace_id and r.id = s.matched_id
        where s.matched_id is not null
          and coalesce(p.amount_minor, r.amount_minor) is distinct from s.amount_minor
        """,
    ),
    Invariant(
        "I-R1b",
        "A statement line that is not matched has a case",
        """
        select s.workspace_id, s.provider, s.number from statement_lines s
        where s.matched_id is null and not exists (
          select 1 from money_cases c where c.workspace_id = s.workspace_id
            and c.subject = s.number and c.provider = s.provider)
        """,
    ),
    Invariant(
        "I-R2",
        "A clearing account holds exactly what no statement has confirmed yet",
        """
        select a.workspace_id, a.key, a.balance_minor, m.open from ledger_accounts a
        left join (
          select workspace_id, provider, currency, sum(minor) as open from (
            select p.workspace_id, p.provider, p.currency, -p.amount_minor as minor
            from payments p where p.state in ('captured', 'surplus')
              and not exists (select 1 from statement_lines s
                where s.workspace_id = p.workspace_id and s.matched_id = p.id)
            union all
            select r.workspace_id, p.provider, p.currency, r.amount_minor from refunds r
            join payments p on p.workspace_id = r.workspace_id and p.id = r.payment_id
            where r.state = 'done' and r.by_hand is null
              and not exists (select 1 from statement_lines s
                where s.workspace_id = r.workspace_id and s.matched_id = r.id)
          ) moves group by workspace_id, provider, currency) m
          on m.workspace_id = a.workspace_id
          and a.key = 'store:clearing:' || m.provider || ':' || m.currency
        where starts_with(a.key, 'store:clearing:') and a.balance_minor <> coalesce(m.open, 0)
        """,
    ),
)
