"""Tables of the catalogue: products and the SKUs in which they are sold."""

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
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

Moment = DateTime(timezone=True)


class ProductRow(WorkspaceRow, Base):
    """What is sold, as one page shows it."""

    __tablename__ = "products"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "shop_id"], ["shops.workspace_id", "shops.id"]),
        Index("ix_products_shop_id", "workspace_id", "shop_id", "id"),
        CheckConstraint("state in ('draft', 'published', 'withdrawn')", name="state"),
    )

    shop_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="draft")
    created_at: Mapped[datetime] = mapped_column(Moment)


class SkuRow(WorkspaceRow, Base):
    """One buyable kind of a product. How many there are is accounts of the ledger (`stock`)."""

    __tablename__ = "skus"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "product_id"], ["products.workspace_id", "products.id"]
        ),
        Index("ix_skus_product_id", "workspace_id", "product_id", "id"),
        CheckConstraint("state in ('on_sale', 'off_sale')", name="state"),
        CheckConstraint("price_minor >= 0 and cost_minor >= 0", name="amounts"),
        CheckConstraint("weight_grams >= 0 and most_per_order > 0", name="limits"),
        CheckConstraint("sale_starts_at < sale_ends_at", name="sale_window"),
    )

    product_id: Mapped[UUID]
    code: Mapped[str | None] = mapped_column(Text)
    """The merchant's own number for it."""
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    """What tells it from the product's other SKUs: {"颜色": "红", "尺码": "M"}."""
    price_minor: Mapped[int] = mapped_column(BigInteger)
    cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    weight_grams: Mapped[int] = mapped_column(Integer, server_default="0")
    state: Mapped[str] = mapped_column(Text, server_default="on_sale")
    most_per_order: Mapped[int | None] = mapped_column(Integer)
    sale_starts_at: Mapped[datetime | None] = mapped_column(Moment)
    sale_ends_at: Mapped[datetime | None] = mapped_column(Moment)
    """The window in which it can be bought; None: no bound on that side."""
    created_at: Mapped[datetime] = mapped_column(Moment)
