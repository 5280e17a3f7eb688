"""Tables of refunds: how much of which line goes back, and how far its one request has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written
from banyan.store.models.orders import one_of
from banyan.store.states import REFUND_STATES, REFUND_STEPS

Moment = DateTime(timezone=True)
KINDS = ("asked_by_buyer", "by_merchant", "by_rule", "surplus")


class RefundRow(WorkspaceRow, Base):
    """One refund of one payment. Its `request_number` is the provider's key to it, for life."""

    __tablename__ = "refunds"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "order_id"], ["orders.workspace_id", "orders.id"]),
        ForeignKeyConstraint(
            ["workspace_id", "payment_id"], ["payments.workspace_id", "payments.id"]
        ),
        Index("uq_refunds_request_number", "workspace_id", "request_number", unique=True),
        # Money that came without being owed goes back once.
        Index(
            "uq_refunds_surplus",
            "workspace_id",
            "payment_id",
            unique=True,
            postgresql_where=text("kind = 'surplus'"),
        ),
        Index("ix_refunds_order_id", "workspace_id", "order_id"),
        Index("ix_refunds_state", "workspace_id", "state", "id"),
        Index(
            "ix_refunds_due",
            "try_at",
            postgresql_where=text("state in ('approved', 'sending', 'unknown')"),
        ),
        CheckConstraint(one_of("state", REFUND_STATES), name="state"),
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        CheckConstraint("amount_minor > 0 and freight_minor >= 0", name="amount"),
        CheckConstraint("(state = 'done') = (done_at is not null)", name="done"),
    )

    order_id: Mapped[UUID]
    payment_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    freight_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    restock: Mapped[bool]
    """Whether the goods go back on the shelf when it is done."""
    state: Mapped[str] = mapped_column(Text)
    request_number: Mapped[str] = mapped_column(Text)
    provider_refund: Mapped[str | None] = mapped_column(Text)
    by_hand: Mapped[str | None] = mapped_column(Text)
    """How the money was given outside the provider, in the operator's words."""
    tries: Mapped[int] = mapped_column(Integer, server_default="0")
    try_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it is sent, or asked about, next; None: an operator decides."""
    problem: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decision: Mapped[str | None] = mapped_column(Text)
    """The words of whoever approved or rejected it."""
    asked_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)


class RefundLineRow(Base):
    """How many of one line a refund takes back, and what for."""

    __tablename__ = "refund_lines"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "refund_id", "line_id"),
        ForeignKeyConstraint(["workspace_id", "refund_id"], ["refunds.workspace_id", "refunds.id"]),
        ForeignKeyConstraint(
            ["workspace_id", "line_id"], ["order_lines.workspace_id", "order_lines.id"]
        ),
        Index("ix_refund_lines_line_id", "workspace_id", "line_id"),
        # A refund of a difference takes back money and no goods.
        CheckConstraint(
            "quantity >= 0 and amount_minor >= 0 and quantity + amount_minor > 0", name="amounts"
        ),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    refund_id: Mapped[UUID]
    line_id: Mapped[UUID]
    quantity: Mapped[int] = mapped_column(Integer)
    amount_minor: Mapped[int] = mapped_column(BigInteger)


_LEGAL = ", ".join(f"('{before}', '{after}')" for before, after in sorted(REFUND_STEPS))

STATE_GUARD = (
    f"""
create or replace function banyan_refund_state() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state, new.state) not in ({_LEGAL})
  then
    raise exception 'a refund does not go from % to %', old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$
""",
    """
create or replace trigger state before update of state on refunds
for each row execute function banyan_refund_state()
""",
)

keep_as_written(
    RefundRow.__table__,
    *("workspace_id", "id", "order_id", "payment_id", "kind", "amount_minor", "freight_minor"),
    *("currency", "request_number", "asked_at"),
    more=STATE_GUARD,
)
keep_as_written(RefundLineRow.__table__)
