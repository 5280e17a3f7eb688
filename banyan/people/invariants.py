"""What is always true of people."""

from banyan.kernel.invariants import Invariant

INVARIANTS = (
    Invariant(
        "I-P1",
        "Every person is known in some way",
        """
        select p.workspace_id, p.id from persons p
        where not exists (
          select from person_identities i
          where i.workspace_id = p.workspace_id and i.person_id = p.id)
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
