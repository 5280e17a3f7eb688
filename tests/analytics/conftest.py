"""The owner of the analytics store as it runs in production: a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from banyan import analytics
from banyan.kernel.errors import Refused
from banyan.kernel.postgres import Urls
from tests.whole import TOLD_ONLY

OWNER = """
import asyncio, signal, sys
from banyan import analytics
from banyan.kernel import settings

async def main():
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await analytics.own(settings.load(), sys.argv[1], stopping)

asyncio.run(main())
"""


class Owner:
    """The owning process over one home."""

    def __init__(self, home: Path, relay_url: str) -> None:
        self.home = home
        self._relay_url = relay_url
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "run").mkdir(exist_ok=True)
        (self.home / "run" / "analytics.sock").unlink(missing_ok=True)
        with (self.home / "owner.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", OWNER, self._relay_url],
                env={**os.environ, "BANYAN_HOME": str(self.home)},
                stdout=log,
                stderr=log,
            )
        until((self.home / "run" / "analytics.sock").exists, self)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)


def until(holds: Callable[[], bool], owner: Owner, seconds: float = 30) -> None:
    """Wait until something holds; say what the owner logged when it never does."""
    end = time.monotonic() + seconds

    def held() -> bool:
        try:
            return holds()
        except Refused:
            return False  # the owner is on its way up again

    while not held():
        if time.monotonic() > end:
            pytest.fail("never came to hold\n" + (owner.home / "owner.log").read_text()[-3000:])
        time.sleep(0.05)


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory, urls: Urls) -> Iterator[Owner]:
    """A running owner, asked by this process; one a module, workspaces keep tests apart."""
    made = Owner(tmp_path_factory.mktemp("analytics") / "home", urls.relay)
    made.start()
    analytics.use_owner(made.home / "run" / "analytics.sock")
    yield made
    analytics.use_owner(None)
    made.stop()


@pytest.fixture(autouse=True)
def told_only(workspace: UUID) -> None:
    """Let no invariant look for the rows that these tests' made-up events speak of."""
    TOLD_ONLY.add(workspace)
