"""What every test may ask for: a real PostgreSQL, a database with every table, a fresh workspace.

One server serves all test processes; each has a database of its own, copied from one that has the
tables. A fresh workspace is a test's isolation: nothing is deleted between tests.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import create_engine, text

from banyan.app.migrate import upgrade_url
from banyan.kernel.ids import new_id
from banyan.kernel.jobs import install_statements
from banyan.kernel.keys import Keyring, use_keys
from banyan.kernel.postgres import EmbeddedPostgres, Urls, urls_of
from banyan.kernel.postgres.roles import make_database
from banyan.kernel.work import Database, use_database
from banyan.migrations.security import after, before
from banyan.migrations.tables import all_tables

BY_MIGRATIONS = True
"""Whether the tables are made by the migrations, as in production, or from the models."""
TEMPLATE = "template_banyan"


def reachable_folder() -> Path:
    """Return a new temporary folder that a service account can enter, as root's own it could not."""
    folder = Path(tempfile.mkdtemp(prefix="banyan-test-"))
    folder.chmod(0o711)
    return folder


def make_tables(owner_url: str) -> None:
    """Make every table, with row-level security and grants, in the database at `owner_url`."""
    if BY_MIGRATIONS:
        upgrade_url(owner_url)
        return
    tables = all_tables()
    engine = create_engine(owner_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            for statement in before(table):
                connection.execute(text(statement))
        tables.create_all(connection)
        for table in tables.sorted_tables:
            for statement in after(table):
                connection.execute(text(statement))
        for statement in install_statements():
            connection.execute(text(statement))
    engine.dispose()


class Server:
    """The one server of a test run."""

    def __init__(self) -> None:
        self.folder = reachable_folder()
        # Throw-away data: what a power cut would lose does not matter here.
        self.postgres = EmbeddedPostgres(self.folder / "home", extra={"fsync": "off"})
        try:
            self.postgres.start()
            make_tables(self.postgres.make_database(TEMPLATE).owner)
        except BaseException:
            self.stop()
            raise

    @property
    def home(self) -> Path:
        return self.postgres.home

    def stop(self) -> None:
        self.postgres.stop()
        shutil.rmtree(self.folder)


_servers: list[Server] = []


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start the server in the process that hands the tests out, and tell each worker where it is."""
    if not _servers:
        _servers.append(Server())
    node.workerinput["postgres_home"] = str(_servers[0].home)


def pytest_unconfigure() -> None:
    while _servers:
        _servers.pop().stop()


@pytest.fixture(scope="session")
def postgres_home(request: pytest.FixtureRequest) -> Path:
    """Home of the running test server; databases on it are the test's to make."""
    given = getattr(request.config, "workerinput", {}).get("postgres_home")
    if given is not None:
        return Path(given)
    if not _servers:
        _servers.append(Server())
    return _servers[0].home


@pytest.fixture(scope="session")
def urls(postgres_home: Path) -> Urls:
    """The addresses of this process's database, which has every table."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    return new_database(postgres_home, name)


def new_database(home: Path, name: str) -> Urls:
    """Make the database `name`, a copy of the one with the tables, and return its addresses."""
    with psycopg.connect(urls_of(home, "postgres").superuser, autocommit=True) as connection:
        make_database(connection, name, template=TEMPLATE)
    return urls_of(home, name)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyring]:
    """The installation's keys, in use."""
    keyring = Keyring.open(tmp_path_factory.mktemp("keys"))
    use_keys(keyring)
    yield keyring
    use_keys(None)


@pytest.fixture(scope="session")
def database(urls: Urls, keys: Keyring) -> Iterator[Database]:
    """This process's database, in use: `unit_of_work` works on it."""
    made = Database(urls.app, urls.relay, most_connections=32)
    use_database(made)
    yield made
    use_database(None)
    made.close()


@pytest.fixture
def workspace(database: Database) -> UUID:
    """The id of a fresh workspace."""
    return new_id()


class Clock:
    """A moment that a test moves by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def advance(self, **by: float) -> datetime:
        """Move on, as `clock.advance(hours=2)`, and return the new moment."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is moved; starts now, for what the database stamps itself."""
    return Clock()


@pytest.fixture
def home() -> Iterator[Path]:
    """A new BANYAN_HOME of this test's own, for tests that start servers."""
    folder = reachable_folder()
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)
