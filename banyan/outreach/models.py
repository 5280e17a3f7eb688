"""Tables of outreach: who was invited to what, by which links, and whom a merchant picked to begin with."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow

KINDS = ("birthday", "seed")
A_MONTH_MOST = 4
"""Invitations one person gets in a month, from all campaigns of a merchant together."""

Moment = DateTime(timezone=True)
OF_A_KIND = f"kind in ({', '.join(map(repr, KINDS))})"


class Invitation(WorkspaceRow, Base):
    """One invitation of one person to one campaign; `id` is also its message's. Never changed.

    How often a person is written to is held here: once for an occasion of a campaign, once a day,
    and a few times a month, whoever sends at the same time.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("workspace_id", "campaign_id", "person_id", "occasion"),
        UniqueConstraint("workspace_id", "person_id", "day"),
        UniqueConstraint("workspace_id", "person_id", "month", "nth"),
        CheckConstraint(f"nth between 1 and {A_MONTH_MOST}", name="nth"),
        CheckConstraint(OF_A_KIND, name="kind"),
        ForeignKeyConstraint(
            ["workspace_id", "campaign_id"], ["campaigns.workspace_id", "campaigns.id"]
        ),
        ForeignKeyConstraint(["workspace_id", "person_id"], ["persons.workspace_id", "persons.id"]),
        {"info": {"append_only": True}},
    )

    campaign_id: Mapped[UUID]
    person_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    occasion: Mapped[str] = mapped_column(Text)
    """What it is for, as `birthday 2027`: the year the birthday is in."""
    day: Mapped[date] = mapped_column(Date)
    """The merchant's day it was made on."""
    month: Mapped[date] = mapped_column(Date)
    """The first of that month."""
    nth: Mapped[int] = mapped_column(SmallInteger)
    """The how-manieth of the month."""
    invited_at: Mapped[datetime] = mapped_column(Moment)


class OutreachLink(Base):
    """The link that invitations of one kind to one campaign carry: one, whoever asks first."""

    __tablename__ = "outreach_links"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "campaign_id", "kind"),
        CheckConstraint(OF_A_KIND, name="kind"),
        ForeignKeyConstraint(
            ["workspace_id", "campaign_id"], ["campaigns.workspace_id", "campaigns.id"]
        ),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)


class SeedRule(Base):
    """By which counted facts a workspace is shown somebody as a seed user; None: not by it."""

    __tablename__ = "seed_rules"
    __table_args__ = (CheckConstraint("orders > 0 and people > 0 and points > 0", name="least"),)

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    orders: Mapped[int | None]
    people: Mapped[int | None]
    points: Mapped[int | None] = mapped_column(BigInteger)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class SeedUser(WorkspaceRow, Base):
    """Somebody the merchant picked to begin with; `id` is the person's."""

    __tablename__ = "seed_users"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "id"], ["persons.workspace_id", "persons.id"]),
    )

    picked_at: Mapped[datetime] = mapped_column(Moment)
    picked_by: Mapped[str] = mapped_column(Text)
