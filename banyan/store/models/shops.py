"""Tables of shops: under whose name goods are sold, and on what terms they are sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

Moment = DateTime(timezone=True)


class ShopRow(WorkspaceRow, Base):
    """A shop of the merchant, or of a participant who sells a selection of the merchant's goods."""

    __tablename__ = "shops"
    __table_args__ = (
        Index("uq_shops_slug", "workspace_id", "slug", unique=True),
        CheckConstraint("state in ('open', 'closed')", name="state"),
        CheckConstraint("freight_minor >= 0 and freight_free_from_minor >= 0", name="freight"),
    )

    slug: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="open")
    owner_person_id: Mapped[UUID | None]
    """The participant whose shop it is; None: the merchant's own."""
    freight_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """What sending one order costs the buyer."""
    freight_free_from_minor: Mapped[int | None] = mapped_column(BigInteger)
    """From this much for goods on, sending is free; None: never."""
    created_at: Mapped[datetime] = mapped_column(Moment)
