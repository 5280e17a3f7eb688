"""Tables of pathways: the address, and the campaign each kind of visitor is led to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

SEGMENTS = ("seed", "level", "bought", "everybody")
Moment = DateTime(timezone=True)


class Pathway(WorkspaceRow, Base):
    """One entry. What it is called and when it ends can be edited; where it leads stays."""

    __tablename__ = "pathways"
    __table_args__ = (UniqueConstraint("workspace_id", "code"),)

    name: Mapped[str] = mapped_column(Text)
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    """The code of the link of its last branch: whoever is nobody in particular goes there."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    """From when on it leads nobody, which may be still to come; None: no end is set."""


class PathwayBranch(Base):
    """Who is led where; the first that fits somebody counts.

    A campaign is in one pathway for good, so that what came by the pathway's link is its own.
    """

    __tablename__ = "pathway_branches"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "pathway_id", "nth"),
        UniqueConstraint("workspace_id", "campaign_id"),
        CheckConstraint(f"segment in ({', '.join(map(repr, SEGMENTS))})", name="segment"),
        CheckConstraint("(segment = 'level') = (level_key is not null)", name="level"),
        ForeignKeyConstraint(
            ["workspace_id", "pathway_id"], ["pathways.workspace_id", "pathways.id"]
        ),
        ForeignKeyConstraint(
            ["workspace_id", "campaign_id"], ["campaigns.workspace_id", "campaigns.id"]
        ),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    pathway_id: Mapped[UUID]
    nth: Mapped[int] = mapped_column(SmallInteger)
    segment: Mapped[str] = mapped_column(Text)
    level_key: Mapped[str | None] = mapped_column(Text)
    campaign_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(Text)
    """The code of the branch's own link, of the channel `path`."""
