"""Whoever is killed between two steps: what was begun is ended once, and the books are right."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from banyan.kernel.keys import Keyring
from banyan.kernel.postgres import Urls
from tests.faults import store_flow
from tests.shelf import Shelf
from tests.whole import assert_whole

REPOSITORY = Path(__file__).resolve().parents[2]


class Forks:
    """A process that lives the flow in children of its own."""

    def __init__(self, urls: Urls, keys: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.store_flow", urls.app, urls.relay, str(keys)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
            text=True,
        )

    def live(self, shelf: Shelf, buyer: UUID, sku: UUID, nth: int, *, after: bool) -> int:
        """Live the flow until the `nth` commit; return how the child ended."""
        asked = {
            "workspace": str(shelf.workspace),
            "buyer": str(buyer),
            "sku": str(sku),
            "nth": nth,
            "after": after,
        }
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.communicate(timeout=20)


@pytest.fixture
def forks(
    database: object, urls: Urls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: Keyring
) -> Iterator[Forks]:
    folder = tmp_path / "keys"
    folder.mkdir()
    for purpose in ("fields", "index", "tokens"):
        for version, secret in keys.versions(purpose).items():
            (folder / f"{purpose}-{version}.key").write_bytes(secret)
    running = Forks(urls, folder)
    yield running
    running.stop()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_commit_ends_once(forks: Forks, after: bool) -> None:  # noqa: FBT001
    nth, ended = 0, -9
    while ended == -9:
        nth += 1
        assert nth < 60
        shelf = Shelf()
        sku, (buyer,) = shelf.sku(10), shelf.people(1)
        ended = forks.live(shelf, buyer, sku, nth, after=after)
        assert ended in {0, -9}
        for _ in range(2):
            shelf.due_now()
            store_flow.flow(shelf.workspace, buyer, sku)
        assert shelf.one("select count(*) from orders") == 1
        assert shelf.one("select state from orders") == "completed"
        assert shelf.one("select string_agg(distinct state, ',') from refunds") == "done"
        assert shelf.stock(sku) == (10, 0, 0)
        paid = "select coalesce(sum(amount_minor), 0) from sandbox_payments where state = 'paid'"
        back = "select coalesce(sum(amount_minor), 0) from sandbox_refunds where state = 'done'"
        assert shelf.one(f"select ({paid}) - ({back})") == 0
        assert shelf.clearing() == 0
    assert nth > 15
    assert_whole()
