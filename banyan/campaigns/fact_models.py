"""The table of what quests were told. Private to the package, as `models` are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, PrimaryKeyConstraint
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base
from banyan.kernel.guards import keep_as_written


class QuestFact(Base):
    """A fact that counted, exactly as the play was told it, luck and all; never changed.

    `quest_id` is no foreign key: the quest is locked when a fact is written, and whoever
    recomputes quests finds every fact that is missing or too many by the quest's own count.
    """

    __tablename__ = "quest_facts"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "quest_id", "nth"),
        CheckConstraint("nth > 0", name="nth"),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    quest_id: Mapped[UUID]
    nth: Mapped[int]
    """Its place in the quest, from 1 without a gap."""
    told_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """The moment the play was given as now."""
    fact: Mapped[dict[str, Any]] = mapped_column(JSON)


keep_as_written(QuestFact.__table__)
