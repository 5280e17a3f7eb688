"""What every table keeps to, asked of the database itself: one merchant never sees another's rows."""

from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint

from banyan.kernel.db import APP_ROLE, RELAY_ROLE, is_tenant_table
from banyan.kernel.postgres import Urls
from banyan.kernel.roles import OWNER_ROLE
from banyan.migrations.tables import all_tables

TABLES = all_tables()
UNIQUE_EVERYWHERE = {"workspaces": {"slug"}, "links": {"code"}, "shops": {"slug"}}
"""Columns that name one thing in the whole house because they stand alone in an address."""
TENANT_TABLES = sorted(table.name for table in TABLES.tables.values() if is_tenant_table(table))
OTHER_TABLES = sorted(set(TABLES.tables) - set(TENANT_TABLES))


def test_there_are_tenant_tables() -> None:
    assert "events" in TENANT_TABLES


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_row_level_security_is_forced(urls: Urls, table: str) -> None:
    with psycopg.connect(urls.owner) as connection:
        forced = connection.execute(
            "select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass",
            [table],
        ).fetchone()
        policies = connection.execute(
            "select permissive, roles, cmd, qual, with_check from pg_policies where tablename = %s",
            [table],
        ).fetchall()
    assert forced == (True, True)
    assert len(policies) == 1
    permissive, roles, command, using, check = policies[0]
    assert (permissive, roles, command) == (
        "PERMISSIVE",
        f"{{{APP_ROLE}}}" if isinstance(roles, str) else [APP_ROLE],
        "ALL",
    )
    assert using == check
    assert "workspace_id = " in using
    assert "current_setting('app.workspace_id'::text)" in using


def test_no_workspace_is_an_error(urls: Urls) -> None:
    with (
        psycopg.connect(urls.app) as connection,
        pytest.raises(psycopg.Error, match="workspace_id"),
    ):
        connection.execute("select count(*) from events")


def test_another_workspace_is_not_there(urls: Urls) -> None:
    mine, other = uuid4(), uuid4()
    with psycopg.connect(urls.app) as connection:
        connection.execute("select set_config('app.workspace_id', %s, true)", [str(mine)])
        insert = (
            "insert into events (workspace_id, id, name, occurred_at, actor, body) "
            "values (%s, gen_random_uuid(), 'tests.happened', now(), 'system', '{}')"
        )
        connection.execute(insert, [mine])
        assert connection.execute("select count(*) from events").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(insert, [other])
        connection.execute("select set_config('app.workspace_id', %s, true)", [str(other)])
        assert connection.execute("select count(*) from events").fetchone() == (0,)
        connection.rollback()


@pytest.mark.parametrize("table", OTHER_TABLES)
def test_a_table_without_the_guard_says_so(table: str) -> None:
    made = TABLES.tables[table]
    why = {"across_workspaces", "relay_writes"} & set(made.info)
    assert why, f"{table} is not guarded by its workspace and does not say why"


def test_the_application_owns_nothing_and_bypasses_nothing(urls: Urls) -> None:
    with psycopg.connect(urls.superuser) as connection:
        owners = connection.execute(
            "select distinct pg_get_userbyid(relowner) from pg_class "
            "where relnamespace = 'public'::regnamespace"
        ).fetchall()
        roles = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles "
            "where rolname = any(%s) order by rolname",
            [[APP_ROLE, RELAY_ROLE]],
        ).fetchall()
    assert owners == [(OWNER_ROLE,)]
    assert roles == [
        (APP_ROLE, False, False, False, False),
        (RELAY_ROLE, False, True, False, False),
    ]


def foreign_keys() -> list[ForeignKeyConstraint]:
    found = [
        key
        for table in TABLES.tables.values()
        for key in table.foreign_key_constraints
        if "workspace_id" in table.columns and "workspace_id" in key.referred_table.columns
    ]
    # A table keeps its keys in a set: every worker must collect the same order.
    return sorted(found, key=lambda key: str(key.name))


@pytest.mark.parametrize("key", foreign_keys(), ids=lambda key: str(key.name))
def test_a_foreign_key_never_leaves_its_workspace(key: ForeignKeyConstraint) -> None:
    pairs = {(element.parent.name, element.column.name) for element in key.elements}
    assert ("workspace_id", "workspace_id") in pairs


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_keys_begin_with_the_workspace(table: str) -> None:
    # A unique constraint without it would tell one merchant what another has.
    made = TABLES.tables[table]
    uniques = [index.columns for index in made.indexes if index.unique]
    uniques += [
        constraint.columns
        for constraint in made.constraints
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint)
    ]
    firsts = {next(iter(columns)).name for columns in uniques if len(columns)}
    assert firsts - UNIQUE_EVERYWHERE.get(table, set()) == {"workspace_id"}
