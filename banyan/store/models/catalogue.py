"""Tables of the catalogue: categories, products, the SKUs they are sold in, what each has cost."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


PUBLISHED = text("state = 'published'")


class CategoryRow(WorkspaceRow, Base):
    """A heading under which buyers find products."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    position: Mapped[int] = mapped_column(Integer, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Moment)


class ProductRow(WorkspaceRow, Base):
    """What is sold, as one page shows it."""

    __tablename__ = "products"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "shop_id"], ["shops.workspace_id", "shops.id"]),
        ForeignKeyConstraint(
            ["workspace_id", "category_id"], ["categories.workspace_id", "categories.id"]
        ),
        # The address of a product names no workspace.
        Index("ix_products_id", "id"),
        # What the console lists: newest change first.
        Index("ix_products_updated_at", "workspace_id", "updated_at", "id"),
        Index("ix_products_category_id", "workspace_id", "category_id", "updated_at", "id"),
        # What buyers list: newest on the shelf first, all of a shop or one category of it.
        Index(
            "ix_products_shelf",
            *("workspace_id", "shop_id", "published_at", "id"),
            postgresql_where=PUBLISHED,
        ),
        Index(
            "ix_products_shelf_category",
            *("workspace_id", "shop_id", "category_id", "published_at", "id"),
            postgresql_where=PUBLISHED,
        ),
        CheckConstraint("state in ('draft', 'published', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'published') <= (published_at is not null)", name="published"),
        CheckConstraint("not is_removed or state = 'draft'", name="removed"),
    )

    shop_id: Mapped[UUID]
    category_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text, server_default="")
    description: Mapped[str] = mapped_column(Text, server_default="")
    keywords: Mapped[str] = mapped_column(Text, server_default="")
    search_text: Mapped[str] = mapped_column(Text, server_default="")
    """Name and keywords as searches compare them."""
    no_return: Mapped[str | None] = mapped_column(Text)
    """Which exception from the seven days of return it falls under (消保法 25); None: none."""
    pictures: Mapped[list[dict[str, Any]]] = mapped_column(JSON, server_default="[]")
    """Each picture's id, width and height; the first stands for the product."""
    state: Mapped[str] = mapped_column(Text, server_default="draft")
    is_removed: Mapped[bool] = mapped_column(server_default="false")
    """A draft that was deleted; kept because its prices are."""
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)


class ProductTermRow(Base):
    """A pair of neighbouring letters in what a product is searched by.

    An index of our own: under row-level security PostgreSQL may use an index only by operators that
    cannot leak, equality among them and LIKE not. And it finds Chinese, which has no spaces.
    """

    __tablename__ = "product_terms"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "term", "product_id"),
        ForeignKeyConstraint(
            ["workspace_id", "product_id"],
            ["products.workspace_id", "products.id"],
            ondelete="CASCADE",
        ),
        Index("ix_product_terms_product_id", "workspace_id", "product_id"),
    )

    workspace_id: Mapped[UUID]
    term: Mapped[str] = mapped_column(Text)
    product_id: Mapped[UUID]


class SkuRow(WorkspaceRow, Base):
    """One buyable kind of a product. How many there are is accounts of the ledger (`stock`)."""

    __tablename__ = "skus"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "product_id"], ["products.workspace_id", "products.id"]
        ),
        Index("ix_skus_product_id", "workspace_id", "product_id", "id"),
        Index(
            "uq_skus_code",
            *("workspace_id", "code"),
            unique=True,
            postgresql_where=text("code is not null and not is_removed"),
        ),
        CheckConstraint("state in ('on_sale', 'off_sale')", name="state"),
        CheckConstraint("reference_minor > price_minor", name="reference"),
        CheckConstraint("not is_removed or state = 'off_sale'", name="removed"),
        CheckConstraint("price_minor >= 0 and cost_minor >= 0", name="amounts"),
        CheckConstraint("weight_grams >= 0 and most_per_order > 0", name="limits"),
        CheckConstraint("sale_starts_at < sale_ends_at", name="sale_window"),
    )

    product_id: Mapped[UUID]
    code: Mapped[str | None] = mapped_column(Text)
    """The merchant's own number for it."""
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    """What tells it from the product's other SKUs: {"颜色": "红", "尺码": "M"}."""
    position: Mapped[int] = mapped_column(Integer, server_default="0")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    reference_minor: Mapped[int | None] = mapped_column(BigInteger)
    """What is crossed out beside the price; never above what `prices` allows."""
    cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    weight_grams: Mapped[int] = mapped_column(Integer, server_default="0")
    state: Mapped[str] = mapped_column(Text, server_default="on_sale")
    most_per_order: Mapped[int | None] = mapped_column(Integer)
    sale_starts_at: Mapped[datetime | None] = mapped_column(Moment)
    sale_ends_at: Mapped[datetime | None] = mapped_column(Moment)
    """The window in which it can be bought; None: no bound on that side."""
    is_removed: Mapped[bool] = mapped_column(server_default="false")
    """Taken out of the product; kept because orders may name it."""
    created_at: Mapped[datetime] = mapped_column(Moment)


class PriceRow(Base):
    """From when on a SKU was offered at which price."""

    __tablename__ = "prices"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "sku_id", "position"),
        ForeignKeyConstraint(["workspace_id", "sku_id"], ["skus.workspace_id", "skus.id"]),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    sku_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    reference_minor: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(Text)


keep_as_written(PriceRow.__table__)
