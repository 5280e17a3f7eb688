"""The ladder: the levels of a workspace, lowest first, edited by the merchant as a whole."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Final
from uuid import UUID

import msgspec

from banyan import workspaces
from banyan.kernel.errors import VERSION_CONFLICT, Refused
from banyan.kernel.events import record
from banyan.kernel.ids import derived_id
from banyan.kernel.work import Work
from banyan.levels import refusals
from banyan.levels.events import LadderSet
from banyan.levels.judgement import Rung

MOST_LEVELS: Final = 10
WHOLE_BPS: Final = 10_000

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]
Minor = Annotated[int, msgspec.Meta(ge=0, le=10**11)]


class Level(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A level: what it is called, what it gives, how it is reached and how long it is kept.

    It is reached by any one of `spent_minor` (paid for goods, net of refunds), `people` (brought,
    and their help counted) and `points` (earned), each counted `within_days` back; None is no such
    rule, and without any it is given by campaigns only.
    """

    key: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    name_zh: Name
    name_en: Name
    discount_bps: Annotated[int, msgspec.Meta(ge=0, le=9000)] = 0
    points_bps: Annotated[int, msgspec.Meta(ge=10_000, le=100_000)] = WHOLE_BPS
    coupon_minor: Minor = 0
    coupon_from_minor: Minor = 0
    coupon_days: Days = 30
    spent_minor: Annotated[int, msgspec.Meta(ge=1, le=10**13)] | None = None
    people: Annotated[int, msgspec.Meta(ge=1, le=10**6)] | None = None
    points: Annotated[int, msgspec.Meta(ge=1, le=10**12)] | None = None
    within_days: Days = 365
    keeps_days: Days = 365

    def rung(self) -> Rung:
        """Return what the judgement needs of it."""
        return Rung(
            *(self.key, self.spent_minor, self.people, self.points),
            *(self.within_days, self.keeps_days),
        )


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """The levels, lowest first. `revision` 0: there was never one."""

    revision: int
    levels: list[Level]

    def rungs(self) -> list[Rung]:
        """Return what the judgement needs of each."""
        return [level.rung() for level in self.levels]


COLUMNS: Final = """
key, name_zh, name_en, discount_bps, points_bps, coupon_minor, coupon_from_minor, coupon_days,
spent_minor, people, points, within_days, keeps_days
"""
NAMES: Final = tuple(name.strip() for name in COLUMNS.split(","))


def level_id(workspace_id: UUID, key: str) -> UUID:
    """Return the id of the level called `key`."""
    return derived_id("membership level", workspace_id, key)


def read_ladder(work: Work) -> Ladder:
    """Return the ladder as it stands."""
    row = work.driver.execute(
        "select revision from membership_ladders where workspace_id = %s", (work.workspace_id,)
    ).fetchone()
    if row is None:
        return Ladder(revision=0, levels=[])
    rows = work.driver.execute(
        f"select {COLUMNS} from membership_levels"  # noqa: S608 - a constant of this module
        " where workspace_id = %s and position is not null order by position",
        (work.workspace_id,),
    )
    levels = [Level(**dict(zip(NAMES, level, strict=True))) for level in rows]
    return Ladder(revision=row[0], levels=levels)


def names_of(work: Work) -> dict[str, tuple[str, str]]:
    """Return the names of every level there is or was, by key, in Chinese and English."""
    rows = work.driver.execute(
        "select key, name_zh, name_en from membership_levels where workspace_id = %s",
        (work.workspace_id,),
    )
    return {key: (zh, en) for key, zh, en in rows}


def write_ladder(work: Work, levels: Sequence[Level], revision: int) -> int:
    """Make `levels`, lowest first, the ladder; return its revision. The caller has all judged again.

    `revision` is that of the ladder somebody edited. Raises `version_conflict`, `level_twice`,
    `too_many_levels`, `level_not_higher`.
    """
    _must_climb(levels)
    row = work.driver.execute(
        """
        insert into membership_ladders (workspace_id, revision, changed_at) values (%s, 1, %s)
        on conflict (workspace_id) do update
          set revision = membership_ladders.revision + 1, changed_at = excluded.changed_at
        returning revision
        """,
        (work.workspace_id, work.now),
    ).fetchone()
    if row is None or row[0] != revision + 1:
        raise Refused(VERSION_CONFLICT)
    keys = [level.key for level in levels]
    work.driver.execute(
        "update membership_levels set position = null, removed_at = %s, changed_at = %s"
        " where workspace_id = %s and position is not null and key <> all(%b)",
        (work.now, work.now, work.workspace_id, keys),
    )
    for position, level in enumerate(levels):
        _write(work, position, level)
    workspaces.audit(work, "levels.ladder_set", str(row[0]), {"levels": keys})
    record(work, [LadderSet(revision=row[0], levels=keys)])
    return row[0]


def _write(work: Work, position: int, level: Level) -> None:
    values = [getattr(level, name) for name in NAMES]
    places = ", ".join(["%s"] * len(NAMES))
    changes = ", ".join(f"{name} = excluded.{name}" for name in NAMES)
    work.driver.execute(
        f"insert into membership_levels (workspace_id, id, position, changed_at, {COLUMNS})"  # noqa: S608
        f" values (%s, %s, %s, %s, {places})"
        " on conflict (workspace_id, id) do update set position = excluded.position,"
        f" removed_at = null, changed_at = excluded.changed_at, {changes}".encode(),
        (
            *(work.workspace_id, level_id(work.workspace_id, level.key), position, work.now),
            *values,
        ),
    )


def _must_climb(levels: Sequence[Level]) -> None:
    if len(levels) > MOST_LEVELS:
        raise Refused(refusals.TOO_MANY_LEVELS, most=MOST_LEVELS)
    if len({level.key for level in levels}) < len(levels):
        raise Refused(refusals.LEVEL_TWICE)
    for low, high in pairwise(levels):
        # A rule that both have must ask for more of the higher one, or it is never reached alone.
        needs = high.rung().rules()
        shared = low.rung().rules().keys() & needs.keys()
        if low.within_days == high.within_days and any(
            needs[rule] <= low.rung().rules()[rule] for rule in shared
        ):
            raise Refused(refusals.LEVEL_NOT_HIGHER, high=high.name_zh, low=low.name_zh)


def proposal() -> list[Level]:
    """Return three levels to begin with, in minor units of the workspace's currency."""
    return [
        Level(
            key="silver",
            name_zh="银卡会员",
            name_en="Silver",
            discount_bps=200,
            points_bps=11_000,
            coupon_minor=500,
            coupon_from_minor=2_900,
            spent_minor=30_000,
            people=3,
            points=500,
        ),
        Level(
            key="gold",
            name_zh="金卡会员",
            name_en="Gold",
            discount_bps=500,
            points_bps=12_500,
            coupon_minor=1_500,
            coupon_from_minor=6_900,
            spent_minor=100_000,
            people=10,
            points=2_000,
        ),
        Level(
            key="black",
            name_zh="黑卡会员",
            name_en="Black",
            discount_bps=1_000,
            points_bps=15_000,
            coupon_minor=4_000,
            coupon_from_minor=9_900,
            spent_minor=300_000,
            people=30,
            points=6_000,
        ),
    ]
