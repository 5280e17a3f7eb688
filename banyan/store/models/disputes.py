"""Tables of disputes: a buyer and the merchant disagree, and what each said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class DisputeRow(WorkspaceRow, Base):
    """One disagreement about one order; at most one is open."""

    __tablename__ = "disputes"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "order_id"], ["orders.workspace_id", "orders.id"]),
        Index(
            "uq_disputes_open",
            "workspace_id",
            "order_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_disputes_state", "workspace_id", "state", "id"),
        CheckConstraint("state in ('open', 'settled', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'open') = (closed_at is null)", name="closed"),
    )

    order_id: Mapped[UUID]
    refund_id: Mapped[UUID | None]
    """The refund it is about, if one was refused."""
    state: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class DisputeWordsRow(Base):
    """What one side said."""

    __tablename__ = "dispute_words"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "dispute_id", "position"),
        ForeignKeyConstraint(
            ["workspace_id", "dispute_id"], ["disputes.workspace_id", "disputes.id"]
        ),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    dispute_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    actor: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


keep_as_written(DisputeWordsRow.__table__)
