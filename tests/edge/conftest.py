"""The whole edge in one process, asked over ASGI as the server asks it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from litestar.testing import TestClient

from banyan import workspaces
from banyan.app.http import App
from banyan.kernel import settings as kernel_settings
from banyan.kernel.auth import hash_password
from banyan.kernel.ids import new_id
from banyan.kernel.keys import Keyring
from banyan.kernel.postgres import Urls
from banyan.kernel.work import SYSTEM, Database, unit_of_work
from banyan.workspaces import ROLES

PASSWORD = "correct horse battery"
CONSOLE = {"X-Banyan-Client": "console"}
_HASH = hash_password(PASSWORD)


@pytest.fixture(scope="session")
def web_dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built web of a few small files."""
    folder = tmp_path_factory.mktemp("web")
    console = folder / "console" / "dist"
    (console / "assets").mkdir(parents=True)
    (console / "index.html").write_text("<!doctype html><title>console</title>")
    (console / "assets" / "index-abc123.js").write_text("export const word = 'banyan'\n" * 200)
    h5 = folder / "h5" / "dist" / "assets"
    h5.mkdir(parents=True)
    (h5 / "page-1.css").write_text("body{}")
    (folder / "secret.txt").write_text("secret")
    return folder


@pytest.fixture(scope="session")
def client(
    urls: Urls,
    database: Database,
    keys: Keyring,
    web_dist: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[TestClient[Any]]:
    """The edge, running."""
    assert database
    assert keys
    home = tmp_path_factory.mktemp("home")
    settings = msgspec.structs.replace(
        kernel_settings.load({"BANYAN_HOME": str(home)}),
        database_url=urls.app,
        relay_database_url=urls.relay,
        web_dist=web_dist,
    )
    served: Any = App(settings)
    with TestClient(served, base_url="http://banyan.test") as made:
        yield made


@dataclass(frozen=True)
class Shop:
    """A workspace with a member of every role."""

    id: UUID
    emails: dict[str, str]
    members: dict[str, UUID]


def make_shop(*, is_sandbox: bool = True) -> Shop:
    """Make a workspace with a member of every role."""
    shop_id = new_id()
    workspaces.create_workspace(shop_id, slug=shop_id.hex, name="榕树咖啡", is_sandbox=is_sandbox)
    emails, members = {}, {}
    with unit_of_work(shop_id, SYSTEM) as work:
        for role in ROLES:
            emails[role] = f"{role}@{shop_id.hex}.test"
            members[role] = workspaces.add_member(
                work, email=emails[role], name=role, role=role, password_hash=_HASH
            ).id
    return Shop(shop_id, emails, members)


@pytest.fixture
def shop(client: TestClient[Any]) -> Shop:
    """A sandbox workspace with a member of every role."""
    assert client
    return make_shop()


def session_of(shop: Shop, role: str) -> dict[str, str]:
    """Return the headers of a signed-in member, without going through the door."""
    signed_in = workspaces.sign_in(shop.emails[role], PASSWORD)
    return {"Cookie": f"banyan_session={signed_in.token}", **CONSOLE}
