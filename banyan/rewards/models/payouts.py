"""Tables of payouts: cash on its way to a person, its daily caps, and the sandbox that pays."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class PayoutRow(WorkspaceRow, Base):
    """One payout to one person. Its request number is made of its id and stays for life."""

    __tablename__ = "payouts"
    __table_args__ = (
        UniqueConstraint("workspace_id", "request_number"),
        Index("ix_payouts_person_id", "workspace_id", "person_id", "id"),
        Index(
            "ix_payouts_due",
            "try_at",
            postgresql_where=text("state in ('created', 'submitting', 'unknown')"),
        ),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint(
            "state in ('created', 'rejected', 'submitting', 'unknown', 'succeeded', 'failed')",
            name="state",
        ),
        CheckConstraint("method in ('sandbox', 'wechat_transfer', 'manual')", name="method"),
        # Four eyes: above the limit nothing leaves without two members. By hand, who writes down
        # that it was paid is the second one.
        CheckConstraint(
            "state in ('created', 'rejected') or (approved_by is not null)::int"
            " + (seconded_by is not null)::int >= approvals_needed",
            name="approved",
        ),
        CheckConstraint(
            "(approved_by is null or approved_by <> created_by) and (seconded_by is null or"
            " (approved_by is not null and seconded_by <> approved_by"
            " and seconded_by <> created_by))",
            name="four_eyes",
        ),
        CheckConstraint(
            "not needs_approval or recorded_by is null or recorded_by is distinct from approved_by",
            name="another_hand",
        ),
        CheckConstraint(
            "approvals_needed between 0 and 2 and (approvals_needed < 2 or ("
            "(approved_by is null or starts_with(approved_by, 'member:'))"
            " and (seconded_by is null or starts_with(seconded_by, 'member:'))))",
            name="members",
        ),
        CheckConstraint(
            "(state in ('succeeded', 'failed', 'rejected')) = (ended_at is not null)", name="ended"
        ),
    )

    person_id: Mapped[UUID]
    method: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    payee_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    """Where it goes: the person's id at the provider, or words for whoever pays by hand."""
    request_number: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    scene: Mapped[str] = mapped_column(Text, server_default="")
    """What the provider registered it under, as the terms said when it was asked for."""
    needs_approval: Mapped[bool]
    created_by: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    approvals_needed: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    seconded_by: Mapped[str | None] = mapped_column(Text)
    """The second member, where two have to agree."""
    seconded_at: Mapped[datetime | None] = mapped_column(Moment)
    recorded_by: Mapped[str | None] = mapped_column(Text)
    """Who wrote down what became of it, when it was paid by hand."""
    day: Mapped[date] = mapped_column(Date)
    """The day, on the merchant's clock, whose caps it counts against."""
    tries: Mapped[int] = mapped_column(server_default="0")
    try_at: Mapped[datetime | None] = mapped_column(Moment)
    provider_number: Mapped[str | None] = mapped_column(Text)
    problem: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class PayoutGrantRow(Base):
    """A part of a grant that a payout has carried; written when the payout is through."""

    __tablename__ = "payout_grants"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "payout_id", "grant_id"),
        Index("ix_payout_grants_grant_id", "workspace_id", "grant_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    workspace_id: Mapped[UUID]
    payout_id: Mapped[UUID]
    grant_id: Mapped[UUID]
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class PayoutDayRow(Base):
    """How much, and how often, was paid to a person or by the workspace on a day; within the caps."""

    __tablename__ = "payout_days"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "holder", "currency", "day"),
        CheckConstraint("total_minor between 0 and most_minor", name="cap"),
        CheckConstraint(
            "count >= 0 and (most_count is null or count <= most_count)", name="count_cap"
        ),
    )

    workspace_id: Mapped[UUID]
    holder: Mapped[UUID]
    """A person, or the workspace itself."""
    currency: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    most_minor: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int] = mapped_column(server_default="0")
    most_count: Mapped[int | None]
    """None: the workspace's own, which counts nothing but money."""


class PayoutTermsRow(Base):
    """How a merchant pays out."""

    __tablename__ = "payout_terms"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id"),
        CheckConstraint(
            "least_minor > 0 and per_person_day_minor >= 0 and per_day_minor >= 0"
            " and approve_above_minor >= 0 and per_person_day_count > 0 and day_quota_minor >= 0",
            name="amounts",
        ),
    )

    workspace_id: Mapped[UUID]
    methods: Mapped[list[str]] = mapped_column(ARRAY(Text))
    least_minor: Mapped[int] = mapped_column(BigInteger)
    per_person_day_minor: Mapped[int] = mapped_column(BigInteger)
    per_day_minor: Mapped[int] = mapped_column(BigInteger)
    approve_above_minor: Mapped[int] = mapped_column(BigInteger)
    per_person_day_count: Mapped[int] = mapped_column(server_default="10")
    scene: Mapped[str] = mapped_column(Text, server_default="")
    """The number under which the provider registered what transfers are for."""
    day_quota_minor: Mapped[int] = mapped_column(BigInteger, server_default="10000000")
    asked: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """Higher terms that one member asked for and another has to confirm."""
    asked_by: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class SandboxPayoutRow(Base):
    """A payout as the sandbox provider has it: its own books, as outside as another company's."""

    __tablename__ = "sandbox_payouts"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "request_number"),
        CheckConstraint("state in ('waiting', 'done')", name="state"),
    )

    workspace_id: Mapped[UUID]
    request_number: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    payee: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    notices_left: Mapped[int] = mapped_column(server_default="0")


class SandboxPayerRow(Base):
    """How the sandbox behaves, and the key it signs its answers with."""

    __tablename__ = "sandbox_payers"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id"),
        CheckConstraint(
            "manner in ('fine', 'failing', 'hanging', 'lost_answer', 'slow', 'double')",
            name="manner",
        ),
    )

    workspace_id: Mapped[UUID]
    manner: Mapped[str] = mapped_column(Text, server_default="fine")
    hang_seconds: Mapped[int] = mapped_column(server_default="0")
    private_key: Mapped[bytes] = mapped_column(LargeBinary)


STATE_GUARD = (
    """
create or replace function banyan_payout_state() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state, new.state) not in (
    ('created', 'submitting'), ('created', 'rejected'), ('submitting', 'unknown'),
    ('submitting', 'succeeded'), ('submitting', 'failed'), ('unknown', 'submitting'),
    ('unknown', 'succeeded'), ('unknown', 'failed'))
  then
    raise exception 'a payout does not go from % to %', old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$
""",
    """
create or replace trigger state before update of state on payouts
for each row execute function banyan_payout_state()
""",
)

keep_as_written(
    PayoutRow.__table__,
    *("workspace_id", "id", "person_id", "method", "currency", "amount_minor", "payee_encrypted"),
    *("request_number", "scene", "needs_approval", "approvals_needed", "created_by", "day"),
    "created_at",
    more=STATE_GUARD,
)
