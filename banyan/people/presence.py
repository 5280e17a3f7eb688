"""Since when the workspace knows somebody: for hot paths, one plain query and nothing decrypted."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from banyan.kernel.connection import Later
from banyan.kernel.work import Work

_SINCE = """
select id, case when came_back then timestamptz 'epoch' else created_at end from persons
where workspace_id = %s and id = any(%b::uuid[]) and forgotten_at is null
"""


_KNOWN = """
select count(*) from persons
where workspace_id = %s and id = any(%b::uuid[]) and forgotten_at is null
"""

LONG_AGO: Final = datetime.fromtimestamp(0, UTC)
"""When the workspace met who came back after they were deleted, as `met_at` tells it."""

_AFTER = """
select id from persons where workspace_id = %s and (%s::uuid is null or id > %s) order by id limit %s
"""


def ids_after(work: Work, after: UUID | None, most: int) -> list[UUID]:
    """Return up to `most` people in the order of their ids, those after `after`; None: the first."""
    found = work.driver.execute(_AFTER, (work.workspace_id, after, after, most))
    return [row[0] for row in found]


def met_at(work: Work, person_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when the workspace met each of `person_ids` that exists and was not deleted.

    Somebody who came back after they were deleted was met long ago: they are new to no campaign.
    """
    return ask_met_at(work, person_ids)()


def ask_met_at(work: Work, person_ids: Iterable[UUID]) -> Later[dict[UUID, datetime]]:
    """Ask what `met_at` returns."""
    asked = work.driver.ask(_SINCE, (work.workspace_id, list(person_ids)))
    return lambda: dict(asked)


def deleted_among(work: Work, person_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of `person_ids` who had themselves deleted."""
    found = work.driver.execute(
        "select id from persons where workspace_id = %s and id = any(%b)"
        " and forgotten_at is not null",
        (work.workspace_id, list(person_ids)),
    )
    return {row[0] for row in found}


def ask_unknown(work: Work, person_ids: Iterable[UUID]) -> Later[set[UUID]]:
    """Ask for those of `person_ids` who do not exist or were deleted."""
    everybody = set(person_ids)
    asked = work.driver.ask(_KNOWN, (work.workspace_id, list(everybody)))

    def unknown() -> set[UUID]:
        # Nearly always everybody is known: counted is read quicker than listed.
        if asked.rows() == [(len(everybody),)]:
            return set()
        return everybody - met_at(work, everybody).keys()

    return unknown
