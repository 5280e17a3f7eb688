"""Tables of payments: attempts to pay, the notices of providers, and the merchant's accounts there."""

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
    Integer,
    LargeBinary,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written
from banyan.store.models.orders import one_of
from banyan.store.states import PAYMENT_STATES

Moment = DateTime(timezone=True)


class PaymentRow(WorkspaceRow, Base):
    """One attempt to pay one order at one provider. Its `trade_number` is the provider's key to it."""

    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "order_id"], ["orders.workspace_id", "orders.id"]),
        Index("uq_payments_trade_number", "workspace_id", "trade_number", unique=True),
        Index(
            "uq_payments_provider_payment",
            "workspace_id",
            "provider",
            "provider_payment",
            unique=True,
            postgresql_where=text("provider_payment is not null"),
        ),
        Index(
            "uq_payments_captured",
            "workspace_id",
            "order_id",
            unique=True,
            postgresql_where=text("state = 'captured'"),
        ),
        Index("ix_payments_order_id", "workspace_id", "order_id"),
        Index(
            "ix_payments_due",
            "ask_at",
            postgresql_where=text("state in ('open', 'closed') and ask_at is not null"),
        ),
        CheckConstraint(one_of("state", PAYMENT_STATES), name="state"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint(
            "(state in ('captured', 'surplus')) = (captured_at is not null)"
            " and (captured_at is null) = (provider_payment is null)",
            name="captured",
        ),
    )

    order_id: Mapped[UUID]
    provider: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    """How the buyer pays there: `jsapi`, `h5`, `native`, `page`."""
    trade_number: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    action: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What the buyer's browser does to pay."""
    provider_payment: Mapped[str | None] = mapped_column(Text)
    """The provider's number of the payment."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    ask_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the provider is asked about it next, should its notice not have come."""
    asked_times: Mapped[int] = mapped_column(Integer, server_default="0")
    captured_at: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str | None] = mapped_column(Text)
    """Why an operator must look: what the provider said does not fit."""


class NoticeRow(WorkspaceRow, Base):
    """A notice whose signature was right, with its bytes as they came. Applied once."""

    __tablename__ = "payment_notices"
    __table_args__ = (
        Index("uq_payment_notices_digest", "workspace_id", "provider", "digest", unique=True),
        Index(
            "ix_payment_notices_waiting",
            "received_at",
            postgresql_where=text("outcome is null"),
        ),
    )

    provider: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the bytes: the same notice sent again is the same row."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    headers: Mapped[dict[str, Any]] = mapped_column(JSON)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What it says, decrypted: about which payment or refund, how much, which state."""
    received_at: Mapped[datetime] = mapped_column(Moment)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(Text)
    """`captured`, `repeated`, `surplus`, `refunded`, `quarantined`, `nothing`."""


class PaymentAccountRow(WorkspaceRow, Base):
    """The merchant's account at a provider, with its keys, encrypted."""

    __tablename__ = "payment_accounts"
    __table_args__ = (
        Index("uq_payment_accounts_provider", "workspace_id", "provider", unique=True),
        CheckConstraint("state in ('on', 'off')", name="state"),
    )

    provider: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    settings_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


keep_as_written(
    PaymentRow.__table__,
    *("workspace_id", "id", "order_id", "provider", "trade_number", "amount_minor", "currency"),
)
keep_as_written(
    NoticeRow.__table__,
    *("workspace_id", "id", "provider", "digest", "body", "headers", "said", "received_at"),
)
