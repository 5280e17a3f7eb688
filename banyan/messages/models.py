"""Tables: one-time codes and the outbox. What a message says and to whom is encrypted."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

Moment = DateTime(timezone=True)


class OneTimeCode(Base):
    """The newest code of one phone for one purpose; asking again replaces it."""

    __tablename__ = "one_time_codes"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "phone_index", "purpose"),
        CheckConstraint("tries between 0 and 5", name="tries"),
    )

    workspace_id: Mapped[UUID]
    phone_index: Mapped[bytes] = mapped_column(LargeBinary)
    purpose: Mapped[str] = mapped_column(Text)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(Integer)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    day: Mapped[date] = mapped_column(Date)
    asked_that_day: Mapped[int] = mapped_column(Integer)


class OutboxMessage(WorkspaceRow, Base):
    """One message to one person."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'sent', 'failed', 'stopped')", name="state"),
        Index("ix_outbox_messages_created_at", "workspace_id", "created_at", "id"),
    )

    kind: Mapped[str] = mapped_column(Text)
    """What it is: `code`, whose text is a secret, or `invitation`."""
    person_id: Mapped[UUID | None]
    """Who agreed to get it; None for a code, which goes to whoever asked."""
    channel: Mapped[str] = mapped_column(Text)
    to_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    text_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(Text)
    """`stopped`: taken back before it went, because they agree no more."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
