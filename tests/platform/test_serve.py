"""`banyan serve`: one command starts everything, keeps it up, and stops it cleanly."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

SECONDS_MOST = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(asked: Callable[[], bool], what: str) -> None:
    """Ask until the answer is true. Raises AssertionError after a minute."""
    end = time.monotonic() + SECONDS_MOST
    while time.monotonic() < end:
        if asked():
            return
        time.sleep(0.05)
    raise AssertionError(what)


class House:
    """A running `banyan serve`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.metrics_port = free_port()
        env = {
            **os.environ,
            "BANYAN_HOME": str(home),
            "BANYAN_PORT": str(self.port),
            "BANYAN_METRICS_PORT": str(self.metrics_port),
            "BANYAN_DEMO": "0",
        }
        home.mkdir(parents=True, exist_ok=True)
        self.log = home / "serve.log"
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "banyan", "serve"], env=env, stdout=out, stderr=out
            )
        self.log_end = 0

    def answers(self, path: str) -> int:
        if self.process.poll() is not None:
            raise AssertionError(self.log.read_text())
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as got:
                return got.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def processes(self, *words: str) -> list[int]:
        """Return the ids of the processes of this house whose command holds `words`."""
        out = subprocess.run(
            ["ps", "-eo", "pid=,stat=,args="], capture_output=True, text=True, check=True
        )
        found = [line.split(None, 2) for line in out.stdout.splitlines()]
        return [
            int(pid)
            for pid, state, command in found
            if not state.startswith("Z")
            and all(word in command for word in words)
            and self._is_ours(int(pid))
        ]

    def _is_ours(self, pid: int) -> bool:
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
        return os.fsencode(self.home) in environment + command


@contextlib.contextmanager
def house(home: Path) -> Generator[House]:
    made = House(home)
    try:
        until(lambda: made.answers("/readyz") == 200, "it became ready")
        yield made
    finally:
        if made.process.poll() is None:
            made.process.send_signal(signal.SIGTERM)
        made.process.wait(SECONDS_MOST)


@pytest.fixture
def running(home: Path) -> Iterator[House]:
    with house(home) as made:
        yield made


def test_it_serves_and_stops_and_leaves_nothing_behind(running: House) -> None:
    assert running.answers("/healthz") == 200
    with urllib.request.urlopen(f"http://127.0.0.1:{running.metrics_port}/metrics") as told:
        assert b"banyan_http_request_seconds" in told.read()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(SECONDS_MOST) == 0
    assert running.processes() == []
    # And once more on the same home.
    with house(running.home) as again:
        assert again.answers("/healthz") == 200


def test_a_second_one_on_the_same_home_is_refused(running: House) -> None:
    second = House(running.home)
    assert second.process.wait(SECONDS_MOST) == 1
    assert "already runs" in running.log.read_text()
    assert running.answers("/healthz") == 200


def test_what_dies_comes_back(running: House) -> None:
    (web,) = running.processes("banyan web")
    os.kill(web, signal.SIGKILL)
    until(lambda: running.processes("banyan web") not in ([], [web]), "web came back")
    until(lambda: running.answers("/readyz") == 200, "web answers again")

    (work,) = running.processes("banyan work")
    os.kill(work, signal.SIGKILL)
    until(lambda: running.processes("banyan work") not in ([], [work]), "work came back")

    pid_file = running.home / "postgres" / "data" / "postmaster.pid"
    postmaster = int(pid_file.read_text().split("\n", 1)[0])
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: running.answers("/healthz") == 200, "the web lives without the database")
    until(
        lambda: pid_file.exists() and not pid_file.read_text().startswith(f"{postmaster}\n"),
        "the database came back",
    )
    until(lambda: running.answers("/readyz") == 200, "everything is ready again")


def test_kill_9_of_the_supervisor_takes_everything_with_it(running: House) -> None:
    running.process.kill()
    running.process.wait()
    until(lambda: running.processes() == [], "every child ended")
    with house(running.home) as again:
        assert again.answers("/healthz") == 200
