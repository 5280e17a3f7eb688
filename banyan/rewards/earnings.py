"""Earnings: what grants of points and levels came to, as whoever ranks people asks for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from banyan.kernel.work import Work
from banyan.rewards.offers import LEVEL, POINTS


class PointsGranted(NamedTuple):
    """A grant of points that stands."""

    id: UUID
    person_id: UUID
    rule: str
    points: int
    granted_at: datetime
    expires_at: datetime


def points_since(
    work: Work,
    person_ids: Sequence[UUID],
    since: datetime,
    until: datetime | None = None,
    *,
    but_for: str,
) -> dict[UUID, int]:
    """Return the points each earned after `since` that were not taken back, spent or not.

    Those given by the rule `but_for`, or after `until`, are not counted. Who earned none is not
    there.
    """
    rows = work.driver.execute(
        """
        select beneficiary_id, sum(points)::bigint from grants
        where workspace_id = %s and beneficiary_id = any(%b) and kind = %s and rule <> %s
          and state in ('vested', 'paid') and granted_at > %s
          and granted_at <= coalesce(%s::timestamptz, 'infinity')
        group by beneficiary_id
        """,
        (work.workspace_id, list(person_ids), POINTS, but_for, since, until),
    )
    return dict(rows.fetchall())


def levels_given(work: Work, person_ids: Sequence[UUID]) -> dict[UUID, dict[str, datetime]]:
    """Return the levels campaigns gave each that still hold, each with its last day's end."""
    rows = work.driver.execute(
        """
        select g.beneficiary_id, o.level_key, max(g.expires_at)
        from grants g join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
        where g.workspace_id = %s and g.beneficiary_id = any(%b) and g.kind = %s
          and g.state in ('vested', 'paid') and g.expires_at > %s
        group by g.beneficiary_id, o.level_key
        """,
        (work.workspace_id, list(person_ids), LEVEL, work.now),
    )
    found: dict[UUID, dict[str, datetime]] = {}
    for person, key, ends in rows:
        found.setdefault(person, {})[key] = ends
    return found


def points_granted(work: Work, grant_ids: Sequence[UUID]) -> list[PointsGranted]:
    """Return those of these grants that gave points and stand, in the order of their ids."""
    rows = work.driver.execute(
        """
        select id, beneficiary_id, rule, points, granted_at, expires_at from grants
        where workspace_id = %s and id = any(%b) and kind = %s and state in ('vested', 'paid')
        order by id
        """,
        (work.workspace_id, list(grant_ids), POINTS),
    )
    return [PointsGranted(*row) for row in rows]


def points_kept(work: Work, at_least: int | None, also: Sequence[UUID] = ()) -> dict[UUID, int]:
    """Return the points each earned, spent or not and not taken back, who earned `at_least` so many.

    None: nobody by their number. Those of `also` that earned any are there with theirs.
    """
    rows = work.driver.execute(
        """
        select beneficiary_id, sum(points)::bigint from grants
        where workspace_id = %s and kind = %s and state in ('vested', 'paid')
        group by beneficiary_id
        having sum(points) >= %s or beneficiary_id = any(%b::uuid[])
        """,
        (
            *(work.workspace_id, POINTS),
            *(2**62 if at_least is None else at_least, sorted(set(also))),
        ),
    )
    return dict(rows.fetchall())
