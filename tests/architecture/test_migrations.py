"""The tables that the migrations make are those that the models describe, to the last constraint."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import tests.conftest as tables
from banyan.kernel.postgres import urls_of
from banyan.kernel.postgres.roles import make_database

QUESTIONS = {
    "tables": """
        select relname, relrowsecurity, relforcerowsecurity, coalesce(reloptions::text, '')
        from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')""",
    "columns": """
        select table_name, column_name, data_type, udt_name, is_nullable, column_default,
               is_identity, identity_generation, generation_expression
        from information_schema.columns where table_schema = 'public'""",
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
        from pg_constraint where connamespace = 'public'::regnamespace""",
    "indexes": "select tablename, indexdef from pg_indexes where schemaname = 'public'",
    "triggers": "select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal",
    "functions": """
        select proname, prosecdef, provolatile, proconfig::text, md5(prosrc)
        from pg_proc where pronamespace = 'public'::regnamespace""",
    "policies": """
        select tablename, policyname, permissive, roles::text, cmd, qual, with_check
        from pg_policies where schemaname = 'public'""",
    "grants": """
        select table_name, grantee, privilege_type from information_schema.role_table_grants
        where table_schema = 'public'""",
    "column grants": """
        select table_name, column_name, grantee, privilege_type
        from information_schema.column_privileges where table_schema = 'public'""",
    "sequences": """
        select sequencename, data_type::text, start_value, increment_by, cycle from pg_sequences
        where schemaname = 'public'""",
    "types": """
        select typname, typtype from pg_type
        where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')""",
}
OF_MIGRATIONS = "alembic_version"
"""Alembic's own table, which no model describes."""


def described(home: Path, name: str, *, by_migrations: bool) -> dict[str, set[str]]:
    """Make a database with every table one way or the other, and return what it says of itself."""
    with psycopg.connect(urls_of(home, "postgres").superuser, autocommit=True) as connection:
        make_database(connection, name)
    made = urls_of(home, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "BY_MIGRATIONS", by_migrations)
        tables.make_tables(made.owner)
    with psycopg.connect(made.owner) as connection:
        return {
            what: {
                " | ".join(map(str, row))
                for row in connection.execute(question.encode())
                if OF_MIGRATIONS not in str(row)
            }
            for what, question in QUESTIONS.items()
        }


@pytest.fixture(scope="module")
def both(postgres_home: Path) -> Iterator[tuple[dict[str, set[str]], dict[str, set[str]]]]:
    """What the models describe, and what the migrations make."""
    worker = urls_name()
    yield (
        described(postgres_home, f"by_models_{worker}", by_migrations=False),
        described(postgres_home, f"by_migrations_{worker}", by_migrations=True),
    )
    with psycopg.connect(
        urls_of(postgres_home, "postgres").superuser, autocommit=True
    ) as connection:
        for name in (f"by_models_{worker}", f"by_migrations_{worker}"):
            connection.execute(f"drop database {name}".encode())


def urls_name() -> str:
    """Return a name for the databases of this test process."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.mark.parametrize("what", QUESTIONS)
def test_the_migrations_make_what_the_models_describe(
    both: tuple[dict[str, set[str]], dict[str, set[str]]], what: str
) -> None:
    models, migrations = both[0][what], both[1][what]
    missing = [f"not migrated: {each}" for each in sorted(models - migrations)]
    missing += [f"in no model: {each}" for each in sorted(migrations - models)]
    assert not missing, "\n".join(missing)


def test_the_questions_find_what_there_is(
    both: tuple[dict[str, set[str]], dict[str, set[str]]],
) -> None:
    """No question is answered with nothing, or the comparison would compare nothing."""
    empty = {what for what, found in both[0].items() if not found}
    assert empty <= {"types"}
