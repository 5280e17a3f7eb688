"""Table of pictures: what was uploaded, under which id its sizes are kept in files."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written


class PictureRow(WorkspaceRow, Base):
    """One picture. The same file uploaded again is the same picture of its workspace."""

    __tablename__ = "pictures"
    __table_args__ = (
        UniqueConstraint("workspace_id", "digest"),
        # The address of a picture names no workspace.
        Index("ix_pictures_id", "id"),
        CheckConstraint("width > 0 and height > 0 and stored_bytes > 0", name="sizes"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the file as it was sent."""
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    stored_bytes: Mapped[int] = mapped_column(Integer)
    """What all its sizes take together."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


keep_as_written(
    PictureRow.__table__,
    "workspace_id",
    "id",
    "digest",
    "width",
    "height",
    "stored_bytes",
)
