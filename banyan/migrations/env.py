"""How alembic runs here: as the owner's role, one transaction, one migrator at a time."""

from typing import Any, Literal, cast

from alembic import context
from alembic.operations import ops
from sqlalchemy import create_engine, pool, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import TypeEngine

from banyan.kernel.events import Xid8
from banyan.migrations.security import with_security
from banyan.migrations.tables import all_tables

MIGRATORS = 0x42414E59  # "BANY"
# So that the column's type is known when the database is compared with the models.
cast("dict[str, type[TypeEngine[Any]]]", ischema_names)["xid8"] = Xid8


def _render(kind: str, made: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column types as PostgreSQL's words: a migration imports nothing that may move."""
    if kind == "type" and type(made).__module__.startswith("banyan."):
        autogen.imports.add("from banyan.migrations.types import Written")
        return f'Written("{made.compile()}")'
    return False


def _is_ours(_made: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:  # noqa: FBT001
    """Leave out the tables of the job queue, which its own library makes and upgrades."""
    return not (kind == "table" and name is not None and name.startswith("pgqueuer"))


def _secured(_context: object, _revision: object, directives: list[ops.MigrationScript]) -> None:
    for script in directives:
        with_security(script, all_tables())


def run() -> None:
    """Run what alembic was asked to."""
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection, connection.begin():
        # Two that start together: the second waits, then finds nothing to do.
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATORS})
        context.configure(
            connection=connection,
            target_metadata=all_tables(),
            compare_type=True,
            compare_server_default=False,
            render_item=_render,
            include_object=_is_ours,
            process_revision_directives=_secured,
        )
        context.run_migrations()
    engine.dispose()


run()
