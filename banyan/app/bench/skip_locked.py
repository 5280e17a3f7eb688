"""The reference of grabs: shares as rows, each taken by its own `update … skip locked`."""

import subprocess
from pathlib import Path

import psycopg

from banyan.app.bench import quiet
from banyan.kernel.postgres import place, urls_of

TAKE = """
update bench_shares set taken_by = :client_id
where id = (select id from bench_shares where taken_by is null
            order by id limit 1 for update skip locked)
"""


class Shares:
    """One packet of raw rows over the same server, and pgbench to take them."""

    def __init__(self, home: Path) -> None:
        """Remember where the database and its programs are."""
        self._program = place(home).programs / "pgbench"
        self._url = urls_of(home, "postgres").superuser
        self._script = home / "bench" / "take.sql"

    def run(self, shares: int, clients: int) -> float:
        """Lay `shares` rows and let `clients` take all of them, each transaction one; shares/s.

        Raises AssertionError when one is left or was taken twice.
        """
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("drop table if exists bench_shares")
            connection.execute(
                "create table bench_shares (id int primary key, amount int, taken_by int)"
            )
            connection.execute(
                "insert into bench_shares select n, 200, null from generate_series(1, %s) n",
                (shares,),
            )
            connection.execute("create index on bench_shares (id) where taken_by is null")
            connection.execute("vacuum analyze bench_shares")
        self._script.write_text(" ".join(TAKE.split()) + "\n")
        arguments = ["-n", "-c", str(clients), "-j", "2", "-t", str(shares // clients)]
        quiet.wait()
        done = subprocess.run(  # noqa: S603 - the database's own program
            [str(self._program), *arguments, "-f", str(self._script), self._url],
            check=True,
            capture_output=True,
            text=True,
            timeout=300,
        )
        with psycopg.connect(self._url) as connection:
            row = connection.execute(
                "select count(*) from bench_shares where taken_by is not null"
            ).fetchone()
        wanted = shares // clients * clients
        if row is None or row[0] != wanted:
            msg = f"{wanted} shares were asked for, {row} taken"
            raise AssertionError(msg)
        line = next(line for line in done.stdout.splitlines() if line.startswith("tps = "))
        return float(line.split()[2])
