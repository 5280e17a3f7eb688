"""Tables: the merchants, who works for them, their sessions, API keys and the audit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

Moment = DateTime(timezone=True)


class WorkspaceRecord(Base):
    """One merchant."""

    __tablename__ = "workspaces"
    __table_args__ = (UniqueConstraint("slug"),)

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str] = mapped_column(Text)
    is_sandbox: Mapped[bool]
    """Only a sandbox has simulated time and readable codes; decided once, at creation."""
    created_at: Mapped[datetime] = mapped_column(Moment)


class Member(WorkspaceRow, Base):
    """Somebody who works in a workspace. Signs in with the e-mail and password kept here."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("workspace_id", "email"),
        CheckConstraint("role in ('owner', 'operator', 'finance', 'viewer')", name="role"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        # Sign-in knows the e-mail before it knows the workspace.
        Index("ix_members_email", "email"),
    )

    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Moment)


class MemberSession(WorkspaceRow, Base):
    """One signed-in browser of a member. The token itself is only in its cookie."""

    __tablename__ = "member_sessions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["members.workspace_id", "members.id"],
            ondelete="CASCADE",
        ),
        Index("ix_member_sessions_token_hash", "token_hash"),
        Index("ix_member_sessions_member_id", "workspace_id", "member_id"),
    )

    member_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ip: Mapped[str] = mapped_column(Text)
    agent: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class ApiKey(WorkspaceRow, Base):
    """A key with which a program acts in a workspace, within its scopes."""

    __tablename__ = "api_keys"
    __table_args__ = (Index("ix_api_keys_token_hash", "token_hash"),)

    name: Mapped[str] = mapped_column(Text)
    hint: Mapped[str] = mapped_column(Text)
    """The first letters of the key, to tell keys apart."""
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class AuditEntry(WorkspaceRow, Base):
    """One privileged change: who did what to which, when. Written in the change's transaction."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_at", "workspace_id", "at"),
        {"info": {"append_only": True}},
    )

    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
