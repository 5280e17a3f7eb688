"""Keep who is led where by version."""

import sqlalchemy as sa
from alembic import op

from banyan.migrations.every_row import every_row

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PRIMARY = "pk_pathway_branches"
LINES = """
insert into pathway_lines
  (workspace_id, pathway_id, version, nth, segment, level_key, campaign_id, made_at)
select b.workspace_id, b.pathway_id, 1, b.nth, b.segment, b.level_key, b.campaign_id, p.made_at
from pathway_branches b
join pathways p on p.workspace_id = b.workspace_id and p.id = b.pathway_id
"""
# Before there were versions a pathway had no campaigns but those of its lines.
WITHOUT_LINE = """
delete from pathway_branches b where not exists (
  select from newest_lines l where l.workspace_id = b.workspace_id
    and l.pathway_id = b.pathway_id and l.campaign_id = b.campaign_id)
"""
FROM_LINES = """
update pathway_branches b set nth = l.nth, segment = l.segment, level_key = l.level_key
from newest_lines l
where l.workspace_id = b.workspace_id and l.pathway_id = b.pathway_id
  and l.campaign_id = b.campaign_id
"""
NEWEST = """
create temporary table newest_lines on commit drop as
select l.* from pathway_lines l where l.version = (
  select max(o.version) from pathway_lines o
  where o.workspace_id = l.workspace_id and o.pathway_id = l.pathway_id)
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_constraint(PRIMARY, "pathway_branches")
    op.create_primary_key(
        PRIMARY, "pathway_branches", ["workspace_id", "pathway_id", "campaign_id"]
    )
    op.create_table(
        "pathway_lines",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("pathway_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("level_key", sa.Text(), nullable=True),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(segment = 'level') = (level_key is not null)", name=op.f("ck_pathway_lines_level")
        ),
        sa.CheckConstraint(
            "segment in ('seed', 'level', 'bought', 'everybody')",
            name=op.f("ck_pathway_lines_segment"),
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_pathway_lines_version")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "pathway_id", "campaign_id"],
            [
                "pathway_branches.workspace_id",
                "pathway_branches.pathway_id",
                "pathway_branches.campaign_id",
            ],
            name=op.f("fk_pathway_lines_workspace_id_pathway_id_campaign_id"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "pathway_id", "version", "nth", name=op.f("pk_pathway_lines")
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "pathway_id",
            "version",
            "campaign_id",
            name=op.f("uq_pathway_lines_workspace_id_pathway_id_version_campaign_id"),
        ),
        info={"append_only": True},
    )
    op.execute('alter table "pathway_lines" enable row level security')
    op.execute('alter table "pathway_lines" force row level security')
    op.execute(
        "create policy workspace on \"pathway_lines\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert on "pathway_lines" to banyan_app')
    op.execute('grant select on "pathway_lines" to banyan_relay')
    with every_row("pathways", "pathway_branches", "pathway_lines"):
        op.execute(LINES)
    for column in ("nth", "level_key", "segment"):
        op.drop_column("pathway_branches", column)


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for column, kind in (
        ("nth", sa.SmallInteger()),
        ("segment", sa.Text()),
        ("level_key", sa.Text()),
    ):
        op.add_column("pathway_branches", sa.Column(column, kind))
    with every_row("pathway_lines"):
        op.execute(NEWEST)
    op.drop_table("pathway_lines")
    with every_row("pathway_branches"):
        op.execute(WITHOUT_LINE)
        op.execute(FROM_LINES)
    op.alter_column("pathway_branches", "nth", nullable=False)
    op.alter_column("pathway_branches", "segment", nullable=False)
    op.drop_constraint(PRIMARY, "pathway_branches")
    op.create_primary_key(PRIMARY, "pathway_branches", ["workspace_id", "pathway_id", "nth"])
    for name, wanted in (
        ("level", "(segment = 'level') = (level_key is not null)"),
        ("segment", "segment in ('seed', 'level', 'bought', 'everybody')"),
    ):
        op.create_check_constraint(op.f(f"ck_pathway_branches_{name}"), "pathway_branches", wanted)
