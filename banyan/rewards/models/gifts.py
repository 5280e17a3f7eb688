"""Tables of gifts: on their way to whoever was given one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class GiftClaimRow(WorkspaceRow, Base):
    """A gift that its person wants, or took in the shop. The id is the grant's: once each."""

    __tablename__ = "gift_claims"
    __table_args__ = (
        Index("ix_gift_claims_state", "workspace_id", "state", "id"),
        CheckConstraint("state in ('asked', 'shipped', 'collected')", name="state"),
        CheckConstraint("(state = 'collected') = (address_encrypted is null)", name="address"),
        CheckConstraint(
            "(state = 'shipped') = (company is not null and number is not null)", name="shipped"
        ),
    )

    person_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text)
    address_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    company: Mapped[str | None] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    claimed_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    done_by: Mapped[str | None] = mapped_column(Text)


keep_as_written(
    GiftClaimRow.__table__, *("workspace_id", "id", "person_id", "address_encrypted", "claimed_at")
)
