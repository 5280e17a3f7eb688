"""Tables of share links."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.events import Xid8


class LinkRow(WorkspaceRow, Base):
    """One share link; it is never changed and never deleted, so every process may remember it.

    `code` is unique across workspaces because the address of a link names no workspace. Codes are
    random, 80 bits and more, so a collision tells nobody anything.
    """

    __tablename__ = "links"
    __table_args__ = (
        CheckConstraint("kind in ('campaign', 'quest')", name="kind"),
        CheckConstraint("(kind = 'quest') = (quest_id is not null)", name="quest"),
        Index("ix_links_xid", "xid"),
        Index("ix_links_workspace_id_campaign_id_kind", "workspace_id", "campaign_id", "kind"),
        Index(
            "ix_links_workspace_id_quest_id",
            "workspace_id",
            "quest_id",
            unique=True,
            postgresql_where=text("quest_id is not null"),
        ),
        {"info": {"append_only": True}},
    )

    code: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    campaign_id: Mapped[UUID]
    quest_id: Mapped[UUID | None]
    owner_person_id: Mapped[UUID | None]
    channel: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
