"""Tables of levels: the ladder a merchant edits, where each person stands, and how they came there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)
WHYS = (
    *("spent", "people", "points", "granted", "kept"),
    *("lapsed", "refunded", "grant_over", "removed", "ladder_changed"),
)
"""Why a person's level, or how long it is kept, became another."""


class LadderRow(Base):
    """One workspace's ladder as a whole: locked by whoever edits it."""

    __tablename__ = "membership_ladders"
    __table_args__ = (CheckConstraint("revision > 0", name="revision"),)

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Moment)


class LevelRow(WorkspaceRow, Base):
    """A rung of the ladder. One that was removed keeps its row, so that the history has its name."""

    __tablename__ = "membership_levels"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        # Checked when the transaction ends: rungs may change places.
        UniqueConstraint("workspace_id", "position", deferrable=True, initially="DEFERRED"),
        CheckConstraint("(position is null) = (removed_at is not null)", name="removed"),
        CheckConstraint("discount_bps between 0 and 9000", name="discount"),
        CheckConstraint("points_bps between 10000 and 100000", name="points_bps"),
        CheckConstraint(
            "coupon_minor >= 0 and coupon_from_minor >= 0 and coupon_days > 0", name="coupon"
        ),
        CheckConstraint("spent_minor > 0 and people > 0 and points > 0", name="rules"),
        CheckConstraint("within_days > 0 and keeps_days > 0", name="days"),
    )

    key: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    position: Mapped[int | None] = mapped_column(SmallInteger)
    """From the lowest, 0, up; None: removed."""
    discount_bps: Mapped[int]
    """What comes off every order of the shop, in hundredths of a percent."""
    points_bps: Mapped[int]
    """How many points are earned for 10000 that a campaign gives."""
    coupon_minor: Mapped[int] = mapped_column(BigInteger)
    """What the coupon given on reaching it takes off; 0: none is given."""
    coupon_from_minor: Mapped[int] = mapped_column(BigInteger)
    coupon_days: Mapped[int]
    spent_minor: Mapped[int | None] = mapped_column(BigInteger)
    """Reached by spending so much for goods, net of refunds; None: not by spending."""
    people: Mapped[int | None]
    """Reached by bringing so many people whose help counted."""
    points: Mapped[int | None] = mapped_column(BigInteger)
    """Reached by earning so many points."""
    within_days: Mapped[int]
    """How many days back all of that is counted."""
    keeps_days: Mapped[int]
    """How long it is kept before it is judged again."""
    changed_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class StandingRow(WorkspaceRow, Base):
    """Where a person stands; `id` is the person's. Locked by whoever judges them."""

    __tablename__ = "person_levels"
    __table_args__ = (
        CheckConstraint("nth >= 0", name="nth"),
        CheckConstraint("(own_key is null) = (own_until is null)", name="own"),
        Index("ix_person_levels_level_key", "workspace_id", "level_key"),
        Index(
            "ix_person_levels_judge_at", "judge_at", postgresql_where=text("judge_at is not null")
        ),
    )

    level_key: Mapped[str | None] = mapped_column(Text)
    """The higher of what they earned and what a campaign gave them."""
    own_key: Mapped[str | None] = mapped_column(Text)
    """What they earned by the rules, kept until `own_until`."""
    own_until: Mapped[datetime | None] = mapped_column(Moment)
    nth: Mapped[int] = mapped_column(server_default="0")
    """The number of the last row of their history."""
    judge_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the passing of time may change something."""


class MoveRow(WorkspaceRow, Base):
    """A row of a person's history: from which level to which, why, and by what. Never changed.

    One cause moves a person at most once, so an event that is handed over again does nothing.
    """

    __tablename__ = "level_moves"
    __table_args__ = (
        UniqueConstraint("workspace_id", "person_id", "nth"),
        UniqueConstraint("workspace_id", "person_id", "cause"),
        CheckConstraint("nth > 0", name="nth"),
        CheckConstraint(f"why in ({', '.join(map(repr, WHYS))})", name="why"),
        CheckConstraint("(own_key is null) = (own_until is null)", name="own"),
        {"info": {"append_only": True}},
    )

    person_id: Mapped[UUID]
    nth: Mapped[int]
    from_key: Mapped[str | None] = mapped_column(Text)
    to_key: Mapped[str | None] = mapped_column(Text)
    own_key: Mapped[str | None] = mapped_column(Text)
    own_until: Mapped[datetime | None] = mapped_column(Moment)
    why: Mapped[str] = mapped_column(Text)
    cause: Mapped[UUID]
    """The event, or what stands for the passing of time or the edit of the ladder."""
    entry_offer: Mapped[str | None] = mapped_column(Text)
    """The offer of the coupon that reaching the level gives, as it was then."""
    at: Mapped[datetime] = mapped_column(Moment)


keep_as_written(MoveRow.__table__)
