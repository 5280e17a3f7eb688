"""Tables of plans: the envelope above campaigns."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, PrimaryKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

Moment = DateTime(timezone=True)


class PlanRow(WorkspaceRow, Base):
    """An envelope that funds several campaigns. The money itself is in the ledger."""

    __tablename__ = "reward_plans"
    __table_args__ = (
        CheckConstraint("total_minor >= 0", name="amounts"),
        CheckConstraint("warn_at_bps between 1 and 10000", name="warn_at_bps"),
    )

    name: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    warn_at_bps: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Moment)


class ChannelCapRow(Base):
    """The most that may be spent on people who came to a campaign by one channel."""

    __tablename__ = "reward_channel_caps"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "campaign_id", "channel"),
        CheckConstraint("most_minor >= 0", name="amounts"),
    )

    workspace_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    most_minor: Mapped[int] = mapped_column(BigInteger)
