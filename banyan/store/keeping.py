"""What is always true of the catalogue and of invoices."""

from banyan.kernel.invariants import Invariant

KEEPING = (
    Invariant(
        "I-V1",
        "What is invoiced of an order, less its red letters, is never above captured less refunded",
        """
        select i.workspace_id, i.order_id, sum(i.amount_minor) as invoiced, max(m.kept) as kept
        from invoices i
        join lateral (
          select coalesce((select sum(p.amount_minor) from payments p
                           where p.workspace_id = i.workspace_id and p.order_id = i.order_id
                             and p.state = 'captured'), 0)
               - coalesce((select sum(r.amount_minor) from refunds r
                           where r.workspace_id = i.workspace_id and r.order_id = i.order_id
                             and r.kind <> 'surplus' and r.state = 'done'), 0) as kept
        ) as m on true
        where i.state in ('issued', 'voided')
        group by i.workspace_id, i.order_id
        having sum(i.amount_minor) > max(m.kept)
        """,
    ),
    Invariant(
        "I-V2",
        "An invoice is voided exactly when one red letter takes back all of it, and adds up",
        """
        select i.workspace_id, i.id from invoices i
        left join invoices r on r.workspace_id = i.workspace_id and r.voids_id = i.id
        where (i.state = 'voided') <> (r.id is not null)
           or i.amount_minor + r.amount_minor <> 0
           or i.amount_minor <> (select coalesce(sum((l ->> 'amount_minor')::bigint), 0)
                                 from json_array_elements(i.lines) as l)
        """,
    ),
    Invariant(
        "I-K1",
        "A SKU costs what its last written price says",
        """
        select s.workspace_id, s.id, s.price_minor, p.price_minor as written from skus s
        join lateral (
          select price_minor, reference_minor from prices
          where workspace_id = s.workspace_id and sku_id = s.id
          order by position desc limit 1
        ) as p on true
        where (s.price_minor, s.reference_minor) is distinct from
              (p.price_minor, p.reference_minor)
        """,
    ),
)
