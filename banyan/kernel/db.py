"""The database: declarative base, the tenant's row, row-level security and the engines.

Every table of a merchant's data has `workspace_id` first in its primary key, its foreign keys and
its unique constraints, so that existence never leaks through a constraint and a sharded server
can spread the rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, MetaData, Table, create_engine
from sqlalchemy.event import listens_for
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from banyan.kernel.connection import connect
from banyan.kernel.roles import APP_ROLE, RELAY_ROLE

KEPT_WITHOUT_LIMIT = 8

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)


class WorkspaceRow:
    """A row that belongs to one workspace; the pair is its primary key."""

    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)


def is_tenant_table(table: Table) -> bool:
    """Whether the rows of `table` belong to a workspace, so that row-level security guards them.

    A table that is read before the workspace is known (sessions by token, for one) says so by
    `info={"across_workspaces": True}` and is reachable only by the packages that own it.
    """
    return "workspace_id" in table.columns and not table.info.get("across_workspaces")


def rls_statements(table: Table) -> Iterator[str]:
    """Yield the statements that force row-level security on `table`.

    `current_setting` without its second argument raises when no workspace is set: no workspace
    is an error, never "all rows". After a transaction the setting is empty, which is no UUID.
    """
    name = table.name
    mine = "workspace_id = (select current_setting('app.workspace_id')::uuid)"
    yield f'alter table "{name}" enable row level security'
    yield f'alter table "{name}" force row level security'
    yield f'create policy workspace on "{name}" to {APP_ROLE} using ({mine}) with check ({mine})'


def grant_statements(tables: Sequence[Table]) -> Iterator[str]:
    """Yield the grants: the application reads and writes rows, the relay reads.

    `info={"append_only": True}` withholds UPDATE and DELETE from the application;
    `info={"relay_writes": True}` lets the relay keep its own bookkeeping there.
    """
    for table in tables:
        verbs = (
            "select, insert" if table.info.get("append_only") else "select, insert, update, delete"
        )
        yield f'grant {verbs} on "{table.name}" to {APP_ROLE}'
        verbs = "select, insert, update, delete" if table.info.get("relay_writes") else "select"
        yield f'grant {verbs} on "{table.name}" to {RELAY_ROLE}'


def engine_for(url: str, *, most_connections: int | None, application_name: str) -> Engine:
    """Return a pooled engine; a checkout that waits longer than 5 s fails rather than hangs.

    None for `most_connections`: no checkout ever waits, and a few connections are kept.
    """
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=most_connections or KEPT_WITHOUT_LIMIT,
        max_overflow=0 if most_connections else -1,
        pool_timeout=5,
        pool_pre_ping=False,
        # An old one would be opened again at its checkout, which must not take time there.
        pool_recycle=1800 if most_connections else -1,
        connect_args={"application_name": application_name, "connect_timeout": 5},
    )

    @listens_for(engine, "do_connect")
    def _(_dialect: object, _record: object, arguments: Any, keywords: Any) -> object:
        return connect(*arguments, **keywords)

    return engine


__all__ = [
    "APP_ROLE",
    "RELAY_ROLE",
    "Base",
    "MappedAsDataclass",
    "WorkspaceRow",
    "engine_for",
    "grant_statements",
    "is_tenant_table",
    "rls_statements",
]
