"""The house under test: a `banyan serve` of its own in a scratch home, on ports of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Mapping
from pathlib import Path

import msgspec


def free_port() -> int:
    """Return a TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str, *, within: float) -> float:
    """Wait until `url` answers 200 and return the seconds it took. Raises TimeoutError."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < within:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            if answer.status == 200:  # noqa: PLR2004 - HTTP's OK
                return time.perf_counter() - begin
        time.sleep(0.02)
    msg = f"{url} did not answer within {within} s"
    raise TimeoutError(msg)


class Stack(msgspec.Struct):
    """A running house: where it is and what it was told."""

    home: Path
    port: int
    env: dict[str, str]

    @property
    def url(self) -> str:
        """The address it answers on."""
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def spawned(
    arguments: list[str], env: Mapping[str, str], log: Path
) -> Generator[subprocess.Popen[bytes]]:
    """Run a process of ours with its log in a file; end it, and what it started, when done."""
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 - our own program
            arguments, env=dict(env), stdout=out, stderr=out, start_new_session=True
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextlib.contextmanager
def house(home: Path, *, preload: Path | None = None) -> Generator[Stack]:
    """Serve an empty house (no demo) in `home`; with `preload`, every process loads it first."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    env = {
        **os.environ,
        "BANYAN_HOME": str(home),
        "BANYAN_PORT": str(port),
        "BANYAN_METRICS_PORT": str(free_port()),
        "BANYAN_BASE_URL": f"http://127.0.0.1:{port}",
        "BANYAN_DEMO": "0",
    }
    if preload is not None:
        env["LD_PRELOAD"] = str(preload)
    with spawned([sys.executable, "-m", "banyan", "serve"], env, home / "serve.log"):
        answers(f"http://127.0.0.1:{port}/readyz", within=90)
        yield Stack(home, port, env)


@contextlib.contextmanager
def beside(stack: Stack, name: str, told: Mapping[str, str]) -> Generator[str]:
    """Serve the same code on the same database, told otherwise; yield its address."""
    port = free_port()
    env = {
        **stack.env,
        "BANYAN_PORT": str(port),
        "BANYAN_METRICS_PORT": str(free_port()),
        **told,
    }
    with spawned([sys.executable, "-m", "banyan", "web"], env, stack.home / f"{name}.log"):
        url = f"http://127.0.0.1:{port}"
        answers(f"{url}/readyz", within=30)
        yield url


@contextlib.contextmanager
def bare_server(stack: Stack) -> Generator[str]:
    """Serve the bare handler by the same server with as many processes; yield its address."""
    port = free_port()
    processes = os.environ.get("BANYAN_WEB_PROCESSES") or str(min(2, os.cpu_count() or 1))
    command = [sys.executable, "-m", "banyan.app.bench.bare", str(port)]
    with contextlib.ExitStack() as stack_of_processes:
        for _ in range(int(processes)):
            stack_of_processes.enter_context(spawned(command, stack.env, stack.home / "bare.log"))
        url = f"http://127.0.0.1:{port}"
        begin = time.perf_counter()
        while time.perf_counter() - begin < 20:  # noqa: PLR2004 - seconds to start
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield url


__all__ = ["Stack", "answers", "bare_server", "beside", "free_port", "house", "spawned"]
