"""The table of signed reviews. Private to the package, as `models` are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class ReviewSignature(WorkspaceRow, Base):
    """A member's word that what the rules want reviewed may run; never changed, it only expires."""

    __tablename__ = "review_signatures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "campaign_id"], ["campaigns.workspace_id", "campaigns.id"]
        ),
        Index("ix_review_signatures_campaign_id", "workspace_id", "campaign_id", "id"),
        CheckConstraint("starts_with(signed_by, 'member:')", name="member"),
        CheckConstraint("length(btrim(reason)) > 0", name="reason"),
        CheckConstraint("expires_at > signed_at", name="expires"),
        {"info": {"append_only": True}},
    )

    campaign_id: Mapped[UUID]
    about: Mapped[str] = mapped_column(Text)
    """SHA-256 of the definition that was signed for, without what its members answered."""
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What was found and signed for, word for word."""
    ruleset_version: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    is_alone: Mapped[bool]
    """Nobody else could have signed: the shop has one such member, who said so."""
    signed_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


keep_as_written(ReviewSignature.__table__)
