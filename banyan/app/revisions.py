"""Which revision the tables are at and which they should be at, told without loading alembic."""

import re
from pathlib import Path

import psycopg

import banyan.migrations

_REVISION = re.compile(r"^revision = ['\"](\w+)['\"]", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision = ['\"](\w+)['\"]", re.MULTILINE)


def newest_revision() -> str | None:
    """Return the revision that no migration follows, None when there is no migration.

    Raises ValueError when two follow the same one.
    """
    folder = Path(banyan.migrations.__file__).parent / "versions"
    texts = [file.read_text() for file in folder.glob("*.py")]
    revisions = {found[1] for text in texts if (found := _REVISION.search(text))}
    followed = {found[1] for text in texts if (found := _BEFORE.search(text))}
    newest = revisions - followed
    if len(newest) > 1:
        msg = f"two migrations are the newest: {sorted(newest)}"
        raise ValueError(msg)
    return next(iter(newest), None)


def current_revision(url: str) -> str | None:
    """Return the revision the database at `url` is at, None when it has no tables yet."""
    with psycopg.connect(url) as connection:
        there = connection.execute("select to_regclass('alembic_version')").fetchone()
        if there is None or there[0] is None:
            return None
        found = connection.execute("select version_num from alembic_version").fetchone()
    return None if found is None else str(found[0])
