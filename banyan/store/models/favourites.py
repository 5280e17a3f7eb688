"""Tables of what people keep for later: favourite products and shops, and the cart."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base

Moment = DateTime(timezone=True)


class FavouriteRow(Base):
    """A product or a shop that somebody marked."""

    __tablename__ = "favourites"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "person_id", "kind", "thing_id"),
        CheckConstraint("kind in ('product', 'shop')", name="kind"),
        Index("ix_favourites_thing_id", "workspace_id", "kind", "thing_id"),
    )

    workspace_id: Mapped[UUID]
    person_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    thing_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(Moment)


class CartLineRow(Base):
    """So many of a SKU in somebody's cart; its price is asked when the cart is shown."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "person_id", "sku_id"),
        ForeignKeyConstraint(
            ["workspace_id", "sku_id"], ["skus.workspace_id", "skus.id"], ondelete="CASCADE"
        ),
        Index("ix_cart_lines_sku_id", "workspace_id", "sku_id"),
        CheckConstraint("quantity between 1 and 9999", name="quantity"),
    )

    workspace_id: Mapped[UUID]
    person_id: Mapped[UUID]
    sku_id: Mapped[UUID]
    via_shop_id: Mapped[UUID | None]
    """The participant's shop through which it was put in."""
    quantity: Mapped[int] = mapped_column(Integer)
    put_in_at: Mapped[datetime] = mapped_column(Moment)
