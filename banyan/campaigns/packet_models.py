"""The table of what packets were cut by. Private to the package."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, LargeBinary, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base
from banyan.kernel.guards import keep_as_written


class PacketSeed(Base):
    """What a campaign's packet was cut by, so that anybody here can cut it again; never changed.

    It is no secret beside the shares, which stand in the clear beforehand: nobody is shown either.
    """

    __tablename__ = "packet_seeds"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "campaign_id"),
        CheckConstraint("octet_length(seed) = 32", name="seed"),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


keep_as_written(PacketSeed.__table__)
