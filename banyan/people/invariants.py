"""What is always true of people."""

from banyan.kernel.invariants import Invariant

INVARIANTS = (
    Invariant(
        "I-P1",
        "Every person is known in some way, and whoever was deleted in none",
        """
        select p.workspace_id, p.id from persons p
        where (p.forgotten_at is null) <> exists (
          select from person_identities i
          where i.workspace_id = p.workspace_id and i.person_id = p.id)
           or (p.forgotten_at is not null and p.name is not null)
        """,
    ),
    Invariant(
        "I-P2",
        "Every identity is encrypted under a named key and has a whole blind index",
        """
        select workspace_id, id from person_identities
        where length(value_encrypted) < 30 or length(value_index) <> 32
        """,
    ),
)
