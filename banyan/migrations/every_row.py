"""Rows of every workspace, for a migration that fills in what older rows lack."""

from collections.abc import Generator
from contextlib import contextmanager

from alembic import op


@contextmanager
def every_row(*tables: str) -> Generator[None]:
    """Let the owner of `tables` see and write all their rows within the block.

    Row-level security is forced on the owner too, so that a migration would fill in nothing and
    say so to nobody.
    """
    for table in tables:
        op.execute(f"alter table {table} no force row level security")
    yield
    for table in tables:
        op.execute(f"alter table {table} force row level security")
