"""Tables of red packets: the packet, its shares cut beforehand, and who took which."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class RedPacketRow(WorkspaceRow, Base):
    """A packet. `taken` is the cursor: whoever holds the row hands out the shares that follow it.

    The money is an account of the ledger; `taken_minor` says what has left it to people.
    """

    __tablename__ = "red_packets"
    __table_args__ = (
        UniqueConstraint("workspace_id", "campaign_id"),
        CheckConstraint("shares > 0 and total_minor >= shares", name="amounts"),
        CheckConstraint(
            "taken between 0 and shares and taken_minor between taken and total_minor"
            " and (taken < shares or taken_minor = total_minor)",
            name="taken",
        ),
        CheckConstraint(
            "(closed_at is null) = (returned_minor is null)"
            " and (returned_minor is null or returned_minor = total_minor - taken_minor)",
            name="closed",
        ),
        # The cursor moves with every batch: room on the page lets the change stay there (HOT).
        {"postgresql_with": {"fillfactor": "30"}},
    )

    campaign_id: Mapped[UUID]
    offer_id: Mapped[UUID]
    """The offer of cash whose grants the shares are."""
    rule_version: Mapped[int]
    currency: Mapped[str] = mapped_column(Text)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    shares: Mapped[int]
    taken: Mapped[int] = mapped_column(server_default=text("0"))
    taken_minor: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    returned_minor: Mapped[int | None] = mapped_column(BigInteger)
    """What nobody had taken when it closed; it went back to the budget."""


class PacketShareRow(Base):
    """The `nth` share to be taken, and how much is in it: decided before the packet opens."""

    __tablename__ = "packet_shares"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "packet_id", "nth"),
        CheckConstraint("nth > 0 and amount_minor > 0", name="amount"),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    packet_id: Mapped[UUID]
    nth: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class GrabRow(Base):
    """One person's share of one packet: the keys say once a person and once a share.

    No foreign keys, as in the ledger: the packet's row is locked by the transaction that inserts
    here, and invariants I-P1 to I-P4 look at all of them.
    """

    __tablename__ = "grabs"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "packet_id", "person_id"),
        UniqueConstraint("workspace_id", "packet_id", "nth"),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    packet_id: Mapped[UUID]
    person_id: Mapped[UUID]
    nth: Mapped[int]
    id: Mapped[UUID]
    """The grant it is."""
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    quest_id: Mapped[UUID | None]
    """The quest by whose link they came."""
    request_key: Mapped[str | None] = mapped_column(Text)
    """The Idempotency-Key it was asked with."""
    channel: Mapped[str] = mapped_column(Text)
    grabbed_at: Mapped[datetime] = mapped_column(Moment)


class PacketCreditRow(Base):
    """How many of a packet's shares have brought their people the money.

    A row of its own: who credits holds up nobody who grabs.
    """

    __tablename__ = "packet_credits"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "packet_id"),
        UniqueConstraint("workspace_id", "campaign_id"),
        CheckConstraint("credited >= 0", name="credited"),
        # Looked at some times a second: only packets that may still be taken from.
        Index("ix_packet_credits_waiting", "packet_id", postgresql_where=text("not is_done")),
        {"postgresql_with": {"fillfactor": "30"}},
    )

    workspace_id: Mapped[UUID]
    packet_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    credited: Mapped[int] = mapped_column(server_default=text("0"))
    is_done: Mapped[bool] = mapped_column(server_default=text("false"))
    """Closed, and everybody has theirs."""


for _kept, _columns in (
    (
        RedPacketRow.__table__,
        ("id", "campaign_id", "offer_id", "currency", "total_minor", "shares", "opened_at"),
    ),
    (PacketShareRow.__table__, ()),
    (GrabRow.__table__, ()),
):
    keep_as_written(_kept, *_columns)
