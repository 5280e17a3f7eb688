"""Tables of the sandbox provider: its own books, as outside as another company's.

The store reads them only by asking the provider; nothing here refers to an order.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

Moment = DateTime(timezone=True)


class SandboxPaymentRow(Base):
    """A payment as the sandbox provider has it."""

    __tablename__ = "sandbox_payments"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "trade_number"),
        CheckConstraint("state in ('waiting', 'paid', 'closed', 'failed')", name="state"),
    )

    workspace_id: Mapped[UUID]
    trade_number: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    return_url: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime] = mapped_column(Moment)
    paid_at: Mapped[datetime | None] = mapped_column(Moment)


class SandboxRefundRow(Base):
    """A refund as the sandbox provider has it."""

    __tablename__ = "sandbox_refunds"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "request_number"),
        CheckConstraint("state in ('waiting', 'done')", name="state"),
    )

    workspace_id: Mapped[UUID]
    request_number: Mapped[str] = mapped_column(Text)
    trade_number: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(Moment)


class SandboxNoticeRow(WorkspaceRow, Base):
    """A notice the sandbox provider will send, or has sent. It is signed when it is sent."""

    __tablename__ = "sandbox_notices"
    __table_args__ = (
        Index(
            "ix_sandbox_notices_due", "deliver_at", postgresql_where=text("delivered_at is null")
        ),
    )

    body: Mapped[bytes] = mapped_column(LargeBinary)
    deliver_at: Mapped[datetime] = mapped_column(Moment)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)


class SandboxMannersRow(Base):
    """How the sandbox provider behaves in one workspace."""

    __tablename__ = "sandbox_manners"
    __table_args__ = (PrimaryKeyConstraint("workspace_id"),)

    workspace_id: Mapped[UUID]
    manners: Mapped[dict[str, Any]] = mapped_column(JSON)
