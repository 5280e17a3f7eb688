"""Guards: triggers that refuse to change what must never change, besides missing privileges.

The owner of the schema, a migration and a hand at the console meet them as well. A guard is part
of its table: it is made with the table, and `guard_statements` gives it to the migrations.
"""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import DDL, FromClause, Table, event

FUNCTION = """
create or replace function banyan_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on % is refused: its rows are kept as they were written', tg_op, tg_table_name
    using errcode = 'integrity_constraint_violation';
end $$
"""


def keep_as_written(
    table: FromClause, *columns: str, more: Sequence[str] = (), may_delete: bool = False
) -> None:
    """Refuse DELETE on `table`, and UPDATE of `columns` (of anything, when none is named).

    A row that `may_delete` says can go as a whole (somebody has it deleted) still never changes.
    `more` are statements of the table's own guards; they too may be repeated.
    """
    if not isinstance(table, Table):
        raise TypeError(table)
    table.info["kept_columns"] = columns
    table.info["more_guards"] = tuple(more)
    table.info["may_delete"] = may_delete
    for statement in guard_statements(cast("Table[Any]", table)):
        # A percent sign is an instruction to DDL(); the function's text has some of its own.
        event.listen(table, "after_create", DDL(statement.replace("%", "%%")))


def guard_statements(table: Table[Any]) -> Iterator[str]:
    """Yield the statements that guard `table`; they may be repeated."""
    if "kept_columns" not in table.info:
        return
    columns = ", ".join(table.info["kept_columns"])
    or_delete = "" if table.info["may_delete"] else "or delete "
    yield FUNCTION.strip()
    yield (
        f"create or replace trigger kept before update{' of ' + columns if columns else ''} "
        f'{or_delete}on "{table.name}" for each row execute function banyan_refuse_change()'
    )
    yield from (statement.strip() for statement in table.info["more_guards"])


__all__ = ["guard_statements", "keep_as_written"]
