"""Tables of points: the lots they were earned in, and what they are exchanged for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class PointLotRow(WorkspaceRow, Base):
    """Points earned together, by the grant of the same id; spent before those that end later.

    What is left of all of a person's lots is the balance of their account in the ledger.
    """

    __tablename__ = "point_lots"
    __table_args__ = (
        Index(
            "ix_point_lots_person",
            *("workspace_id", "person_id", "expires_at", "id"),
            postgresql_where=text("left_points > 0"),
        ),
        Index("ix_point_lots_expires_at", "expires_at", postgresql_where=text("left_points > 0")),
        CheckConstraint("points > 0 and left_points between 0 and points", name="points"),
    )

    person_id: Mapped[UUID]
    points: Mapped[int] = mapped_column(BigInteger)
    left_points: Mapped[int] = mapped_column(BigInteger)
    earned_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class ExchangeItemRow(WorkspaceRow, Base):
    """A place on the exchange shelf: an offer of the house, for so many points."""

    __tablename__ = "exchange_items"
    __table_args__ = (
        UniqueConstraint("workspace_id", "offer_key"),
        CheckConstraint("price_points > 0", name="price"),
        CheckConstraint("state in ('on', 'off')", name="state"),
    )

    offer_key: Mapped[str] = mapped_column(Text)
    price_points: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text, server_default="on")
    position: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    changed_at: Mapped[datetime] = mapped_column(Moment)


class ExchangeRow(WorkspaceRow, Base):
    """Points that somebody exchanged, and the grant they got for them."""

    __tablename__ = "exchanges"
    __table_args__ = (
        Index("ix_exchanges_person_id", "workspace_id", "person_id", "id"),
        CheckConstraint("points > 0", name="points"),
    )

    person_id: Mapped[UUID]
    item_id: Mapped[UUID]
    points: Mapped[int] = mapped_column(BigInteger)
    grant_id: Mapped[UUID]
    exchanged_at: Mapped[datetime] = mapped_column(Moment)


keep_as_written(
    PointLotRow.__table__,
    *("workspace_id", "id", "person_id", "points", "earned_at", "expires_at"),
)
keep_as_written(ExchangeRow.__table__)
