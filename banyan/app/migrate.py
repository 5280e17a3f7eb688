"""`banyan migrate`: the database's tables, brought up to date by the owner's role."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

import banyan.migrations
from banyan.app.connected import connected
from banyan.app.revisions import current_revision, newest_revision
from banyan.kernel.settings import Settings


def configuration(owner_url: str) -> Config:
    """Return alembic's configuration for the database at `owner_url`."""
    config = Config()
    config.set_main_option("script_location", str(Path(banyan.migrations.__file__).parent))
    config.attributes["url"] = owner_url.replace("postgresql://", "postgresql+psycopg://", 1)
    return config


def upgrade(settings: Settings) -> str:
    """Bring the tables up to date and return the revision they are at.

    Raises ValueError when the owner's address is not known. Safe to run at any start: a database
    that is up to date is only looked at.
    """
    if settings.owner_database_url is None:
        msg = "BANYAN_OWNER_DATABASE_URL is needed to migrate: the role that owns the tables"
        raise ValueError(msg)
    return upgrade_url(settings.owner_database_url)


def upgrade_url(owner_url: str) -> str:
    """Bring the database at `owner_url` up to date and return the revision it is at."""
    revision = newest_revision()
    if current_revision(owner_url) != revision:
        command.upgrade(configuration(owner_url), "head")
    return revision or "none"


def migrate(*, check: bool = False, write: str | None = None) -> None:
    """Bring the tables up to date.

    Args:
        check: Only say whether the migrations make what the models declare; on a scratch database.
        write: Write a migration with this message from what the models declare beyond them.
    """
    from banyan.app import drift  # noqa: PLC0415 - imports every model; only developers ask

    if write is not None:
        drift.write(write)
        return
    if check:
        found = drift.found()
        if found:
            sys.exit("The migrations are not in step with the models:\n  " + "\n  ".join(found))
        return
    with connected() as settings:
        print(upgrade(settings))
