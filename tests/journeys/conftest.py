"""A site and a fresh shop for every journey; every invariant is looked at when it ends."""

from collections.abc import Iterator

import pytest

from banyan import campaigns, ledger, levels, rewards, store
from banyan.kernel.invariants import check
from banyan.kernel.work import Database, across_workspaces
from tests.journeys.site import Shop, Site
from tests.whole import broken

INVARIANTS = (
    *campaigns.INVARIANTS,
    *ledger.INVARIANTS,
    *levels.INVARIANTS,
    *rewards.INVARIANTS,
    *store.INVARIANTS,
)


@pytest.fixture(scope="session")
def site(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application, for the whole session."""
    running = Site(tmp_path_factory.mktemp("site"))
    yield running
    running.stop()


@pytest.fixture
def shop(site: Site) -> Shop:
    return Shop(site)


@pytest.fixture(autouse=True)
def whole(shop: Shop) -> Iterator[None]:
    """Whatever a journey did, what must always be true still is."""
    yield
    with across_workspaces() as connection:
        found = [check(connection, invariant) for invariant in INVARIANTS]
    assert broken(found) == []
