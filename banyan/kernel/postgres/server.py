"""The supervisor of an embedded PostgreSQL server.

Two locks keep a home to one owner. `postgres.owner` is held by the supervisor. `postgres.server` is
held by the server itself: its descriptor is handed to the postmaster and, by fork, to every
backend, so that whoever gets it knows that no process of an older server is left, and that a
`postmaster.pid` found there is stale whatever process now has its number.
"""

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg

from banyan.kernel.postgres.placement import Placement, place
from banyan.kernel.postgres.roles import (
    Urls,
    make_database,
    make_roles,
    read_passwords,
    urls,
)
from banyan.kernel.postgres.tuning import ACCESS, configuration
from banyan.kernel.roles import SUPERUSER

RECOVERY_SECONDS_MOST = 600
STOP_SECONDS_MOST = 30
ORPHAN_SECONDS_MOST = 60
LOG_BYTES_MOST = 20_000_000


class HomeInUse(Exception):  # noqa: N818 - says what is so
    """Another supervisor holds this home."""


class PostgresFailed(Exception):  # noqa: N818 - says what happened
    """The server did not start; the message ends with the last lines of its log."""


def urls_of(home: Path, database: str = "banyan") -> Urls:
    """Return the addresses of the server of `home`, running or not."""
    home = home.resolve()
    return urls(read_passwords(home / "keys"), place(home).sockets, database)


class EmbeddedPostgres:
    """One server on one home, a child of this process.

    Start it from a thread that lives as long as the server should: the kernel stops it (cleanly)
    when that thread is gone.
    """

    def __init__(self, home: Path, *, extra: Mapping[str, str] | None = None) -> None:
        """Remember the home; nothing is created yet. `extra` overrides server settings by name."""
        self.home = home.resolve()
        self._extra = dict(extra or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._owner_lock: IO[str] | None = None
        self._placement: Placement | None = None
        self._passwords: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    @property
    def is_running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def placement(self) -> Placement:
        """Where it lives. Raises RuntimeError before `start`."""
        if self._placement is None:
            msg = "the server has not been started"
            raise RuntimeError(msg)
        return self._placement

    def urls(self, database: str = "banyan") -> Urls:
        """Return the addresses of `database` on this server."""
        return urls(self._passwords, self.placement.sockets, database)

    def start(self) -> Urls:
        """Start the server, on a new data directory if there is none, and return its addresses.

        Returns when it takes connections, crash recovery included. Does nothing when it runs.
        Raises HomeInUse, PlacementImpossible or PostgresFailed.
        """
        if self.is_running:
            return self.urls()
        self._placement = place(self.home)
        self._hold_home()
        try:
            self._passwords = read_passwords(self.home / "keys")
            with self._server_lock() as lock:
                if not self.placement.data.exists():
                    self._make_data()
                self._check_version()
                self._spawn(lock.fileno())
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self.urls()

    def stop(self) -> None:
        """Stop the server: connections are cut, everything is flushed. Harmless when it is not up."""
        process, self._process = self._process, None
        if process is not None:
            for sign, seconds in (
                (signal.SIGINT, STOP_SECONDS_MOST),
                (signal.SIGQUIT, STOP_SECONDS_MOST),
                (signal.SIGKILL, STOP_SECONDS_MOST),
            ):
                if process.poll() is None:
                    process.send_signal(sign)
                try:
                    process.wait(seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
        if self._owner_lock is not None:
            self._owner_lock.close()
            self._owner_lock = None

    def make_database(self, name: str, *, template: str = "template1") -> Urls:
        """Make the database `name` unless it is there, and return its addresses."""
        with psycopg.connect(self.urls("postgres").superuser, autocommit=True) as connection:
            make_database(connection, name, template=template)
        return self.urls(name)

    def _hold_home(self) -> None:
        if self._owner_lock is not None:
            return
        held = (self.home / "run" / "postgres.owner").open("a+")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.close()
            msg = f"another process runs Banyan on {self.home}"
            raise HomeInUse(msg) from None
        self._owner_lock = held

    def _server_lock(self) -> IO[str]:
        """Return the server's lock once nothing of an older server lives; ask an orphan to go."""
        held = (self.home / "run" / "postgres.server").open("a+")
        started = time.monotonic()
        sign = signal.SIGINT
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waited = time.monotonic() - started
                if waited > ORPHAN_SECONDS_MOST:
                    held.close()
                    msg = f"an older server of {self.home} does not stop"
                    raise PostgresFailed(msg) from None
                if waited > ORPHAN_SECONDS_MOST / 2:
                    sign = signal.SIGQUIT
                self._signal_orphan(sign)
                time.sleep(0.05)
            else:
                # Nobody of an older server lives, so the number in this file names a stranger.
                (self.placement.data / "postmaster.pid").unlink(missing_ok=True)
                return held

    def _signal_orphan(self, sign: signal.Signals) -> None:
        """Signal the postmaster whose supervisor died, if the pid file still names it."""
        try:
            pid = int((self.placement.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline")
            # Where there is no /proc the lock alone vouches for it.
            if Path("/proc/self").exists() and os.fsencode(self.placement.data) not in (
                command.read_bytes()
            ):
                return
            os.kill(pid, sign)
        except (OSError, ValueError):
            return

    def _environment(self) -> dict[str, str]:
        """Return what the programs may know of ours: no secret of the parent's environment."""
        return {"PATH": str(self.placement.programs), "LC_ALL": "C", "TZ": "UTC"}

    @property
    def _user(self) -> int | None:
        return self.placement.account.uid if self.placement.account else None

    @property
    def _group(self) -> int | None:
        return self.placement.account.gid if self.placement.account else None

    @property
    def _no_groups(self) -> list[int] | None:
        return [] if self.placement.account else None

    def _make_data(self) -> None:
        """Make the data directory beside its place and move it there whole."""
        half = self.placement.data.with_name("data-being-made")
        if half.exists():
            shutil.rmtree(half)
        password = self.placement.data.with_name("superuser-password")
        descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as written:
            written.write(self._passwords[SUPERUSER])
        if self.placement.account is not None:
            os.chown(password, self.placement.account.uid, self.placement.account.gid)
        try:
            made = subprocess.run(  # noqa: S603 - our own program and arguments
                [
                    self.placement.programs / "initdb",
                    f"--pgdata={half}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={password}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--data-checksums",
                ],
                capture_output=True,
                check=False,
                cwd=self.placement.data.parent,
                env=self._environment(),
                umask=0o077,
                user=self._user,
                group=self._group,
                extra_groups=self._no_groups,
            )
        finally:
            password.unlink()
        if made.returncode:
            raise PostgresFailed(made.stderr.decode(errors="replace"))
        half.rename(self.placement.data)

    def _check_version(self) -> None:
        there = (self.placement.data / "PG_VERSION").read_text().strip()
        told = subprocess.run(  # noqa: S603 - our own program
            [self.placement.programs / "postgres", "--version"],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        if there != told.split()[-1].split(".")[0]:
            msg = f"the data is PostgreSQL {there}'s, but here is {told.strip()}: see pg_upgrade"
            raise PostgresFailed(msg)

    def _spawn(self, lock: int) -> None:
        data = self.placement.data
        (data / "banyan.conf").write_text(configuration(self.placement.sockets, self._extra))
        (data / "pg_hba.conf").write_text(ACCESS)
        if self.placement.account is not None:
            for file in (data / "banyan.conf", data / "pg_hba.conf"):
                os.chown(file, self.placement.account.uid, self.placement.account.gid)
        log = self.home / "logs" / "postgres.log"
        log.parent.mkdir(exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_BYTES_MOST:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as written:
            self._process = subprocess.Popen(  # noqa: S603 - our own program and arguments
                [
                    self.placement.programs / "postgres",
                    "-D",
                    data,
                    "-c",
                    f"config_file={data / 'banyan.conf'}",
                ],
                stdout=written,
                stderr=written,
                stdin=subprocess.DEVNULL,
                pass_fds=(lock,),
                preexec_fn=_stop_with_parent(),  # noqa: PLW1509 - one system call, no lock taken
                start_new_session=True,
                cwd=data.parent,
                env=self._environment(),
                umask=0o077,
                user=self._user,
                group=self._group,
                extra_groups=self._no_groups,
            )

    def _wait_until_ready(self) -> None:
        """Wait for the first connection, then make what is missing: roles and the database."""
        until = time.monotonic() + RECOVERY_SECONDS_MOST
        while True:
            if not self.is_running:
                raise PostgresFailed(self._end_of_log())
            try:
                connection = psycopg.connect(self.urls("postgres").superuser, autocommit=True)
            except psycopg.OperationalError as error:
                if "authentication failed" in str(error):
                    msg = f"{self.home / 'keys' / 'postgres.json'} does not fit the data"
                    raise PostgresFailed(msg) from error
                if time.monotonic() > until:
                    raise PostgresFailed(self._end_of_log()) from error
                time.sleep(0.01)
                continue
            with connection:
                make_roles(connection, self._passwords)
                make_database(connection)
            return

    def _end_of_log(self) -> str:
        log = self.home / "logs" / "postgres.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-12:])


def _stop_with_parent() -> Callable[[], None] | None:
    """Return what a child runs so that the kernel tells it to shut down when its parent dies."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    set_parent_death_signal = 1

    def ask() -> None:
        prctl(set_parent_death_signal, int(signal.SIGINT))

    return ask
