"""Tables of what people do in their own quests. Private to the package, as `models` are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class QuestAct(Base):
    """Something the owner of a quest did in it, and that counted; never changed.

    `slot` is `once`, a local date, or `n1`, `n2` …: what can be done so often has so many slots.
    """

    __tablename__ = "quest_acts"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "quest_id", "step", "slot"),
        CheckConstraint(
            r"slot = 'once' or slot ~ '^n[1-9][0-9]*$' or slot ~ '^\d{4}-\d\d-\d\d$'", name="slot"
        ),
        CheckConstraint("luck between 0 and 4294967295", name="luck"),
        Index("ix_quest_acts_campaign_id", "workspace_id", "campaign_id", "id"),
        ForeignKeyConstraint(["workspace_id", "quest_id"], ["quests.workspace_id", "quests.id"]),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    id: Mapped[UUID]
    """The cause that grants name."""
    campaign_id: Mapped[UUID]
    quest_id: Mapped[UUID]
    person_id: Mapped[UUID]
    step: Mapped[str] = mapped_column(Text)
    slot: Mapped[str] = mapped_column(Text)
    luck: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)
    """What the play was told the act counts."""
    actor: Mapped[str] = mapped_column(Text)
    """Who did or confirmed it."""
    acted_at: Mapped[datetime] = mapped_column(Moment)


class QuestPass(Base):
    """The short code by which a member of staff finds the quest of somebody who stands there."""

    __tablename__ = "quest_passes"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "quest_id"),
        UniqueConstraint("workspace_id", "campaign_id", "code"),
        ForeignKeyConstraint(["workspace_id", "quest_id"], ["quests.workspace_id", "quests.id"]),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    quest_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)


class QuestDeparture(Base):
    """A friend whose support counted and who left again: once for a quest."""

    __tablename__ = "quest_departures"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "quest_id", "supporter_id"),
        ForeignKeyConstraint(
            ["workspace_id", "quest_id", "supporter_id"],
            ["supports.workspace_id", "supports.quest_id", "supports.supporter_id"],
        ),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    quest_id: Mapped[UUID]
    supporter_id: Mapped[UUID]
    left_at: Mapped[datetime] = mapped_column(Moment)


for _kept in (QuestAct.__table__, QuestPass.__table__, QuestDeparture.__table__):
    keep_as_written(_kept)
