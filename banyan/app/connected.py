"""Settings that know where the database is: given from outside, already running, or started now."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager

from banyan.app.addresses import with_urls
from banyan.kernel.keys import Keyring, use_keys
from banyan.kernel.postgres import EmbeddedPostgres, urls_of
from banyan.kernel.settings import Settings, load
from banyan.kernel.work import Database, use_database


def _is_served(settings: Settings) -> bool:
    """Whether another process runs the embedded server of this home."""
    lock = settings.run / "postgres.owner"
    if not lock.exists():
        return False
    with lock.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def connected(
    settings: Settings | None = None, *, most_connections: int = 10
) -> Generator[Settings]:
    """Let this process work on the database and keys of `settings` (the environment's by default).

    A server that nobody runs is started, and stopped at the end. Yields the settings with the
    addresses in them.
    """
    settings = load() if settings is None else settings
    server: EmbeddedPostgres | None = None
    if settings.database_url is None:
        if _is_served(settings):
            settings = with_urls(settings, urls_of(settings.home))
        else:
            server = EmbeddedPostgres(settings.home)
            settings = with_urls(settings, server.start())
    if settings.database_url is None or settings.relay_database_url is None:
        msg = "BANYAN_DATABASE_URL needs BANYAN_RELAY_DATABASE_URL beside it: the role of the relay"
        raise ValueError(msg)
    use_keys(Keyring.open(settings.keys))
    database = Database(
        settings.database_url, settings.relay_database_url, most_connections=most_connections
    )
    use_database(database)
    try:
        yield settings
    finally:
        use_database(None)
        database.close()
        if server is not None:
            server.stop()
