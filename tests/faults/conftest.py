"""A database that lets a crowd in: as many connections at once as a stampede has workers."""

from collections.abc import Iterator

import pytest

from banyan.kernel.postgres import Urls
from banyan.kernel.work import Database, use_database

WORKERS = 64


@pytest.fixture
def crowd(database: Database, urls: Urls) -> Iterator[Database]:
    """The database with 64 connections, in use."""
    made = Database(urls.app, urls.relay, most_connections=WORKERS)
    # The server's connections are for everybody: those that are not needed now are given back.
    database.app.dispose()
    use_database(made)
    yield made
    use_database(database)
    made.close()
