"""Tables of discounts: what a shop takes off for everybody, from when to when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

Moment = DateTime(timezone=True)


class DiscountRow(WorkspaceRow, Base):
    """A discount of a shop: an amount or a share off, from an amount on (满减 / 打折)."""

    __tablename__ = "shop_discounts"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "shop_id"], ["shops.workspace_id", "shops.id"]),
        Index("ix_shop_discounts_shop_id", "workspace_id", "shop_id", "id"),
        CheckConstraint("kind in ('amount_off', 'share_off')", name="kind"),
        CheckConstraint("state in ('on', 'off')", name="state"),
        CheckConstraint(
            "from_minor >= 0 and off_minor >= 0 and off_bps between 0 and 10000", name="amounts"
        ),
        CheckConstraint("starts_at < ends_at", name="period"),
    )

    shop_id: Mapped[UUID]
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    from_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The least its products must come to in one order."""
    off_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    off_bps: Mapped[int] = mapped_column(Integer, server_default="0")
    """Hundredths of a percent off, for `share_off`."""
    product_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    """The products it is for; None: all of the shop's."""
    state: Mapped[str] = mapped_column(Text, server_default="on")
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
