"""Tables: persons, the ways each is known, and the browsers each was seen in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

KINDS = ("phone", "email", "openid", "unionid", "external_userid", "device")
Moment = DateTime(timezone=True)


class Person(WorkspaceRow, Base):
    """One human the merchant knows or meets."""

    __tablename__ = "persons"
    __table_args__ = (Index("ix_persons_created_at", "workspace_id", "created_at", "id"),)

    name: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    forgotten_at: Mapped[datetime | None] = mapped_column(Moment)
    """When they had themselves deleted: nothing here says any more who they were."""
    birthday_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Month and day, if they gave it themselves."""
    birthday_given_at: Mapped[datetime | None] = mapped_column(Moment)
    """Kept when they take it back, so that nobody has two birthdays in a year."""
    messages_agreed_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when they agree to be written to about campaigns; None: they do not."""
    came_back: Mapped[bool] = mapped_column(server_default="false", default=False)
    """Whether somebody with the same number was deleted before: then they are nobody new."""


class Tombstone(Base):
    """That a number was known before it was deleted: only its keyed fingerprint, and since when.

    Whoever comes back is somebody new to look at, and not somebody new to be rewarded for.
    """

    __tablename__ = "person_tombstones"
    __table_args__ = (PrimaryKeyConstraint("workspace_id", "value_index"),)

    workspace_id: Mapped[UUID]
    value_index: Mapped[bytes] = mapped_column(LargeBinary)
    met_at: Mapped[datetime] = mapped_column(Moment)
    forgotten_at: Mapped[datetime] = mapped_column(Moment)


class Identity(WorkspaceRow, Base):
    """One way a person is known: encrypted, and found again by its blind index."""

    __tablename__ = "person_identities"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["persons.workspace_id", "persons.id"],
            ondelete="CASCADE",
        ),
        # Two who register the same number at once meet here; one row stands.
        UniqueConstraint("workspace_id", "kind", "value_index"),
        Index("ix_person_identities_person_id", "workspace_id", "person_id"),
        CheckConstraint("kind in (" + ", ".join(f"'{kind}'" for kind in KINDS) + ")", name="kind"),
    )

    person_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    value_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    value_index: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)


class PersonVisitor(Base):
    """A browser in which a person proved who they are."""

    __tablename__ = "person_visitors"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "visitor_id", "person_id"),
        ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["persons.workspace_id", "persons.id"],
            ondelete="CASCADE",
        ),
        Index("ix_person_visitors_person_id", "workspace_id", "person_id"),
    )

    workspace_id: Mapped[UUID]
    visitor_id: Mapped[UUID]
    person_id: Mapped[UUID]
    bound_at: Mapped[datetime] = mapped_column(Moment)


class Consent(Base):
    """That a person agreed to a notice, and when: never changed, kept as proof."""

    __tablename__ = "person_consents"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "person_id", "notice_version"),
        ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["persons.workspace_id", "persons.id"],
            ondelete="CASCADE",
        ),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    person_id: Mapped[UUID]
    notice_version: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(Moment)
