"""Keep what could not be returned, and money given by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEPT = (
    "workspace_id, id, order_id, nth, sku_id, product_id, product_name, attributes, {more}"
    "quantity, unit_price_minor, discount_minor, payable_minor"
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.add_column("order_lines", sa.Column("no_return", sa.Text(), nullable=True))
    op.add_column("refunds", sa.Column("by_hand", sa.Text(), nullable=True))
    guard_lines("no_return, ")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    guard_lines("")
    op.drop_column("refunds", "by_hand")
    op.drop_column("order_lines", "no_return")


def guard_lines(more: str) -> None:
    """Refuse changes of what a line was ordered as."""
    op.execute(
        f"create or replace trigger kept before update of {KEPT.format(more=more)} or delete"
        ' on "order_lines" for each row execute function banyan_refuse_change()'
    )
