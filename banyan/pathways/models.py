"""Tables of pathways: the address, its campaigns, and which kind of visitor is led to which."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Integer,
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
    """One entry: what it is called, and until when it leads anybody."""

    __tablename__ = "pathways"
    __table_args__ = (UniqueConstraint("workspace_id", "code"),)

    name: Mapped[str] = mapped_column(Text)
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    """The address it is opened by: the code of the link that its last line had when it was made."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    """From when on it leads nobody, which may be still to come; None: no end is set."""


class PathwayBranch(Base):
    """A campaign of a pathway, and its link there; it stays one when no line leads to it any more.

    A campaign is in one pathway for good, so that what came by the pathway's link is its own.
    """

    __tablename__ = "pathway_branches"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "pathway_id", "campaign_id"),
        UniqueConstraint("workspace_id", "campaign_id"),
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
    campaign_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(Text)
    """The code of the branch's own link, of the channel `path`."""


class PathwayLine(Base):
    """A line of a pathway's rule: who is led where; the first that fits somebody counts.

    An edit writes all lines under the next version. The newest holds, and for whoever began by the
    pathway the one they began under.
    """

    __tablename__ = "pathway_lines"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "pathway_id", "version", "nth"),
        UniqueConstraint("workspace_id", "pathway_id", "version", "campaign_id"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint(f"segment in ({', '.join(map(repr, SEGMENTS))})", name="segment"),
        CheckConstraint("(segment = 'level') = (level_key is not null)", name="level"),
        ForeignKeyConstraint(
            ["workspace_id", "pathway_id", "campaign_id"],
            [
                "pathway_branches.workspace_id",
                "pathway_branches.pathway_id",
                "pathway_branches.campaign_id",
            ],
        ),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    pathway_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(Integer)
    nth: Mapped[int] = mapped_column(SmallInteger)
    segment: Mapped[str] = mapped_column(Text)
    level_key: Mapped[str | None] = mapped_column(Text)
    campaign_id: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(Moment)
