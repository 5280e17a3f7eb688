"""Tables of lotteries: the sealed seed with its commitment, and every draw. Private, as `models`.

Draws and seeds are records of a prize draw: they are kept at least two years (LAW-12), so no
retention job may touch these tables.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base
from banyan.kernel.guards import keep_as_written

DRAWS_KEPT_DAYS = 36_500
"""Draws are never deleted: their table refuses it (LAW-12 asks for two years)."""

Moment = DateTime(timezone=True)


class DrawSeed(Base):
    """The seed of a campaign's draws. `drawn` is the counter from which numbers are taken."""

    __tablename__ = "draw_seeds"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "campaign_id"),
        CheckConstraint("commitment ~ '^[0-9a-f]{64}$'", name="commitment"),
        CheckConstraint("drawn >= 0", name="drawn"),
        {"postgresql_with": {"fillfactor": "30"}},
    )

    workspace_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The 32 bytes, encrypted for this row: a copy of the database foretells no draw."""
    commitment: Mapped[str] = mapped_column(Text)
    """SHA-256 of the seed, published before the first draw."""
    drawn: Mapped[int] = mapped_column(server_default=text("0"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    revealed_at: Mapped[datetime | None] = mapped_column(Moment)


class Draw(Base):
    """Draw number `n`: what came of it. Never changed."""

    __tablename__ = "draws"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "campaign_id", "n"),
        UniqueConstraint("workspace_id", "act_id"),
        CheckConstraint("n > 0 and (won = false or prize <> '')", name="outcome"),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    n: Mapped[int]
    person_id: Mapped[UUID]
    quest_id: Mapped[UUID]
    act_id: Mapped[UUID]
    prize: Mapped[str] = mapped_column(Text)
    """The offer whose range held the number; empty for none."""
    won: Mapped[bool]
    """False where none was left of it."""
    drawn_at: Mapped[datetime] = mapped_column(Moment)


keep_as_written(DrawSeed.__table__, "campaign_id", "sealed", "commitment", "made_at")
keep_as_written(Draw.__table__)
