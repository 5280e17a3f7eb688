"""Table of invoices and the red letters that void them. What an issued one says never changes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class InvoiceRow(WorkspaceRow, Base):
    """One invoice of an order, or (`voids_id`) the red letter that takes one back."""

    __tablename__ = "invoices"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "order_id"], ["orders.workspace_id", "orders.id"]),
        ForeignKeyConstraint(
            ["workspace_id", "voids_id"], ["invoices.workspace_id", "invoices.id"]
        ),
        Index("ix_invoices_order_id", "workspace_id", "order_id", "id"),
        Index("ix_invoices_state", "workspace_id", "state", "id"),
        Index(
            "uq_invoices_number",
            *("workspace_id", "number"),
            unique=True,
            postgresql_where=text("number is not null"),
        ),
        # One red letter an invoice.
        Index(
            "uq_invoices_voids_id",
            *("workspace_id", "voids_id"),
            unique=True,
            postgresql_where=text("voids_id is not null"),
        ),
        # One that counts an order, asked for or issued: whoever asks again is shown it.
        Index(
            "uq_invoices_counting",
            *("workspace_id", "order_id"),
            unique=True,
            postgresql_where=text("state in ('asked', 'issued') and voids_id is null"),
        ),
        CheckConstraint("state in ('asked', 'issued', 'voided', 'rejected')", name="state"),
        CheckConstraint("kind in ('personal', 'company')", name="kind"),
        CheckConstraint(
            "amount_minor <> 0 and (amount_minor < 0) = (voids_id is not null)", name="amount"
        ),
        CheckConstraint("(state in ('issued', 'voided')) = (issued_at is not null)", name="issued"),
        CheckConstraint("(issued_at is null) = (number is null)", name="number"),
        CheckConstraint("(state = 'voided') = (voided_at is not null)", name="voided"),
    )

    order_id: Mapped[UUID]
    number: Mapped[str | None] = mapped_column(Text)
    """What the merchant's books call it; given when it is issued."""
    tax_authority_number: Mapped[str | None] = mapped_column(Text)
    """The number the tax platform gave it, when the merchant issued it there."""
    state: Mapped[str] = mapped_column(Text)
    voids_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(Text)
    bearer_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON: title, tax number, e-mail."""
    currency: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    """What it is over; a red letter's is negative."""
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What was sold, as the order says it: name, attributes, quantity, amount_minor."""
    seller: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The shop as it was when the invoice was asked for."""
    reason: Mapped[str] = mapped_column(Text, server_default="")
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    issued_at: Mapped[datetime | None] = mapped_column(Moment)
    voided_at: Mapped[datetime | None] = mapped_column(Moment)


keep_as_written(
    InvoiceRow.__table__,
    *("workspace_id", "id", "order_id", "voids_id", "kind", "bearer_encrypted", "currency"),
    *("amount_minor", "lines", "seller", "asked_by", "asked_at"),
)
