"""A whole Banyan in a scratch home, as `make run` starts it, without the demo."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS_MOST = 120
STOP_SECONDS_MOST = 30
COLLEAGUE = "周掌柜"
"""What a shop's second member is called."""


class Address(NamedTuple):
    """Where a running house is; travels to the processes that test it."""

    home: str
    url: str


class Shop(NamedTuple):
    """A merchant made for a test, and its owner's way in."""

    name: str
    email: str
    password: str
    key: str
    slug: str = ""
    """The address of its shop with goods, if it has one."""


class House:
    """`banyan serve` on free ports; stops what it started."""

    def __init__(self, *, demo: bool = False) -> None:
        # The database runs as an account of its own, which has to reach its folder.
        self.folder = Path(tempfile.mkdtemp(prefix="banyan-house-"))
        self.folder.chmod(0o711)
        port, metrics_port = free_ports(2)
        self.address = Address(str(self.folder / "home"), f"http://127.0.0.1:{port}")
        self.log = self.folder / "serve.log"
        env = environment(self.address) | {
            "BANYAN_PORT": str(port),
            "BANYAN_METRICS_PORT": str(metrics_port),
            "BANYAN_WEB_PROCESSES": "1",
            "BANYAN_DEMO": "1" if demo else "0",
        }
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "banyan", "serve"],
                cwd=REPOSITORY,
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Return when it serves; raise with its log when it ended instead."""
        until = time.monotonic() + START_SECONDS_MOST
        while time.monotonic() < until:
            assert self._process.poll() is None, self.log.read_text(encoding="utf-8")
            if "Banyan 榕 is up" in self.log.read_text(encoding="utf-8"):
                return
            time.sleep(0.1)
        raise TimeoutError(self.log.read_text(encoding="utf-8"))

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS_MOST)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on now."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


def environment(address: Address) -> dict[str, str]:
    """Return the environment in which commands mean the house at `address`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BANYAN_")}
    return kept | {
        "BANYAN_HOME": address.home,
        "BANYAN_BASE_URL": address.url,
        "PYTHONIOENCODING": "utf-8",
    }


def wait_until_ready(address: Address) -> None:
    """Return when the house at `address` is ready for visitors."""
    until = time.monotonic() + START_SECONDS_MOST
    while True:
        try:
            with urllib.request.urlopen(f"{address.url}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def found_shop(address: Address, name: str = "山茶咖啡", *, with_goods: bool = False) -> Shop:
    """Make a sandbox workspace with an owner in the house at `address`."""
    more = ["goods"] if with_goods else []
    answer = run(address, "-m", "web.e2e.found_shop", name, *more)
    return Shop(**json.loads(answer))


def broken_invariants(address: Address) -> list[Any]:
    """Return what `banyan verify` finds broken."""
    answer = json.loads(run(address, "-m", "banyan", "verify", "--json", checked=False))
    assert answer["invariants"], "verify looked at nothing"
    return [one for one in answer["invariants"] if one["violations"]]


def run(address: Address, *command: str, checked: bool = True) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=REPOSITORY,
        env=environment(address),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert not checked or done.returncode == 0, done.stderr
    assert done.stdout, done.stderr
    return done.stdout
