"""Tables of orders: what was bought at which price, how far it has come, and by whose step.

The snapshot of prices, discounts and freight never changes once it is written. The state moves
only along the legal steps; the database refuses any other, whoever writes the row.
"""

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
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written
from banyan.store.states import LEGAL_STEPS, ORDER_STATES

Moment = DateTime(timezone=True)


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the condition that `column` holds one of `values`."""
    return f"{column} in ({', '.join(map(repr, values))})"


class OrderRow(WorkspaceRow, Base):
    """One order of one buyer at one shop."""

    __tablename__ = "orders"
    __table_args__ = (
        Index("uq_orders_number", "workspace_id", "number", unique=True),
        Index(
            "uq_orders_request_key",
            "workspace_id",
            "buyer_id",
            "request_key",
            unique=True,
            postgresql_where=text("request_key is not null"),
        ),
        Index(
            "uq_orders_collection_code",
            "workspace_id",
            "collection_code",
            unique=True,
            postgresql_where=text("collection_code is not null"),
        ),
        Index("ix_orders_buyer_id", "workspace_id", "buyer_id", "id"),
        Index("ix_orders_state", "workspace_id", "state", "id"),
        # The sweep for reservations that have run out asks across workspaces.
        Index("ix_orders_due", "expires_at", postgresql_where=text("state = 'placed'")),
        CheckConstraint(one_of("state", ORDER_STATES), name="state"),
        CheckConstraint("fulfilment in ('delivery', 'collection')", name="fulfilment"),
        CheckConstraint(
            "payable_minor = goods_minor - discount_minor + freight_minor"
            " and discount_minor between 0 and goods_minor and freight_minor >= 0",
            name="payable",
        ),
        CheckConstraint(
            "paid_at >= placed_at and completed_at >= paid_at and closed_at >= placed_at",
            name="moments",
        ),
        CheckConstraint("(state = 'closed') = (closed_at is not null)", name="closed"),
        CheckConstraint("(state in ('placed', 'closed')) = (paid_at is null)", name="paid"),
        {"postgresql_with": {"fillfactor": "85"}},
    )

    number: Mapped[str] = mapped_column(Text)
    """What people call it by: the day and a random code."""
    shop_id: Mapped[UUID]
    via_shop_id: Mapped[UUID | None]
    """The participant's shop through which it was sold."""
    buyer_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text)
    fulfilment: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    goods_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    freight_minor: Mapped[int] = mapped_column(BigInteger)
    payable_minor: Mapped[int] = mapped_column(BigInteger)
    discounts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Each discount that was taken: its id, names and amount."""
    address_id: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(Text)
    link_code: Mapped[str | None] = mapped_column(Text)
    """The share link that brought the buyer."""
    request_key: Mapped[str | None] = mapped_column(Text)
    request_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    collection_code: Mapped[str | None] = mapped_column(Text)
    """What the buyer shows in the shop; made when the order is paid."""
    placed_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    """When the reservation of an order that is not paid ends."""
    paid_at: Mapped[datetime | None] = mapped_column(Moment)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    completed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    close_reason: Mapped[str | None] = mapped_column(Text)
    is_held: Mapped[bool] = mapped_column(server_default="false")
    """Whether it waits for a campaign's word before anything of it is handed over."""


class OrderLineRow(WorkspaceRow, Base):
    """So many of one SKU in an order, at the price of the moment."""

    __tablename__ = "order_lines"
    __table_args__ = (
        Index("uq_order_lines_nth", "workspace_id", "order_id", "nth", unique=True),
        Index("ix_order_lines_sku_id", "workspace_id", "sku_id", "id"),
        CheckConstraint("quantity > 0 and unit_price_minor >= 0", name="amounts"),
        CheckConstraint(
            "payable_minor = unit_price_minor * quantity - discount_minor"
            " and discount_minor between 0 and unit_price_minor * quantity",
            name="payable",
        ),
        # What is being refunded counts from the moment it is asked for.
        CheckConstraint("refunding_quantity between 0 and quantity", name="refunded"),
        CheckConstraint(
            "shipped_quantity between 0 and quantity and restocked_quantity between 0 and"
            " refunding_quantity",
            name="shipped",
        ),
        {"postgresql_with": {"fillfactor": "85"}},
    )

    order_id: Mapped[UUID]
    nth: Mapped[int] = mapped_column(SmallInteger)
    sku_id: Mapped[UUID]
    product_id: Mapped[UUID]
    category_id: Mapped[UUID | None]
    """Where the product was found when it was ordered; where it is moved later changes nothing."""
    product_name: Mapped[str] = mapped_column(Text)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON)
    no_return: Mapped[str | None] = mapped_column(Text)
    """Why it could not be returned when it was ordered; what the product says later changes nothing."""
    quantity: Mapped[int] = mapped_column(Integer)
    unit_price_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    payable_minor: Mapped[int] = mapped_column(BigInteger)
    shipped_quantity: Mapped[int] = mapped_column(Integer, server_default="0")
    refunding_quantity: Mapped[int] = mapped_column(Integer, server_default="0")
    """How many are refunded or asked to be; a refund that is refused gives them back."""
    restocked_quantity: Mapped[int] = mapped_column(Integer, server_default="0")


class OrderStepRow(Base):
    """One step of an order: from where to where, by whom, why, when."""

    __tablename__ = "order_steps"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "order_id", "position"),
        ForeignKeyConstraint(["workspace_id", "order_id"], ["orders.workspace_id", "orders.id"]),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    order_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    from_state: Mapped[str] = mapped_column(Text)
    to_state: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)


_LEGAL = ", ".join(f"('{before}', '{after}')" for before, after in sorted(LEGAL_STEPS))

STATE_GUARD = (
    f"""
create or replace function banyan_order_state() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state, new.state) not in ({_LEGAL})
  then
    raise exception 'an order does not go from % to %', old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$
""",
    """
create or replace trigger state before update of state on orders
for each row execute function banyan_order_state()
""",
)

keep_as_written(
    OrderRow.__table__,
    *("workspace_id", "id", "number", "shop_id", "via_shop_id", "buyer_id", "fulfilment"),
    *("currency", "goods_minor", "discount_minor", "freight_minor", "payable_minor"),
    *("discounts", "placed_at", "request_key", "request_digest"),
    more=STATE_GUARD,
)
keep_as_written(
    OrderLineRow.__table__,
    *("workspace_id", "id", "order_id", "nth", "sku_id", "product_id", "category_id"),
    *("product_name", "attributes", "no_return", "quantity", "unit_price_minor", "discount_minor"),
    *("payable_minor",),
)
keep_as_written(OrderStepRow.__table__)
