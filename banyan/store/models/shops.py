"""Tables of shops: under whose name goods are sold, and on what terms they are sent."""

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
    PrimaryKeyConstraint,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

Moment = DateTime(timezone=True)


class ShopRow(WorkspaceRow, Base):
    """A shop of the merchant, or of a participant who sells a selection of the merchant's goods."""

    __tablename__ = "shops"
    __table_args__ = (
        # The address of a shop names no workspace: its slug stands alone in the whole house.
        Index("uq_shops_slug", "slug", unique=True),
        # A participant has one shop.
        Index("uq_shops_owner_person_id", "workspace_id", "owner_person_id", unique=True),
        CheckConstraint("state in ('open', 'closed')", name="state"),
        CheckConstraint("freight_minor >= 0 and freight_free_from_minor >= 0", name="freight"),
    )

    slug: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    introduction: Mapped[str] = mapped_column(Text, server_default="")
    logo: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The picture: id, width, height. Pictures never change, so it is kept as it was."""
    licence_url: Mapped[str | None] = mapped_column(Text)
    """Where the merchant's business licence can be seen (电商法 15)."""
    contact: Mapped[str] = mapped_column(Text, server_default="")
    state: Mapped[str] = mapped_column(Text, server_default="open")
    owner_person_id: Mapped[UUID | None]
    """The participant whose shop it is; None: the merchant's own."""
    freight_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """What sending one order costs the buyer."""
    freight_free_from_minor: Mapped[int | None] = mapped_column(BigInteger)
    """From this much for goods on, sending is free; None: never."""
    created_at: Mapped[datetime] = mapped_column(Moment)


class SelectionRow(Base):
    """A product that a participant shows in a shop of their own."""

    __tablename__ = "shop_selections"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "shop_id", "product_id"),
        ForeignKeyConstraint(
            ["workspace_id", "shop_id"], ["shops.workspace_id", "shops.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["workspace_id", "product_id"],
            ["products.workspace_id", "products.id"],
            ondelete="CASCADE",
        ),
        Index("ix_shop_selections_product_id", "workspace_id", "product_id"),
    )

    workspace_id: Mapped[UUID]
    shop_id: Mapped[UUID]
    product_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(Integer)


class RevisionRow(Base):
    """How often what the shops of a workspace show has changed."""

    __tablename__ = "catalogue_revisions"

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
