"""Events: business facts, recorded in the transaction of the change they describe, and kept.

An event is a frozen struct in the past tense. Whoever wants to hear of it is told by the relay.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from banyan.kernel.db import Base
from banyan.kernel.ids import new_ids
from banyan.kernel.work import Work

EVENTS: dict[str, type["Event"]] = {}
"""Every kind of event by its name."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. Subclasses set `name`, as `"rewards.granted"`."""

    name: ClassVar[str] = ""
    campaign_id: UUID | None = None
    """The campaign it belongs to, if any: events are counted and streamed by it."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Register the kind. Raises ValueError when the name is taken by another class."""
        super().__init_subclass__(**kwargs)
        if cls.name and EVENTS.setdefault(cls.name, cls).__qualname__ != cls.__qualname__:
            msg = f"event {cls.name!r} is declared twice"
            raise ValueError(msg)


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the column's type in DDL."""
        return "xid8"


class EventRow(Base):
    """One recorded event. `(xid, position)` is the order of commits as the relay reads them."""

    __tablename__ = "events"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "position"),
        Index("ix_events_xid_position", "xid", "position"),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=False))
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
    id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    campaign_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    actor: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


INSERT = """
insert into events (workspace_id, id, name, campaign_id, occurred_at, actor, body)
select %s, e.id, e.name, e.campaign_id, %s, %s, e.body
from unnest(%b::uuid[], %b::text[], %b::uuid[], %b::json[]) as e (id, name, campaign_id, body)
"""

_encode = msgspec.json.Encoder().encode


def record(work: Work, events: Sequence[Event]) -> None:
    """Record `events` in this transaction, in their order, with one statement."""
    if not events:
        return
    work.driver.ask(
        INSERT,
        (
            work.workspace_id,
            work.now,
            str(work.actor),
            new_ids(len(events)),
            [event.name for event in events],
            [event.campaign_id for event in events],
            [_encode(event) for event in events],
        ),
    )
