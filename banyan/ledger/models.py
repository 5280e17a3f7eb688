"""Tables of the ledger: accounts with their balances, and transfers that never change."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banyan.kernel.db import Base, WorkspaceRow
from banyan.kernel.guards import keep_as_written

Moment = DateTime(timezone=True)


class AccountRow(WorkspaceRow, Base):
    """A holder of one unit. `id` is derived from workspace and `key`: nobody looks it up.

    The balance is what transfers have made it. The check is the second assertion behind the code's
    own: an account that may not go negative cannot, whoever writes the row.
    """

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        CheckConstraint(
            "may_go_negative or balance_minor - pending_minor >= 0", name="no_overdraft"
        ),
        CheckConstraint("pending_minor >= 0", name="pending"),
        # A balance changes with every transfer: room on the page lets the change stay there (HOT).
        {"postgresql_with": {"fillfactor": "20"}},
    )

    key: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    balance_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    pending_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Held for transfers that are not posted yet; not free to spend."""
    may_go_negative: Mapped[bool] = mapped_column(server_default="false")
    opened_at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())


class TransferRow(WorkspaceRow, Base):
    """A movement of `amount_minor` from `debit_id` to `credit_id`.

    `posted` moves at once. `pending` holds; one row of phase `post` (up to the amount held) or
    `void` resolves it, once. A correction is a new transfer.

    The two accounts are not foreign keys: the accounts are locked and their units compared by the
    transaction that inserts the row, nobody may delete one, and a key checked row by row would
    double the cost of a transfer. Invariant I-L6 looks at all of them.
    """

    __tablename__ = "ledger_transfers"
    __table_args__ = (
        CheckConstraint("phase in ('posted', 'pending', 'post', 'void')", name="phase"),
        CheckConstraint("(phase in ('post', 'void')) = (resolves_id is not null)", name="resolves"),
        CheckConstraint("amount_minor > 0 or phase = 'void'", name="amount"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
        Index(
            "uq_ledger_transfers_resolves",
            "workspace_id",
            "resolves_id",
            unique=True,
            postgresql_where=text("resolves_id is not null"),
        ),
        Index("ix_ledger_transfers_debit", "workspace_id", "debit_id", "position"),
        Index("ix_ledger_transfers_credit", "workspace_id", "credit_id", "position"),
        {"info": {"append_only": True}},
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    phase: Mapped[str] = mapped_column(Text)
    debit_id: Mapped[UUID]
    credit_id: Mapped[UUID]
    unit: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    resolves_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(Text)
    cause: Mapped[UUID | None]
    """What made it necessary: a grant, a campaign, an order."""
    moved_at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment, server_default=func.clock_timestamp())


for _kept, _columns in (
    (AccountRow.__table__, ("workspace_id", "id", "key", "unit", "may_go_negative")),
    (TransferRow.__table__, ()),
):
    keep_as_written(_kept, *_columns)
