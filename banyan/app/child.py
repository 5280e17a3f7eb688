"""One child process of the supervisor."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_SECONDS_MOST = 15
WELL_AFTER_SECONDS = 60
PAUSE_SECONDS_MOST = 30.0
LOG_BYTES_MOST = 20_000_000


class Child:
    """A process that is started again when it dies, after a pause that doubles each time."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        logs: Path | None,
        *,
        is_once: bool = False,
    ) -> None:
        """Remember how to start it; its output goes to a file in `logs`, or to ours when None."""
        self.name = name
        self.is_once = is_once
        self._command = list(command)
        self._env = dict(env)
        self._log = None if logs is None else logs / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._due_at = 0.0
        self._pause = 0.5

    @property
    def is_dead(self) -> bool:
        """Whether it was started and has ended."""
        return self._process is not None and self._process.poll() is not None

    @property
    def is_well_done(self) -> bool:
        """Whether it has ended, and well."""
        return self._process is not None and self._process.poll() == 0

    @property
    def pid(self) -> int | None:
        """Its process id, None before it is started."""
        return None if self._process is None else self._process.pid

    @property
    def where_it_says_why(self) -> str:
        """Where its last words are."""
        return "see above" if self._log is None else f"see {self._log}"

    def start(self) -> None:
        """Start it, in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self._started_at = time.monotonic()
        self._due_at = 0.0
        with contextlib.ExitStack() as stack:
            output = None
            if self._log is not None:
                self._log.parent.mkdir(exist_ok=True)
                if self._log.exists() and self._log.stat().st_size > LOG_BYTES_MOST:
                    self._log.replace(self._log.with_suffix(".log.1"))
                output = stack.enter_context(self._log.open("ab"))
            self._process = subprocess.Popen(  # noqa: S603 - our own program and arguments
                self._command,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def start_when_due(self) -> bool:
        """Start it again if its pause is over; True when it was started."""
        now = time.monotonic()
        if not self._due_at:
            lived = now - self._started_at
            self._pause = (
                0.5 if lived > WELL_AFTER_SECONDS else min(self._pause * 2, PAUSE_SECONDS_MOST)
            )
            self._due_at = now + self._pause
        if now < self._due_at:
            return False
        self._end_group()
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Send SIGTERM; does not wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float = STOP_SECONDS_MOST) -> None:
        """Wait until it has ended; kill it, and what it started, when it takes longer."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self._end_group()
        self._process.wait()

    def _end_group(self) -> None:
        """Kill what is left of its session: workers of a server that died before them."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
