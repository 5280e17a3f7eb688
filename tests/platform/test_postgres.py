"""The embedded server: nothing acknowledged is lost, nothing stale stops it, one owner a home."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from banyan.kernel.postgres import EmbeddedPostgres, HomeInUse, PostgresFailed
from banyan.kernel.postgres.placement import SOCKET_PATH_MOST_BYTES

ROUNDS = 6


def children_of(pid: int) -> list[int]:
    out = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(word) for word in out.stdout.split()]


def postmaster_pid(server: EmbeddedPostgres) -> int:
    return int((server.placement.data / "postmaster.pid").read_text().split("\n", 1)[0])


def lives(pid: int) -> bool:
    """Whether `pid` is a process that has not ended; one that nobody reaped has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Writer(threading.Thread):
    """Inserts one number after the other and remembers each that was acknowledged."""

    def __init__(self, url: str, first: int) -> None:
        super().__init__()
        self.url = url
        self.acknowledged: list[int] = []
        self.first = first

    def run(self) -> None:
        try:
            with psycopg.connect(self.url, autocommit=True) as connection:
                number = self.first
                while True:
                    connection.execute("insert into numbers values (%s)", [number])
                    self.acknowledged.append(number)
                    number += 1
        except psycopg.OperationalError:
            return


def test_kill_9_loses_no_acknowledged_row(home: Path) -> None:
    acknowledged: set[int] = set()
    for nth in range(ROUNDS):
        server = EmbeddedPostgres(home)
        urls = server.start()
        with psycopg.connect(urls.owner) as connection:
            connection.execute("create table if not exists numbers (number bigint primary key)")
        writers = [Writer(urls.owner, (nth * 4 + each) * 1_000_000) for each in range(4)]
        for writer in writers:
            writer.start()
        while sum(len(writer.acknowledged) for writer in writers) < 400:
            time.sleep(0.005)
        postmaster = postmaster_pid(server)
        # The whole tree at once, as a machine that loses its memory.
        for pid in [postmaster, *children_of(postmaster)]:
            os.kill(pid, signal.SIGKILL)
        for writer in writers:
            writer.join(30)
            acknowledged.update(writer.acknowledged)
        server.stop()
    with EmbeddedPostgres(home) as server, psycopg.connect(server.urls().owner) as connection:
        found = {number for (number,) in connection.execute("select number from numbers")}
    assert len(acknowledged) >= ROUNDS * 400
    assert acknowledged <= found
    # Each writer had at most one row under way when the server died.
    assert len(found - acknowledged) <= ROUNDS * 4


def test_a_stale_pid_file_that_names_a_stranger_does_not_stop_it(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        text = (server.placement.data / "postmaster.pid").read_text().split("\n")
        os.kill(postmaster_pid(server), signal.SIGKILL)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        text[0] = str(stranger.pid)
        (server.placement.data / "postmaster.pid").write_text("\n".join(text))
        with EmbeddedPostgres(home) as again, psycopg.connect(again.urls().app) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


SUPERVISOR = """
import sys, time
from pathlib import Path
from banyan.kernel.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print("up", flush=True)
time.sleep(60)
"""


def supervisor(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(home)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_a_home_has_one_owner(home: Path) -> None:
    with supervisor(home) as first:
        with pytest.raises(HomeInUse):
            EmbeddedPostgres(home).start()
        first.kill()


def test_the_server_of_a_killed_supervisor_makes_room(home: Path) -> None:
    with supervisor(home) as first:
        pid = int((home / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        first.kill()
    with EmbeddedPostgres(home) as server:
        assert postmaster_pid(server) != pid
        assert not lives(pid)


def test_a_half_made_data_directory_is_made_anew(home: Path) -> None:
    (home / "postgres" / "data-being-made").mkdir(parents=True)
    (home / "postgres" / "data-being-made" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(home) as server:
        assert server.is_running


def test_foreign_data_is_refused_with_words(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass
    (home / "postgres" / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(PostgresFailed, match="17"):
        EmbeddedPostgres(home).start()


def test_a_deep_home_has_a_short_socket(home: Path) -> None:
    deep = home / ("a" * 60) / ("b" * 60)
    with EmbeddedPostgres(deep) as server:
        sockets = server.placement.sockets
        assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= SOCKET_PATH_MOST_BYTES
        assert sockets.stat().st_mode & 0o777 == 0o700
        with psycopg.connect(server.urls().app) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    sockets.rmdir()


def test_only_the_password_opens_it(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        url = server.urls().superuser
        wrong = url.replace(url.split(":")[2].split("@")[0], "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        with psycopg.connect(url) as connection:
            told = dict(
                connection.execute(
                    "select name, setting from pg_settings where name = any(%s)",
                    [["listen_addresses", "fsync", "synchronous_commit", "data_checksums"]],
                ).fetchall()
            )
    assert told == {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
    }


def test_the_server_log_quotes_no_row(home: Path) -> None:
    with (
        EmbeddedPostgres(home) as server,
        psycopg.connect(server.urls().owner, autocommit=True) as connection,
    ):
        connection.execute("create table phones (phone text primary key)")
        connection.execute("insert into phones values ('13800138000')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into phones values ('13800138000')")
    log = (home / "logs" / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "13800138000" not in log
