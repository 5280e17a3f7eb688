"""What is always true of levels."""

from banyan.kernel.invariants import Invariant
from banyan.levels.entries import RULE

INVARIANTS = (
    Invariant(
        "I-M1",
        "Where a person stands is what the last row of their history says",
        """
        select p.workspace_id, p.id, p.level_key, m.to_key, p.nth
        from person_levels p
        left join level_moves m on m.workspace_id = p.workspace_id and m.person_id = p.id
          and m.nth = p.nth
        where (p.nth > 0 and m.id is null)
           or p.level_key is distinct from m.to_key
           or p.own_key is distinct from m.own_key
           or p.own_until is distinct from m.own_until
           or exists (select from level_moves later where later.workspace_id = p.workspace_id
                        and later.person_id = p.id and later.nth > p.nth)
        """,
    ),
    Invariant(
        "I-M2",
        "A history has no gaps: each row begins where the one before it ended",
        """
        select m.workspace_id, m.person_id, m.nth, m.from_key, before.to_key
        from level_moves m
        left join level_moves before on before.workspace_id = m.workspace_id
          and before.person_id = m.person_id and before.nth = m.nth - 1
        where (m.nth > 1 and before.id is null) or m.from_key is distinct from before.to_key
        """,
    ),
    Invariant(
        "I-M3",
        "A person gets the coupon of a level at most once, and only for reaching it",
        f"""
        select g.workspace_id, g.beneficiary_id, m.to_key, count(distinct g.id)
        from grants g
        join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
        left join level_moves m on m.workspace_id = g.workspace_id
          and m.person_id = g.beneficiary_id and m.entry_offer = o.key
        where g.rule = '{RULE}'
        group by g.workspace_id, g.beneficiary_id, m.to_key
        having count(distinct g.id) > 1 or m.to_key is null
        """,  # noqa: S608 - a constant of this module
    ),
)
