"""Tables of shipments: which goods left in which parcel."""

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

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class ShipmentRow(WorkspaceRow, Base):
    """One parcel of one order."""

    __tablename__ = "shipments"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "order_id"], ["orders.workspace_id", "orders.id"]),
        # The same parcel entered twice is the same parcel.
        Index("uq_shipments_number", "workspace_id", "order_id", "company", "number", unique=True),
    )

    order_id: Mapped[UUID]
    company: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    shipped_at: Mapped[datetime] = mapped_column(Moment)
    shipped_by: Mapped[str] = mapped_column(Text)


class ShipmentLineRow(Base):
    """How many of one order line are in a parcel."""

    __tablename__ = "shipment_lines"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "shipment_id", "line_id"),
        ForeignKeyConstraint(
            ["workspace_id", "shipment_id"], ["shipments.workspace_id", "shipments.id"]
        ),
        ForeignKeyConstraint(
            ["workspace_id", "line_id"], ["order_lines.workspace_id", "order_lines.id"]
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    shipment_id: Mapped[UUID]
    line_id: Mapped[UUID]
    quantity: Mapped[int] = mapped_column(Integer)


for _kept in (ShipmentRow.__table__, ShipmentLineRow.__table__):
    keep_as_written(_kept)
