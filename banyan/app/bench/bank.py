"""The bank: pgbench's TPC-B on the same PostgreSQL, what the database does without a house."""

import subprocess

from banyan.app.bench import quiet
from banyan.app.bench.stack import Stack
from banyan.kernel.postgres import place, urls_of

SCALE = 10
CLIENTS = 64


class Bank:
    """TPC-B, 64 clients, over the same unix socket, with tables in a database of their own."""

    def __init__(self, stack: Stack) -> None:
        """Make the tables, or make them anew. Raises CalledProcessError when it cannot."""
        self._program = place(stack.home).programs / "pgbench"
        self._url = urls_of(stack.home, "postgres").superuser
        self._run("-i", "-q", "-s", str(SCALE))

    def __call__(self, seconds: float) -> float:
        """Return transactions per second over `seconds`."""
        quiet.wait()
        said = self._run("-n", "-c", str(CLIENTS), "-j", "2", "-T", str(max(1, round(seconds))))
        line = next(line for line in said.splitlines() if line.startswith("tps = "))
        return float(line.split()[2])

    def _run(self, *arguments: str) -> str:
        command = [str(self._program), *arguments, self._url]
        done = subprocess.run(  # noqa: S603 - the database's own program
            command, check=True, capture_output=True, text=True, timeout=300
        )
        return done.stdout
