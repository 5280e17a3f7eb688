"""How long the second `make run` takes to its first answer."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from banyan.app.bench.stack import answers, free_port


def second_start_s(
    repository: Path, home: Path, *, rounds: int, preload: Path | None
) -> list[float]:
    """Run `make run` once to set `home` up, then `rounds` times more; return the later seconds.

    With `preload`, every process loads it first.
    Each lasts from the spawn of `make` to the first 200 of the console's page.
    """
    taken: list[float] = []
    for nth in range(rounds + 1):
        port = free_port()
        env = {
            **os.environ,
            "BANYAN_HOME": str(home),
            "BANYAN_PORT": str(port),
            "BANYAN_METRICS_PORT": str(free_port()),
            "BANYAN_DEMO": "0",
        }
        if preload is not None:
            env["LD_PRELOAD"] = str(preload)
        begin = time.perf_counter()
        process = subprocess.Popen(
            ["make", "-s", "run"],  # noqa: S607 - the project's own command
            cwd=repository,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            answers(f"http://127.0.0.1:{port}/console/", within=120)
            if nth:
                taken.append(time.perf_counter() - begin)
        finally:
            # Ctrl-C goes to the whole foreground group, as a terminal sends it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=60)
    return taken
