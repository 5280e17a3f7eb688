"""The table of orders that were moved from one quest to another. Private to the package."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base
from banyan.kernel.guards import keep_as_written


class QuestMove(Base):
    """An order whose payment came too late for its quest, and the quest that took it: once for ever.

    Both may be the same: the seat was given up, and was still free when the money came.
    """

    __tablename__ = "quest_moves"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "order_id"),
        Index("ix_quest_moves_from_quest_id", "workspace_id", "from_quest_id"),
        ForeignKeyConstraint(
            ["workspace_id", "order_id"], ["quest_orders.workspace_id", "quest_orders.order_id"]
        ),
        ForeignKeyConstraint(
            ["workspace_id", "from_quest_id"], ["quests.workspace_id", "quests.id"]
        ),
        ForeignKeyConstraint(["workspace_id", "to_quest_id"], ["quests.workspace_id", "quests.id"]),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    order_id: Mapped[UUID]
    from_quest_id: Mapped[UUID]
    to_quest_id: Mapped[UUID]
    payment_id: Mapped[UUID | None]
    """The payment that came after the order was closed; None: it was paid, but told too late."""
    moved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


keep_as_written(QuestMove.__table__)
