"""Tables of statements: what a provider says it moved in a day, line by line, and what differs."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

Moment = DateTime(timezone=True)
CASE_KINDS = (
    "amount_differs",
    "not_ours",
    "missing_at_provider",
    "state_differs",
    "notice_does_not_fit",
)


class StatementRow(Base):
    """One day of one provider, fetched and matched."""

    __tablename__ = "statements"
    __table_args__ = (PrimaryKeyConstraint("workspace_id", "provider", "day"),)

    workspace_id: Mapped[UUID]
    provider: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    lines: Mapped[int] = mapped_column(Integer)
    matched: Mapped[int] = mapped_column(Integer)
    fetched_at: Mapped[datetime] = mapped_column(Moment)


class StatementLineRow(WorkspaceRow, Base):
    """One movement as the provider tells it."""

    __tablename__ = "statement_lines"
    __table_args__ = (
        Index(
            "uq_statement_lines_number", "workspace_id", "provider", "kind", "number", unique=True
        ),
        Index("ix_statement_lines_day", "workspace_id", "provider", "day"),
        Index(
            "uq_statement_lines_match",
            "workspace_id",
            "matched_id",
            unique=True,
            postgresql_where=text("matched_id is not null"),
        ),
        CheckConstraint("kind in ('payment', 'refund')", name="kind"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    provider: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    """Our own number: the trade number of a payment, the request number of a refund."""
    provider_number: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    matched_id: Mapped[UUID | None]
    """The payment or refund it is."""


class CaseRow(WorkspaceRow, Base):
    """Something about money that does not fit, until somebody has looked into it."""

    __tablename__ = "money_cases"
    __table_args__ = (
        # The same difference found again is the same case.
        Index("uq_money_cases_subject", "workspace_id", "kind", "subject", unique=True),
        Index("ix_money_cases_state", "workspace_id", "state", "id"),
        CheckConstraint("state in ('open', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at is not null)", name="closed"),
        CheckConstraint(
            "kind in (" + ", ".join(f"'{kind}'" for kind in CASE_KINDS) + ")", name="kind"
        ),
    )

    kind: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    """What it is about: a trade number, a request number, a notice."""
    day: Mapped[date | None] = mapped_column(Date)
    expected_minor: Mapped[int | None] = mapped_column(BigInteger)
    found_minor: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[str | None] = mapped_column(Text)
    resolution: Mapped[str | None] = mapped_column(Text)
