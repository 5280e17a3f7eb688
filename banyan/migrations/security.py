"""What a new table needs besides its columns: sequences, row-level security, grants."""

import re
from collections.abc import Iterator

from alembic.operations import ops
from sqlalchemy import MetaData, Table

from banyan.kernel.db import (
    APP_ROLE,
    RELAY_ROLE,
    grant_statements,
    is_tenant_table,
    rls_statements,
)
from banyan.kernel.guards import guard_statements

_NEXT = re.compile(r"nextval\('(\w+)'")


def sequences(table: Table) -> list[str]:
    """Return the sequences that the defaults of `table` draw from."""
    found: list[str] = []
    for column in table.columns:
        default = column.server_default
        match = _NEXT.search(str(getattr(default, "arg", "")))
        if match:
            found.append(match[1])
    return found


def before(table: Table) -> Iterator[str]:
    """Yield what must stand before `table` is made."""
    for name in sequences(table):
        yield f"create sequence if not exists {name}"


def after(table: Table) -> Iterator[str]:
    """Yield what makes `table` safe to use once it is made."""
    if is_tenant_table(table):
        yield from rls_statements(table)
    yield from grant_statements([table])
    yield from guard_statements(table)
    # What else the table's package says it needs: an index by expression, a trigger.
    yield from table.info.get("statements", ())
    for name in sequences(table):
        yield f"grant usage on sequence {name} to {APP_ROLE}, {RELAY_ROLE}"


def with_security(script: ops.MigrationScript, tables: MetaData) -> None:
    """Add to a generated migration, for each table it makes, what the table needs besides."""
    upgrade = script.upgrade_ops
    if upgrade is None:
        return
    steps: list[ops.MigrateOperation] = []
    for step in upgrade.ops:
        if not isinstance(step, ops.CreateTableOp):
            steps.append(step)
            continue
        table = tables.tables[step.table_name]
        steps += [ops.ExecuteSQLOp(statement) for statement in before(table)]
        steps.append(step)
        steps += [ops.ExecuteSQLOp(statement) for statement in after(table)]
    upgrade.ops[:] = steps
