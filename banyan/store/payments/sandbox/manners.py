"""How the sandbox provider behaves: well, or in one of the ways in which providers misbehave."""

from typing import Annotated, Literal

import msgspec

from banyan.kernel.work import Work


class Manners(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the provider does wrong; by default, nothing."""

    notices: Literal["prompt", "late", "silent", "double", "out_of_order"] = "prompt"
    late_seconds: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 5
    notice_off_minor: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)] = 0
    """How far off the amount in its notices is."""
    payments: Literal["fine", "failing", "hanging"] = "fine"
    refunds: Literal["fine", "failing", "hanging", "lost_answer", "slow"] = "fine"
    """`hanging`: nothing is done, no answer. `lost_answer`: done, but no answer. `slow`: accepted."""
    queries: Literal["fine", "hanging"] = "fine"
    statement_off_minor: Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)] = 0
    """How far off the amount of the first line of a statement is."""
    statement_lines: Literal["all", "first_missing", "one_unknown"] = "all"
    hang_seconds: Annotated[int, msgspec.Meta(ge=0, le=30)] = 0


def manners_of(work: Work) -> Manners:
    """Return how the provider behaves in this workspace."""
    row = work.driver.execute(
        "select manners from sandbox_manners where workspace_id = %s", (work.workspace_id,)
    ).fetchone()
    return msgspec.convert(row[0], Manners) if row else Manners()


def set_manners(work: Work, manners: Manners) -> None:
    """Make the provider behave like this from now on."""
    work.driver.execute(
        """
        insert into sandbox_manners (workspace_id, manners) values (%s, %s)
        on conflict (workspace_id) do update set manners = excluded.manners
        """,
        (work.workspace_id, msgspec.json.encode(manners).decode()),
    )
