"""The edge in one process with a journal and a link table of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
import pytest
from litestar.testing import TestClient

from banyan.app.http import App
from banyan.kernel import settings as kernel_settings
from banyan.kernel.keys import Keyring
from banyan.kernel.postgres import Urls
from banyan.kernel.settings import Settings
from banyan.kernel.work import Database


@pytest.fixture(scope="module")
def settings(
    urls: Urls, database: Database, keys: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Settings of a home of this module's own."""
    assert database
    assert keys
    home = tmp_path_factory.mktemp("links")
    return msgspec.structs.replace(
        kernel_settings.load({"BANYAN_HOME": str(home)}),
        database_url=urls.app,
        relay_database_url=urls.relay,
    )


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx.Client]:
    """The edge, running; a test that wants a fresh browser clears its cookies."""
    with TestClient(cast("Any", App(settings)), base_url="http://banyan.test") as made:
        yield made


@pytest.fixture
def journal(settings: Settings) -> Path:
    """Folder of the journals of `client`."""
    return settings.journal
