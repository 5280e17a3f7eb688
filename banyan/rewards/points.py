"""Points in a person's hand: spent and expired oldest first, lot by lot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from banyan import ledger
from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id
from banyan.kernel.work import SYSTEM, Work, across_workspaces, unit_of_work
from banyan.ledger import AccountSpec, Transfer
from banyan.rewards import refusals
from banyan.rewards.offers import POINTS
from banyan.rewards.purses import points_key

SPENT: Final = "points:spent"
EXPIRED: Final = "points:expired"
MOST_AT_ONCE: Final = 500


class PointLot(NamedTuple):
    """Points that end together."""

    id: UUID
    points: int
    left: int
    earned_at: datetime
    expires_at: datetime


def open_lots(work: Work, grant_ids: Sequence[UUID]) -> None:
    """Open the lots of grants of points that were just written."""
    if grant_ids:
        work.driver.execute(
            """
            insert into point_lots (workspace_id, id, person_id, points, left_points, earned_at,
                                    expires_at)
            select workspace_id, id, beneficiary_id, points, points, granted_at, expires_at
            from grants where workspace_id = %s and id = any(%b)
            """,
            (work.workspace_id, list(grant_ids)),
        )


def lots_of(work: Work, person_id: UUID) -> list[PointLot]:
    """Return a person's lots with something left, those that end first before the others."""
    rows = work.driver.execute(
        "select id, points, left_points, earned_at, expires_at from point_lots"
        " where workspace_id = %s and person_id = %s and left_points > 0 and expires_at > %s"
        " order by expires_at, id",
        (work.workspace_id, person_id, work.now),
    )
    return [PointLot(*row) for row in rows]


def spend_points(work: Work, person_id: UUID, points: int, cause: UUID) -> None:
    """Spend a person's points for `cause`, those that end first before the others.

    Raises `points_short`. Once a cause: a second spending for it is a mistake of the caller.
    """
    rows = work.driver.execute(
        "select id, left_points from point_lots where workspace_id = %s and person_id = %s"
        " and left_points > 0 and expires_at > %s order by expires_at, id for update",
        (work.workspace_id, person_id, work.now),
    ).fetchall()
    taken: dict[UUID, int] = {}
    wanted = points
    for lot_id, left in rows:
        if not wanted:
            break
        taken[lot_id] = min(left, wanted)
        wanted -= taken[lot_id]
    if wanted:
        raise Refused(refusals.POINTS_SHORT, left=points - wanted)
    _take(work, taken)
    accounts = ledger.open_accounts(
        work, [AccountSpec(points_key(person_id), POINTS), AccountSpec(SPENT, POINTS)]
    )
    move = Transfer(
        derived_id("points spent", cause),
        *(accounts[points_key(person_id)], accounts[SPENT], points, POINTS, "points.spent", cause),
    )
    if ledger.transfer(work, [move]) != ["posted"]:
        msg = f"the lots of {person_id} say more than their account"
        raise RuntimeError(msg)


def expire_points(work: Work, most: int = MOST_AT_ONCE) -> int:
    """Let what is over by now go; return how many lots ended. May be repeated."""
    rows = work.driver.execute(
        "select id, person_id, left_points from point_lots where workspace_id = %s"
        " and left_points > 0 and expires_at <= %s order by expires_at, id limit %s for update"
        " skip locked",
        (work.workspace_id, work.now, most),
    ).fetchall()
    if not rows:
        return 0
    _take(work, {lot_id: left for lot_id, _, left in rows})
    specs = [AccountSpec(points_key(person), POINTS) for _, person, _ in rows]
    accounts = ledger.open_accounts(work, [*specs, AccountSpec(EXPIRED, POINTS)])
    ledger.transfer(
        work,
        [
            Transfer(
                derived_id("points expired", lot_id),
                *(accounts[points_key(person)], accounts[EXPIRED], left, POINTS),
                *("points.expired", lot_id),
            )
            for lot_id, person, left in rows
        ],
    )
    return len(rows)


def expire_everywhere() -> int:
    """Let points that are over go in every workspace; return how many lots ended."""
    with across_workspaces() as connection:
        rows = connection.exec_driver_sql(
            "select distinct workspace_id from point_lots"
            " where left_points > 0 and expires_at <= now()"
        )
        due = [row[0] for row in rows]
    done = 0
    for workspace_id in due:
        with unit_of_work(workspace_id, SYSTEM) as work:
            done += expire_points(work)
    return done


def _take(work: Work, taken: dict[UUID, int]) -> None:
    work.driver.execute(
        """
        update point_lots l set left_points = l.left_points - t.points
        from unnest(%b::uuid[], %b::bigint[]) as t (id, points)
        where l.workspace_id = %s and l.id = t.id
        """,
        (list(taken), list(taken.values()), work.workspace_id),
    )
