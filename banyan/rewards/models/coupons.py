"""Tables of coupons: where each one is used."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class CouponUseRow(WorkspaceRow, Base):
    """One coupon in one order: locked while it waits for payment, redeemed when it is paid.

    At most one order has a coupon at a time. An order that closes releases it, a refund of all it
    was used on returns it; what a part brings back is a coupon of its own.
    """

    __tablename__ = "coupon_uses"
    __table_args__ = (
        Index(
            "uq_coupon_uses_live",
            "workspace_id",
            "grant_id",
            unique=True,
            postgresql_where=text("state in ('locked', 'redeemed')"),
        ),
        Index("uq_coupon_uses_order", "workspace_id", "order_id", "grant_id", unique=True),
        CheckConstraint("state in ('locked', 'redeemed', 'released', 'returned')", name="state"),
        CheckConstraint("off_minor > 0 and returned_minor between 0 and off_minor", name="amounts"),
        CheckConstraint(
            "(state in ('released', 'returned')) = (ended_at is not null)", name="ended"
        ),
        CheckConstraint(
            "state not in ('redeemed', 'returned') or redeemed_at is not null", name="redeemed"
        ),
    )

    grant_id: Mapped[UUID]
    order_id: Mapped[UUID]
    person_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text)
    off_minor: Mapped[int] = mapped_column(BigInteger)
    """What it took off this order."""
    returned_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """How much of that refunds have brought back."""
    locked_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    """When the order it waits for closes by itself."""
    redeemed_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    lapsed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When a refund found that the coupon had expired meanwhile, so that it did not come back."""


STATE_GUARD = (
    """
create or replace function banyan_coupon_use_state() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state, new.state) not in (
    ('locked', 'redeemed'), ('locked', 'released'), ('redeemed', 'returned'))
  then
    raise exception 'the use of a coupon does not go from % to %', old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.returned_minor < old.returned_minor then
    raise exception 'what was returned stays returned'
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$
""",
    """
create or replace trigger state before update on coupon_uses
for each row execute function banyan_coupon_use_state()
""",
)

keep_as_written(
    CouponUseRow.__table__,
    *("workspace_id", "id", "grant_id", "order_id", "person_id", "off_minor", "locked_at"),
    more=STATE_GUARD,
)
