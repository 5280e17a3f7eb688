"""Tables of rewards: offers, the budget envelope of a campaign, and grants."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class OfferRow(WorkspaceRow, Base):
    """What a campaign may give. How many are left is an account of the ledger."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("workspace_id", "campaign_id", "key"),
        CheckConstraint(
            "kind in ('coupon', 'points', 'cash', 'gift', 'level', 'content')", name="kind"
        ),
        CheckConstraint(
            "value_minor >= 0 and cost_minor >= 0 and points >= 0 and valid_days > 0",
            name="amounts",
        ),
        CheckConstraint("kind <> 'points' or points > 0", name="points"),
        CheckConstraint("quantity >= 0 and per_person > 0", name="limits"),
        # Cash costs exactly what it is worth: a budget in money pays it out as money.
        CheckConstraint("kind <> 'cash' or cost_minor = value_minor", name="cash"),
        CheckConstraint("kind <> 'level' or level_key is not null", name="level"),
        CheckConstraint("from_minor >= 0 and off_bps between 0 and 10000", name="coupon"),
    )

    campaign_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    value_minor: Mapped[int] = mapped_column(BigInteger)
    points: Mapped[int] = mapped_column(BigInteger)
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    """What one giving takes from the budget."""
    quantity: Mapped[int | None] = mapped_column(BigInteger)
    """How many there are in all; None: as many as the budget pays for."""
    per_person: Mapped[int | None] = mapped_column(SmallInteger)
    valid_days: Mapped[int]
    terms_zh: Mapped[str] = mapped_column(Text)
    terms_en: Mapped[str] = mapped_column(Text)
    off_bps: Mapped[int] = mapped_column(server_default="0")
    """A coupon's share off, in hundredths of a percent, `value_minor` at most; 0: an amount off."""
    from_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The least that the goods a coupon is for must come to."""
    product_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    category_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    """The goods a coupon is for; neither: all of them."""
    stacks: Mapped[bool] = mapped_column(server_default="false")
    """Whether a coupon may be used beside others that may."""
    level_key: Mapped[str | None] = mapped_column(Text)
    """The membership level that is given."""
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What is opened: title, text and address."""


class BudgetRow(Base):
    """The envelope of a campaign. The money itself is in the ledger."""

    __tablename__ = "reward_budgets"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "campaign_id"),
        CheckConstraint("total_minor >= 0 and per_day_minor > 0", name="amounts"),
        CheckConstraint("warn_at_bps between 1 and 10000", name="warn_at_bps"),
    )

    workspace_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str] = mapped_column(Text)
    """Whose midnight opens a new day."""
    total_minor: Mapped[int] = mapped_column(BigInteger)
    per_day_minor: Mapped[int | None] = mapped_column(BigInteger)
    warn_at_bps: Mapped[int]
    day: Mapped[date | None] = mapped_column(Date)
    """The day whose account is open."""
    day_funded_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    warned_at: Mapped[datetime | None] = mapped_column(Moment)
    spent_at: Mapped[datetime | None] = mapped_column(Moment)
    returned_at: Mapped[datetime | None] = mapped_column(Moment)
    plan_id: Mapped[UUID | None]
    """The plan that funds it; None: the merchant."""
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """The channels that have a cap of their own."""


class GrantRow(WorkspaceRow, Base):
    """One giving of one offer to one person, for one cause, by one rule: never twice.

    `offer_id` is no foreign key for the same reason as in the ledger: invariant I-G0 looks.
    """

    __tablename__ = "grants"
    __table_args__ = (
        # The person comes before the rule, so the same index answers "what did they get here".
        UniqueConstraint(
            "workspace_id", "campaign_id", "beneficiary_id", "rule", "cause", name="uq_grants_cause"
        ),
        Index(
            "uq_grants_slot",
            "workspace_id",
            "offer_id",
            "beneficiary_id",
            "slot",
            unique=True,
            postgresql_where=text("slot is not null"),
        ),
        Index(
            "uq_grants_code",
            "workspace_id",
            "code",
            unique=True,
            postgresql_where=text("code is not null"),
        ),
        CheckConstraint(
            "state in ('pending', 'vested', 'paid', 'expired', 'cancelled', 'clawed_back')",
            name="state",
        ),
        CheckConstraint("state not in ('vested', 'paid') or vested_at is not null", name="vested"),
        CheckConstraint(
            "(state in ('cancelled', 'clawed_back')) = (reversed_at is not null)", name="reversed"
        ),
        CheckConstraint(
            "reversed_minor between 0 and cost_minor"
            " and (reversed_at is null or reversed_minor = cost_minor)",
            name="reversed_minor",
        ),
        # A share of a packet is its own record: both have the same id.
        CheckConstraint("evidence is not null or rule = 'packet'", name="evidence"),
        CheckConstraint("(quest_id is null) = (fact_nth is null)", name="fact"),
        Index(
            "ix_grants_held",
            "held_until",
            "workspace_id",
            postgresql_where=text("state = 'pending' and held_until is not null"),
        ),
        # Nearly free to keep, and the sweep of what is over need not read what is not.
        Index("ix_grants_expires_at", "expires_at", postgresql_using="brin"),
        # What one person holds over all campaigns: the wallet.
        Index("ix_grants_person", "workspace_id", "beneficiary_id", "id"),
        # A claw-back changes the row on its page.
        {"postgresql_with": {"fillfactor": "90"}},
    )

    campaign_id: Mapped[UUID]
    beneficiary_id: Mapped[UUID]
    rule: Mapped[str] = mapped_column(Text)
    rule_version: Mapped[int]
    """The version of the definition by which it was earned."""
    cause: Mapped[UUID]
    evidence: Mapped[UUID | None]
    """The record that earned it: a support, an act, an order, a refund, the quest itself."""
    quest_id: Mapped[UUID | None]
    """The quest that earned it; None: no quest did, as with a share of a packet or a coupon's part."""
    fact_nth: Mapped[int | None]
    """Which of the quest's kept facts asked for it: those up to here are all that earned it."""
    offer_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    value_minor: Mapped[int] = mapped_column(BigInteger)
    points: Mapped[int] = mapped_column(BigInteger)
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    slot: Mapped[int | None] = mapped_column(SmallInteger)
    """Which of the offer's `per_person` this is; None without such a limit, or when reversed."""
    code: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    reason_zh: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime] = mapped_column(Moment)
    vested_at: Mapped[datetime | None] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    reversed_at: Mapped[datetime | None] = mapped_column(Moment)
    reverse_reason: Mapped[str | None] = mapped_column(Text)
    reversed_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """How much of its cost was taken back so far: a part of it while it stands, or all."""
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    """When a pending grant vests; None until that is known."""
    channel: Mapped[str | None] = mapped_column(Text)
    """The channel whose cap it counted against."""


STATE_GUARD = (
    """
create or replace function banyan_grant_state() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state, new.state) not in (
    ('pending', 'vested'), ('pending', 'cancelled'), ('vested', 'paid'),
    ('vested', 'clawed_back'), ('paid', 'clawed_back'), ('vested', 'expired'),
    ('expired', 'clawed_back'))
  then
    raise exception 'a grant does not go from % to %', old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$
""",
    """
create or replace trigger state before update of state on grants
for each row execute function banyan_grant_state()
""",
)

# What was given, to whom and why is kept; only the state may move on.
keep_as_written(
    GrantRow.__table__,
    *("workspace_id", "id", "campaign_id", "beneficiary_id", "rule", "rule_version", "cause"),
    *(
        "evidence",
        "quest_id",
        "fact_nth",
        "offer_id",
        "value_minor",
        "points",
        "cost_minor",
        "code",
        "granted_at",
        "channel",
    ),
    more=STATE_GUARD,
)
