"""Tables of addresses. A row never changes: an edit hides it and makes a new one.

So an order names the address it is sent to by its id, and what it says cannot change after the
order was placed.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class AddressRow(WorkspaceRow, Base):
    """Where somebody wants goods sent: name, phone and place, encrypted together."""

    __tablename__ = "addresses"
    __table_args__ = (
        Index(
            "ix_addresses_person_id",
            "workspace_id",
            "person_id",
            "id",
            postgresql_where=text("hidden_at is null"),
        ),
    )

    person_id: Mapped[UUID]
    content_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON: recipient, phone, province, city, district, street."""
    is_first: Mapped[bool] = mapped_column(server_default="false")
    """Whether the checkout offers it first."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    hidden_at: Mapped[datetime | None] = mapped_column(Moment)
    """When its owner deleted or edited it."""


keep_as_written(
    AddressRow.__table__,
    *("workspace_id", "id", "person_id", "content_encrypted", "created_at"),
    may_delete=True,
)
