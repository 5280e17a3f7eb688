"""Tables of campaigns: plans and their versions, quests, supports, participants and wake-ups.

Private to the package. Rules that must hold under a stampede are constraints here, never a check
before an insert: one help per slot, one referrer, one quest per person and number.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from banyan.campaigns.act_models import QuestAct, QuestPass
from banyan.campaigns.draw_models import Draw, DrawSeed
from banyan.campaigns.fact_models import QuestFact
from banyan.campaigns.move_models import QuestMove
from banyan.campaigns.packet_models import PacketSeed
from banyan.campaigns.signature_models import ReviewSignature
from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

CAMPAIGN_STATES = ("draft", "published", "live", "paused", "ended", "settled")
QUEST_STATES = ("open", "won", "lost")

ELSEWHERE = (
    *(QuestAct, QuestPass, Draw, DrawSeed, QuestFact, QuestMove),
    *(PacketSeed, ReviewSignature),
)
"""The tables of this package that have files of their own."""

Moment = DateTime(timezone=True)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(map(repr, values))})"


class Campaign(WorkspaceRow, Base):
    """A plan. `version` is the newest edit, `live_version` the one participants play under.

    Whoever changes `state`, `live_version` or the period updates this row; a support reads it
    `for share` in its own transaction, so nothing counts after a pause has been answered.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        CheckConstraint(_one_of("state", CAMPAIGN_STATES), name="state"),
        CheckConstraint(
            "state in ('draft') or live_version is not null", name="published_has_version"
        ),
        CheckConstraint("starts_at is null or starts_at < ends_at", name="period"),
        Index("ix_campaigns_state", "workspace_id", "state"),
        Index(
            "ix_campaigns_due",
            "ends_at",
            postgresql_where=text("state in ('published', 'live', 'paused')"),
        ),
    )

    name: Mapped[str] = mapped_column(Text)
    play_key: Mapped[str] = mapped_column(Text)
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The newest edit; participants play the one in `campaign_versions`."""
    state: Mapped[str] = mapped_column(Text, server_default="draft", default="draft")
    version: Mapped[int] = mapped_column(default=1)
    live_version: Mapped[int | None]
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    """None: from the moment it is published."""
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    template_key: Mapped[str | None] = mapped_column(Text)
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    verdict_severity: Mapped[str | None] = mapped_column(Text)
    ruleset_version: Mapped[str | None] = mapped_column(Text)
    rules_hash: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    live_at: Mapped[datetime | None] = mapped_column(Moment)
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    pause_reason: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class CampaignVersion(Base):
    """A definition as it was published: append-only, so a quest can be replayed to the letter."""

    __tablename__ = "campaign_versions"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "campaign_id", "version"),
        ForeignKeyConstraint(
            ["workspace_id", "campaign_id"],
            ["campaigns.workspace_id", "campaigns.id"],
        ),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    version: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    verdict: Mapped[dict[str, Any]] = mapped_column(JSONB)
    ruleset_version: Mapped[str] = mapped_column(Text)
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The public rule text, `{"zh": [...], "en": [...]}`."""
    rules_hash: Mapped[str] = mapped_column(Text)
    """Of that text: what was shown is what is executed."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(Text)


class Quest(WorkspaceRow, Base):
    """One person's attempt. The row is locked whenever a fact reaches its play."""

    __tablename__ = "quests"
    __table_args__ = (
        CheckConstraint(_one_of("state", QUEST_STATES), name="state"),
        CheckConstraint("(state = 'open') = (decided_at is null)", name="decided"),
        CheckConstraint("have >= 0 and (need is null or need > 0)", name="have"),
        UniqueConstraint("workspace_id", "campaign_id", "owner_id", "nth"),
        ForeignKeyConstraint(
            ["workspace_id", "campaign_id", "version"],
            [
                "campaign_versions.workspace_id",
                "campaign_versions.campaign_id",
                "campaign_versions.version",
            ],
        ),
        # Whom somebody brought, over all their campaigns.
        Index("ix_quests_owner_id", "workspace_id", "owner_id"),
        # Progress changes with every support: room on the page lets the change stay there (HOT).
        {"postgresql_with": {"fillfactor": "60"}},
    )

    campaign_id: Mapped[UUID]
    version: Mapped[int]
    """The definition this quest is played under, to its end."""
    owner_id: Mapped[UUID]
    """The person whose quest it is."""
    nth: Mapped[int] = mapped_column(SmallInteger, default=1)
    state: Mapped[str] = mapped_column(Text, default="open")
    progress: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the play remembers; only the play reads it."""
    facts: Mapped[int] = mapped_column(server_default="0", default=0)
    """How many facts of it are kept in `quest_facts`."""
    have: Mapped[int] = mapped_column(default=0)
    need: Mapped[int | None]
    channel: Mapped[str] = mapped_column(Text, default="other")
    share_code: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class Support(Base):
    """One person's help for one quest, counted or not, with the reason; never changed.

    A repeat finds this row and is answered from it, so it holds the whole answer.
    """

    __tablename__ = "supports"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "quest_id", "supporter_id"),
        CheckConstraint("counted = (reason is null)", name="reason"),
        CheckConstraint("counted = (slot is not null)", name="slot"),
        CheckConstraint("not counted or supporter_id <> owner_id", name="own_quest"),
        # The help a person has to give in a campaign: slot 1 … helps_per_person, each once.
        Index(
            "uq_supports_slot",
            "workspace_id",
            "campaign_id",
            "supporter_id",
            "slot",
            unique=True,
            postgresql_where=text("counted"),
        ),
        ForeignKeyConstraint(["workspace_id", "quest_id"], ["quests.workspace_id", "quests.id"]),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    quest_id: Mapped[UUID]
    supporter_id: Mapped[UUID]
    id: Mapped[UUID]
    """The cause that grants name."""
    campaign_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    counted: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    slot: Mapped[int | None] = mapped_column(SmallInteger)
    is_new_person: Mapped[bool]
    link_code: Mapped[str | None] = mapped_column(Text)
    request_key: Mapped[str | None] = mapped_column(Text)
    """The Idempotency-Key it was asked with."""
    have_after: Mapped[int]
    state_after: Mapped[str] = mapped_column(Text)
    supported_at: Mapped[datetime] = mapped_column(Moment)


class Participant(Base):
    """A person in a campaign, with who brought them: set once, never changed (a trigger refuses)."""

    __tablename__ = "participants"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "campaign_id", "person_id"),
        CheckConstraint("referrer_id <> person_id", name="not_own_referrer"),
        CheckConstraint("(referrer_id is null) = (generation = 0)", name="generation"),
        ForeignKeyConstraint(
            ["workspace_id", "campaign_id"], ["campaigns.workspace_id", "campaigns.id"]
        ),
    )

    workspace_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    person_id: Mapped[UUID]
    nth: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    """The order of joining, for cursors."""
    referrer_id: Mapped[UUID | None]
    quest_id: Mapped[UUID | None]
    """The quest through which they came."""
    generation: Mapped[int]
    channel: Mapped[str] = mapped_column(Text)
    is_new_person: Mapped[bool]
    joined_at: Mapped[datetime] = mapped_column(Moment)


class Wake(Base):
    """A moment at which a quest's play wants to hear that time has passed."""

    __tablename__ = "wakes"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "quest_id", "due_at"),
        Index("ix_wakes_due_at", "due_at"),
        ForeignKeyConstraint(["workspace_id", "quest_id"], ["quests.workspace_id", "quests.id"]),
    )

    workspace_id: Mapped[UUID]
    quest_id: Mapped[UUID]
    due_at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())


QUEST_ORDER_STATES = ("reserved", "paid", "confirmed", "returning", "released", "refunded")


class QuestOrder(Base):
    """An order placed through a quest, and how far its campaign has come with it.

    reserved → paid → confirmed (it may be delivered); or released (not paid in time); or returning
    → refunded (everything goes back). A late payment may move it to another quest, as paid. The
    order itself is the store's.
    """

    __tablename__ = "quest_orders"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "order_id"),
        CheckConstraint(_one_of("state", QUEST_ORDER_STATES), name="state"),
        CheckConstraint("quantity > 0 and price_minor > 0", name="amounts"),
        # A person is in at most one team at a time, whichever of its pages they came by.
        Index(
            "uq_quest_orders_one_at_a_time",
            "workspace_id",
            "campaign_id",
            "person_id",
            unique=True,
            postgresql_where=text("one_at_a_time and state in ('reserved', 'paid')"),
        ),
        # What is for newcomers a person orders once, in whichever campaign; unpaid, it is free again.
        Index(
            "uq_quest_orders_newcomer",
            "workspace_id",
            "person_id",
            unique=True,
            postgresql_where=text("is_for_newcomers and state <> 'released'"),
        ),
        Index("ix_quest_orders_quest_id", "workspace_id", "quest_id", "order_id"),
        Index("ix_quest_orders_campaign_id", "workspace_id", "campaign_id", "order_id"),
        ForeignKeyConstraint(["workspace_id", "quest_id"], ["quests.workspace_id", "quests.id"]),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    workspace_id: Mapped[UUID]
    order_id: Mapped[UUID]
    quest_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    person_id: Mapped[UUID]
    good_key: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int] = mapped_column(SmallInteger)
    price_minor: Mapped[int] = mapped_column(BigInteger)
    """What one piece was sold for."""
    one_at_a_time: Mapped[bool]
    is_for_newcomers: Mapped[bool] = mapped_column(server_default="false", default=False)
    may_move: Mapped[bool] = mapped_column(server_default="false", default=False)
    """Whether its buyer agreed to another quest of the same terms, should the payment be too late."""
    state: Mapped[str] = mapped_column(Text)
    reserved_at: Mapped[datetime] = mapped_column(Moment)


class QuestSeat(Base):
    """A right to buy that an order has taken: seat 1 … `seats` of its quest, each once."""

    __tablename__ = "quest_seats"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "quest_id", "seat"),
        CheckConstraint("seat between 1 and seats", name="seat"),
        Index("ix_quest_seats_order_id", "workspace_id", "order_id"),
        ForeignKeyConstraint(
            ["workspace_id", "order_id"], ["quest_orders.workspace_id", "quest_orders.order_id"]
        ),
    )

    workspace_id: Mapped[UUID]
    quest_id: Mapped[UUID]
    seat: Mapped[int] = mapped_column(SmallInteger)
    seats: Mapped[int] = mapped_column(SmallInteger)
    order_id: Mapped[UUID]


class QuestOrderFact(Base):
    """A step of an order that a quest has been told of: each once, whoever repeats it."""

    __tablename__ = "quest_order_facts"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "order_id", "quest_id", "step", "cause_id"),
        CheckConstraint("step in ('paid', 'closed', 'late', 'refunded', 'delivered')", name="step"),
        ForeignKeyConstraint(["workspace_id", "quest_id"], ["quests.workspace_id", "quests.id"]),
        {"info": {"append_only": True}},
    )

    workspace_id: Mapped[UUID]
    order_id: Mapped[UUID]
    quest_id: Mapped[UUID]
    step: Mapped[str] = mapped_column(Text)
    cause_id: Mapped[UUID]
    """The order, the payment that came too late, or the refund that is done."""
    told_at: Mapped[datetime] = mapped_column(Moment)


for _kept, _columns in (
    (CampaignVersion.__table__, ()),
    (Support.__table__, ()),
    (QuestOrderFact.__table__, ()),
    (Participant.__table__, ("campaign_id", "referrer_id", "quest_id", "generation", "joined_at")),
):
    keep_as_written(_kept, *_columns)
