"""Cases: money that does not fit, kept until somebody has looked into it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.errors import Refused
from banyan.kernel.events import record
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.store import refusals
from banyan.store.events import CaseOpened
from banyan.store.views import CaseView


class Case(NamedTuple):
    """A difference found."""

    kind: str
    provider: str
    subject: str
    detail: str
    day: date | None = None
    expected_minor: int | None = None
    found_minor: int | None = None


COLUMNS = (
    "id, kind, provider, subject, day, expected_minor, found_minor, detail, state, opened_at,"
    " closed_at, resolution"
)


def open_cases(work: Work, cases: Sequence[Case]) -> int:
    """Open each case that is not known yet; return how many were."""
    opened = 0
    for case in cases:
        case_id = derived_id("money case", work.workspace_id, case.kind, case.subject)
        row = work.driver.execute(
            """
            insert into money_cases (workspace_id, id, kind, provider, subject, detail, day,
                                     expected_minor, found_minor, state, opened_at)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'open', %s)
            on conflict (workspace_id, kind, subject) do nothing returning id
            """,
            (work.workspace_id, case_id, *case, work.now),
        ).fetchone()
        if row is not None:
            opened += 1
            found = CaseOpened(
                case_id=case_id, kind=case.kind, provider=case.provider, subject=case.subject
            )
            record(work, [found])
    return opened


def close_case(work: Work, case_id: UUID, resolution: str) -> None:
    """Write down what became of a case. Raises `case_not_found`."""
    row = work.driver.execute(
        """
        update money_cases set state = 'closed', closed_at = %s, closed_by = %s, resolution = %s
        where workspace_id = %s and id = %s and state = 'open' returning id
        """,
        (work.now, str(work.actor), resolution, work.workspace_id, case_id),
    ).fetchone()
    if row is None:
        raise Refused(refusals.NO_SUCH_CASE)


def close_missing(work: Work, subject: str) -> None:
    """Close the case of a movement that a later statement has after all."""
    work.driver.execute(
        """
        update money_cases set state = 'closed', closed_at = %s, closed_by = %s,
          resolution = 'a later statement has it'
        where workspace_id = %s and kind = 'missing_at_provider' and subject = %s
          and state = 'open'
        """,
        (work.now, str(work.actor), work.workspace_id, subject),
    )


def cases(
    work: Work, *, state: str | None = None, provider: str | None = None, day: date | None = None
) -> list[CaseView]:
    """Return the cases, the newest first."""
    rows = work.driver.execute(
        f"select {COLUMNS} from money_cases where workspace_id = %(workspace)s"  # noqa: S608
        " and (%(state)s::text is null or state = %(state)s)"
        " and (%(provider)s::text is null or provider = %(provider)s)"
        " and (%(day)s::date is null or day = %(day)s) order by opened_at desc, id desc limit 500",
        {"workspace": work.workspace_id, "state": state, "provider": provider, "day": day},
    )
    names = CaseView.__struct_fields__
    return [CaseView(**dict(zip(names, row, strict=True))) for row in rows]
