"""The table of debts: cash that was taken back after it had been paid out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class CashDebtRow(Base):
    """What a person owes of one grant of cash; the next cash they are given pays it first.

    The row changes only while its grant is locked.
    """

    __tablename__ = "cash_debts"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "grant_id"),
        CheckConstraint(
            "keep_minor >= 0 and forgiven_minor >= 0 and owed_minor between 0 and made_minor",
            name="amounts",
        ),
        CheckConstraint("(owed_minor = 0) = (settled_at is not null)", name="settled"),
        Index(
            "ix_cash_debts_open",
            "workspace_id",
            "person_id",
            postgresql_where=text("owed_minor > 0"),
        ),
    )

    workspace_id: Mapped[UUID]
    grant_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    person_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    """Why the cash was taken back, as the grant will say when all of it is."""
    keep_minor: Mapped[int] = mapped_column(BigInteger)
    """How much of the grant stays the person's."""
    made_minor: Mapped[int] = mapped_column(BigInteger)
    """The most that was ever owed of it at a time."""
    owed_minor: Mapped[int] = mapped_column(BigInteger)
    """What is still to be paid."""
    forgiven_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """What the merchant has let go."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


keep_as_written(
    CashDebtRow.__table__,
    *("workspace_id", "grant_id", "campaign_id", "person_id", "currency", "made_at"),
)
