"""Add moves, paths, invitations, signed reviews, credits and what earned a grant."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from banyan.migrations.every_row import every_row

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# The words of the function by then; the models have it as of today.
ORDER_STATES = """
create or replace function banyan_order_state() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state, new.state) not in (('closed', 'paid'), ('delivered', 'completed'), ('paid', 'completed'), ('paid', 'delivered'), ('paid', 'part_shipped'), ('paid', 'shipped'), ('part_shipped', 'shipped'), ('placed', 'closed'), ('placed', 'paid'), ('shipped', 'delivered'))
  then
    raise exception 'an order does not go from % to %', old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$
"""
ORDER_STATES_BEFORE = """
create or replace function banyan_order_state() returns trigger language plpgsql as $$
begin
  if old.state <> new.state and (old.state, new.state) not in (('delivered', 'completed'), ('paid', 'completed'), ('paid', 'delivered'), ('paid', 'part_shipped'), ('paid', 'shipped'), ('part_shipped', 'shipped'), ('placed', 'closed'), ('placed', 'paid'), ('shipped', 'delivered'))
  then
    raise exception 'an order does not go from % to %', old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$
"""
CHECKS = (
    ("grants", "evidence", "evidence is not null or rule = 'packet'", None),
    ("grants", "fact", "(quest_id is null) = (fact_nth is null)", None),
    (
        "level_moves",
        "why",
        "why in ('spent', 'people', 'points', 'granted', 'kept', 'lapsed', 'refunded', 'grant_over', 'removed', 'ladder_changed')",
        "why in ('spent', 'people', 'points', 'granted', 'kept', 'lapsed', 'grant_over', 'removed', 'ladder_changed')",
    ),
    (
        "outbox_messages",
        "state",
        "state in ('queued', 'sent', 'failed', 'stopped')",
        "state in ('queued', 'sent', 'failed')",
    ),
    (
        "payout_days",
        "count_cap",
        "count >= 0 and (most_count is null or count <= most_count)",
        None,
    ),
    (
        "payout_terms",
        "amounts",
        "least_minor > 0 and per_person_day_minor >= 0 and per_day_minor >= 0 and approve_above_minor >= 0 and per_person_day_count > 0 and day_quota_minor >= 0",
        "least_minor > 0 and per_person_day_minor >= 0 and per_day_minor >= 0 and approve_above_minor >= 0",
    ),
    (
        "payouts",
        "approved",
        "state in ('created', 'rejected') or (approved_by is not null)::int + (seconded_by is not null)::int >= approvals_needed",
        "not needs_approval or state in ('created', 'rejected') or approved_by is not null",
    ),
    (
        "payouts",
        "four_eyes",
        "(approved_by is null or approved_by <> created_by) and (seconded_by is null or (approved_by is not null and seconded_by <> approved_by and seconded_by <> created_by))",
        "approved_by is null or approved_by <> created_by",
    ),
    (
        "payouts",
        "another_hand",
        "not needs_approval or recorded_by is null or recorded_by is distinct from approved_by",
        None,
    ),
    (
        "payouts",
        "members",
        "approvals_needed between 0 and 2 and (approvals_needed < 2 or ((approved_by is null or starts_with(approved_by, 'member:')) and (seconded_by is null or starts_with(seconded_by, 'member:'))))",
        None,
    ),
    (
        "quest_order_facts",
        "step",
        "step in ('paid', 'closed', 'late', 'refunded', 'delivered')",
        "step in ('paid', 'closed', 'refunded', 'delivered')",
    ),
)
"""Table, name, what it says from now on, what it said before (None: it was not there)."""
KEPT = (
    (
        "grants",
        "workspace_id, id, campaign_id, beneficiary_id, rule, rule_version, cause, evidence, quest_id, fact_nth, offer_id, value_minor, points, cost_minor, code, granted_at, channel",
        "workspace_id, id, campaign_id, beneficiary_id, rule, rule_version, cause, evidence, offer_id, value_minor, points, cost_minor, code, granted_at, channel",
    ),
    (
        "order_lines",
        "workspace_id, id, order_id, nth, sku_id, product_id, category_id, product_name, attributes, no_return, quantity, unit_price_minor, discount_minor, payable_minor",
        "workspace_id, id, order_id, nth, sku_id, product_id, product_name, attributes, no_return, quantity, unit_price_minor, discount_minor, payable_minor",
    ),
    (
        "payouts",
        "workspace_id, id, person_id, method, currency, amount_minor, payee_encrypted, request_number, scene, needs_approval, approvals_needed, created_by, day, created_at",
        "workspace_id, id, person_id, method, currency, amount_minor, payee_encrypted, request_number, needs_approval, created_by, day, created_at",
    ),
)
"""Table, the columns that are kept as written from now on, and those before."""
KEEP = """
create or replace trigger kept before update of {columns} or delete on {table}
for each row execute function banyan_refuse_change()
"""
FILLED = (
    # What was granted before says by its cause what earned it.
    "alter table grants disable trigger kept",
    "update grants set evidence = cause where evidence is null and rule <> 'packet'",
    """
    update grants g set quest_id = f.quest_id, fact_nth = f.nth
    from (
      select distinct on (workspace_id, quest_id, told_at) workspace_id, quest_id, told_at, nth
      from quest_facts order by workspace_id, quest_id, told_at, nth desc
    ) f
    join quests q on q.workspace_id = f.workspace_id and q.id = f.quest_id
    where g.workspace_id = f.workspace_id and g.campaign_id = q.campaign_id
      and g.evidence = f.quest_id and g.granted_at = f.told_at
    """,
    """
    update grants g set quest_id = f.quest_id, fact_nth = f.nth
    from supports s
    join quest_facts f on f.workspace_id = s.workspace_id and f.quest_id = s.quest_id
      and f.fact ->> 'type' = 'supported' and f.fact ->> 'by' = s.supporter_id::text
    where g.quest_id is null and s.workspace_id = g.workspace_id and s.id = g.evidence
      and s.counted and f.told_at = g.granted_at
    """,
    "alter table grants enable trigger kept",
    "update payouts set approvals_needed = needs_approval::int",
    """
    update payout_days d set count = (
      select count(*) from payouts p
      where p.workspace_id = d.workspace_id and p.day = d.day and p.currency = d.currency
        and d.holder in (p.person_id, p.workspace_id) and p.state not in ('failed', 'rejected')
    )
    """,
    # All that was taken so far was granted when it was taken.
    """
    insert into packet_credits (workspace_id, packet_id, campaign_id, credited, is_done)
    select workspace_id, id, campaign_id, taken, closed_at is not null from red_packets
    """,
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "packet_credits",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("packet_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("credited", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("credited >= 0", name=op.f("ck_packet_credits_credited")),
        sa.PrimaryKeyConstraint("workspace_id", "packet_id", name=op.f("pk_packet_credits")),
        sa.UniqueConstraint(
            "workspace_id", "campaign_id", name=op.f("uq_packet_credits_workspace_id_campaign_id")
        ),
        postgresql_with={"fillfactor": "30"},
    )
    op.execute('alter table "packet_credits" enable row level security')
    op.execute('alter table "packet_credits" force row level security')
    op.execute(
        "create policy workspace on \"packet_credits\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert, update, delete on "packet_credits" to banyan_app')
    op.execute('grant select on "packet_credits" to banyan_relay')
    op.create_index(
        "ix_packet_credits_waiting",
        "packet_credits",
        ["packet_id"],
        unique=False,
        postgresql_where=sa.text("not is_done"),
    )
    op.create_table(
        "packet_seeds",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(seed) = 32", name=op.f("ck_packet_seeds_seed")),
        sa.PrimaryKeyConstraint("workspace_id", "campaign_id", name=op.f("pk_packet_seeds")),
        info={"append_only": True, "kept_columns": (), "more_guards": (), "may_delete": False},
    )
    op.execute('alter table "packet_seeds" enable row level security')
    op.execute('alter table "packet_seeds" force row level security')
    op.execute(
        "create policy workspace on \"packet_seeds\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert on "packet_seeds" to banyan_app')
    op.execute('grant select on "packet_seeds" to banyan_relay')
    op.execute(
        "create or replace function banyan_refuse_change() returns trigger language plpgsql as $$\nbegin\n  raise exception '% on % is refused: its rows are kept as they were written', tg_op, tg_table_name\n    using errcode = 'integrity_constraint_violation';\nend $$"
    )
    op.execute(
        'create or replace trigger kept before update or delete on "packet_seeds" for each row execute function banyan_refuse_change()'
    )
    op.create_table(
        "pathways",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_pathways")),
        sa.UniqueConstraint("workspace_id", "code", name=op.f("uq_pathways_workspace_id_code")),
    )
    op.execute('alter table "pathways" enable row level security')
    op.execute('alter table "pathways" force row level security')
    op.execute(
        "create policy workspace on \"pathways\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert, update, delete on "pathways" to banyan_app')
    op.execute('grant select on "pathways" to banyan_relay')
    op.create_table(
        "seed_rules",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "orders > 0 and people > 0 and points > 0", name=op.f("ck_seed_rules_least")
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_seed_rules")),
    )
    op.execute('alter table "seed_rules" enable row level security')
    op.execute('alter table "seed_rules" force row level security')
    op.execute(
        "create policy workspace on \"seed_rules\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert, update, delete on "seed_rules" to banyan_app')
    op.execute('grant select on "seed_rules" to banyan_relay')
    op.create_table(
        "invitations",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('birthday', 'seed')", name=op.f("ck_invitations_kind")),
        sa.CheckConstraint("nth between 1 and 4", name=op.f("ck_invitations_nth")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "campaign_id"],
            ["campaigns.workspace_id", "campaigns.id"],
            name=op.f("fk_invitations_workspace_id_campaign_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["persons.workspace_id", "persons.id"],
            name=op.f("fk_invitations_workspace_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_invitations")),
        sa.UniqueConstraint(
            "workspace_id",
            "campaign_id",
            "person_id",
            "occasion",
            name=op.f("uq_invitations_workspace_id_campaign_id_person_id_occasion"),
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "person_id",
            "day",
            name=op.f("uq_invitations_workspace_id_person_id_day"),
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "person_id",
            "month",
            "nth",
            name=op.f("uq_invitations_workspace_id_person_id_month_nth"),
        ),
        info={"append_only": True},
    )
    op.execute('alter table "invitations" enable row level security')
    op.execute('alter table "invitations" force row level security')
    op.execute(
        "create policy workspace on \"invitations\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert on "invitations" to banyan_app')
    op.execute('grant select on "invitations" to banyan_relay')
    op.create_table(
        "outreach_links",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('birthday', 'seed')", name=op.f("ck_outreach_links_kind")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "campaign_id"],
            ["campaigns.workspace_id", "campaigns.id"],
            name=op.f("fk_outreach_links_workspace_id_campaign_id"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "campaign_id", "kind", name=op.f("pk_outreach_links")
        ),
        info={"append_only": True},
    )
    op.execute('alter table "outreach_links" enable row level security')
    op.execute('alter table "outreach_links" force row level security')
    op.execute(
        "create policy workspace on \"outreach_links\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert on "outreach_links" to banyan_app')
    op.execute('grant select on "outreach_links" to banyan_relay')
    op.create_table(
        "pathway_branches",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("pathway_id", sa.Uuid(), nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("level_key", sa.Text(), nullable=True),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(segment = 'level') = (level_key is not null)", name=op.f("ck_pathway_branches_level")
        ),
        sa.CheckConstraint(
            "segment in ('seed', 'level', 'bought', 'everybody')",
            name=op.f("ck_pathway_branches_segment"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "campaign_id"],
            ["campaigns.workspace_id", "campaigns.id"],
            name=op.f("fk_pathway_branches_workspace_id_campaign_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "pathway_id"],
            ["pathways.workspace_id", "pathways.id"],
            name=op.f("fk_pathway_branches_workspace_id_pathway_id"),
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "pathway_id", "nth", name=op.f("pk_pathway_branches")
        ),
        sa.UniqueConstraint(
            "workspace_id", "campaign_id", name=op.f("uq_pathway_branches_workspace_id_campaign_id")
        ),
        info={"append_only": True},
    )
    op.execute('alter table "pathway_branches" enable row level security')
    op.execute('alter table "pathway_branches" force row level security')
    op.execute(
        "create policy workspace on \"pathway_branches\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert on "pathway_branches" to banyan_app')
    op.execute('grant select on "pathway_branches" to banyan_relay')
    op.create_table(
        "review_signatures",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ruleset_version", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "starts_with(signed_by, 'member:')", name=op.f("ck_review_signatures_member")
        ),
        sa.CheckConstraint("expires_at > signed_at", name=op.f("ck_review_signatures_expires")),
        sa.CheckConstraint("length(btrim(reason)) > 0", name=op.f("ck_review_signatures_reason")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "campaign_id"],
            ["campaigns.workspace_id", "campaigns.id"],
            name=op.f("fk_review_signatures_workspace_id_campaign_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_review_signatures")),
        info={"append_only": True, "kept_columns": (), "more_guards": (), "may_delete": False},
    )
    op.execute('alter table "review_signatures" enable row level security')
    op.execute('alter table "review_signatures" force row level security')
    op.execute(
        "create policy workspace on \"review_signatures\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert on "review_signatures" to banyan_app')
    op.execute('grant select on "review_signatures" to banyan_relay')
    op.execute(
        "create or replace function banyan_refuse_change() returns trigger language plpgsql as $$\nbegin\n  raise exception '% on % is refused: its rows are kept as they were written', tg_op, tg_table_name\n    using errcode = 'integrity_constraint_violation';\nend $$"
    )
    op.execute(
        'create or replace trigger kept before update or delete on "review_signatures" for each row execute function banyan_refuse_change()'
    )
    op.create_index(
        "ix_review_signatures_campaign_id",
        "review_signatures",
        ["workspace_id", "campaign_id", "id"],
        unique=False,
    )
    op.create_table(
        "seed_users",
        sa.Column("picked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("picked_by", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "id"],
            ["persons.workspace_id", "persons.id"],
            name=op.f("fk_seed_users_workspace_id_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_seed_users")),
    )
    op.execute('alter table "seed_users" enable row level security')
    op.execute('alter table "seed_users" force row level security')
    op.execute(
        "create policy workspace on \"seed_users\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert, update, delete on "seed_users" to banyan_app')
    op.execute('grant select on "seed_users" to banyan_relay')
    op.create_table(
        "quest_moves",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("from_quest_id", sa.Uuid(), nullable=False),
        sa.Column("to_quest_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "from_quest_id"],
            ["quests.workspace_id", "quests.id"],
            name=op.f("fk_quest_moves_workspace_id_from_quest_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "order_id"],
            ["quest_orders.workspace_id", "quest_orders.order_id"],
            name=op.f("fk_quest_moves_workspace_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "to_quest_id"],
            ["quests.workspace_id", "quests.id"],
            name=op.f("fk_quest_moves_workspace_id_to_quest_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "order_id", name=op.f("pk_quest_moves")),
        info={"append_only": True, "kept_columns": (), "more_guards": (), "may_delete": False},
    )
    op.execute('alter table "quest_moves" enable row level security')
    op.execute('alter table "quest_moves" force row level security')
    op.execute(
        "create policy workspace on \"quest_moves\" to banyan_app using (workspace_id = (select current_setting('app.workspace_id')::uuid)) with check (workspace_id = (select current_setting('app.workspace_id')::uuid))"
    )
    op.execute('grant select, insert on "quest_moves" to banyan_app')
    op.execute('grant select on "quest_moves" to banyan_relay')
    op.execute(
        "create or replace function banyan_refuse_change() returns trigger language plpgsql as $$\nbegin\n  raise exception '% on % is refused: its rows are kept as they were written', tg_op, tg_table_name\n    using errcode = 'integrity_constraint_violation';\nend $$"
    )
    op.execute(
        'create or replace trigger kept before update or delete on "quest_moves" for each row execute function banyan_refuse_change()'
    )
    op.create_index(
        "ix_quest_moves_from_quest_id",
        "quest_moves",
        ["workspace_id", "from_quest_id"],
        unique=False,
    )
    op.add_column("grabs", sa.Column("channel", sa.Text(), server_default="other", nullable=False))
    op.alter_column("grabs", "channel", server_default=None)
    op.add_column("grants", sa.Column("quest_id", sa.Uuid(), nullable=True))
    op.add_column("grants", sa.Column("fact_nth", sa.Integer(), nullable=True))
    op.add_column("order_lines", sa.Column("category_id", sa.Uuid(), nullable=True))
    op.add_column("outbox_messages", sa.Column("person_id", sa.Uuid(), nullable=True))
    op.add_column(
        "payout_days", sa.Column("count", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("payout_days", sa.Column("most_count", sa.Integer(), nullable=True))
    op.add_column(
        "payout_terms",
        sa.Column("per_person_day_count", sa.Integer(), server_default="10", nullable=False),
    )
    op.add_column("payout_terms", sa.Column("scene", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "payout_terms",
        sa.Column("day_quota_minor", sa.BigInteger(), server_default="10000000", nullable=False),
    )
    op.add_column(
        "payout_terms", sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.add_column("payout_terms", sa.Column("asked_by", sa.Text(), nullable=True))
    op.add_column("payout_terms", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("payouts", sa.Column("scene", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "payouts",
        sa.Column("approvals_needed", sa.SmallInteger(), server_default="0", nullable=False),
    )
    op.add_column("payouts", sa.Column("seconded_by", sa.Text(), nullable=True))
    op.add_column("payouts", sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("payouts", sa.Column("recorded_by", sa.Text(), nullable=True))
    op.add_column(
        "persons", sa.Column("messages_agreed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "quest_orders", sa.Column("may_move", sa.Boolean(), server_default="false", nullable=False)
    )
    # ### end Alembic commands ###
    with every_row(
        *("grants", "quests", "quest_facts", "supports", "payouts", "payout_days"),
        *("red_packets", "packet_credits"),
    ):
        for statement in FILLED:
            op.execute(statement)
    op.execute(ORDER_STATES)
    for table, name, wanted, before in CHECKS:
        if before is not None:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, wanted)
    for table, columns, _ in KEPT:
        op.execute(KEEP.format(columns=columns, table=table))


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for table, _, columns in KEPT:
        op.execute(KEEP.format(columns=columns, table=table))
    for table, name, _, before in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        if before is not None:
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, before)
    op.execute(ORDER_STATES_BEFORE)
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_column("quest_orders", "may_move")
    op.drop_column("persons", "messages_agreed_at")
    op.drop_column("payouts", "recorded_by")
    op.drop_column("payouts", "seconded_at")
    op.drop_column("payouts", "seconded_by")
    op.drop_column("payouts", "approvals_needed")
    op.drop_column("payouts", "scene")
    op.drop_column("payout_terms", "asked_at")
    op.drop_column("payout_terms", "asked_by")
    op.drop_column("payout_terms", "asked")
    op.drop_column("payout_terms", "day_quota_minor")
    op.drop_column("payout_terms", "scene")
    op.drop_column("payout_terms", "per_person_day_count")
    op.drop_column("payout_days", "most_count")
    op.drop_column("payout_days", "count")
    op.drop_column("outbox_messages", "person_id")
    op.drop_column("order_lines", "category_id")
    op.drop_column("grants", "fact_nth")
    op.drop_column("grants", "quest_id")
    op.drop_column("grabs", "channel")
    op.drop_index("ix_quest_moves_from_quest_id", table_name="quest_moves")
    op.drop_table("quest_moves")
    op.drop_table("seed_users")
    op.drop_index("ix_review_signatures_campaign_id", table_name="review_signatures")
    op.drop_table("review_signatures")
    op.drop_table("pathway_branches")
    op.drop_table("outreach_links")
    op.drop_table("invitations")
    op.drop_table("seed_rules")
    op.drop_table("pathways")
    op.drop_table("packet_seeds")
    op.drop_index(
        "ix_packet_credits_waiting",
        table_name="packet_credits",
        postgresql_where=sa.text("not is_done"),
    )
    op.drop_table("packet_credits")
    # ### end Alembic commands ###
