"""Make the job queue."""

from alembic import op

from banyan.kernel.jobs import install_statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    # The queue's own library knows its tables; every statement may be repeated.
    for statement in install_statements():
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop table pgqueuer, pgqueuer_log, pgqueuer_schedules, pgqueuer_statistics")
    op.execute("drop function fn_pgqueuer_changed()")
    op.execute("drop type pgqueuer_status")
