"""Which grants a payout carried: the person's oldest cash first, each up to what is left of it."""

from uuid import UUID

from banyan.kernel.work import Work

# Locked in the order of their ids, as whoever takes grants back does, and before any account.
LOCK = """
select id from grants where workspace_id = %s and beneficiary_id = %s and kind = 'cash'
  and state = 'vested' order by id for update
"""

LEFT = """
select g.id, g.cost_minor - g.reversed_minor, coalesce(c.carried, 0) from grants g
left join (select grant_id, sum(amount_minor)::bigint as carried from payout_grants
           where workspace_id = %(workspace)s and grant_id = any(%(grants)b) group by grant_id) c
  on c.grant_id = g.id
where g.workspace_id = %(workspace)s and g.id = any(%(grants)b)
order by g.vested_at, g.id
"""


def lock_cash(work: Work, person_id: UUID) -> list[UUID]:
    """Lock a person's cash that is theirs and not paid yet; return its grants."""
    rows = work.driver.execute(LOCK, (work.workspace_id, person_id))
    return [row[0] for row in rows]


def carry(work: Work, payout_id: UUID, amount_minor: int, grants: list[UUID]) -> None:
    """Write down which of the locked `grants` a payout that is through has carried.

    What is carried whole is paid; of the last one a part may be left for the next payout.
    """
    rows = work.driver.execute(LEFT, {"workspace": work.workspace_id, "grants": grants})
    parts: dict[UUID, int] = {}
    whole: list[UUID] = []
    left = amount_minor
    for grant_id, worth, carried in rows.fetchall():
        part = min(left, max(0, worth - carried))
        if part:
            parts[grant_id] = part
            left -= part
        # What was taken back after a part was carried may leave no more to carry.
        if carried + part and carried + part >= worth:
            whole.append(grant_id)
    work.driver.execute(
        """
        insert into payout_grants (workspace_id, payout_id, grant_id, amount_minor)
        select %s, %s, p.* from unnest(%b::uuid[], %b::bigint[]) as p
        """,
        (work.workspace_id, payout_id, list(parts), list(parts.values())),
    )
    work.driver.execute(
        "update grants set state = 'paid' where workspace_id = %s and id = any(%b)"
        " and state = 'vested'",
        (work.workspace_id, sorted(whole)),
    )
