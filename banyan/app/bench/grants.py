"""Grants: the set-wise path with its ledger against rows inserted one by one."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import text

from banyan import rewards
from banyan.app import memory
from banyan.app.bench import field, quiet
from banyan.app.bench.audit import AuditError
from banyan.app.bench.figures import Figure, ratio
from banyan.app.bench.stack import Stack
from banyan.app.connected import connected
from banyan.app.hot import committed
from banyan.kernel.ids import new_ids
from banyan.kernel.postgres import place, urls_of
from banyan.kernel.settings import load
from banyan.kernel.work import Work, across_workspaces
from banyan.rewards import GrantOutcome, GrantRequest

AT_ONCE = 1_000
PROCESSES = 2
"""As many as serve: each carries out one set at a time."""
PEOPLE = 20_000
LEAD_SECONDS = 0.5
CLIENTS = 16
_inside = ExitStack()


def measure(stack: Stack, *, rounds: int, seconds: float, label: str) -> list[Figure]:
    """Return the figure of grants; raise `AuditError` when one grant or cent is off."""
    (stack.home / "bench").mkdir(exist_ok=True)
    workspace_id = field.make_workspace()
    (campaign_id,) = field.make_campaigns(workspace_id, 1)
    people = field.make_people(workspace_id, PEOPLE)
    bank = Rows(stack.home)
    ours: list[float] = []
    theirs: list[float] = []
    made = 0
    with get_context("spawn").Pool(PROCESSES, _enter, (stack.env,)) as givers:
        for nth in range(rounds + 1):
            quiet.wait()
            begin = time.time() + LEAD_SECONDS
            tasks = [
                (workspace_id, campaign_id, people[each::PROCESSES], begin, seconds)
                for each in range(PROCESSES)
            ]
            counts = givers.starmap(_grant_for, tasks)
            made += sum(counts)
            reference = bank.insert(seconds)
            if nth:
                ours.append(sum(counts) / seconds)
                theirs.append(reference)
    _audit(workspace_id, campaign_id, made)
    return [
        ratio(
            "grants_ratio" + label,
            "ledger-backed grants/s, set-wise ÷ single-row inserts/s, 16 connections",
            ours,
            theirs,
            2,
        )
    ]


def _enter(env: Mapping[str, str]) -> None:
    """Let this process grant in the house, as one of its own would, until it ends."""
    _inside.enter_context(connected(load(env)))
    memory.settle()


def _grant_for(
    workspace_id: UUID, campaign_id: UUID, people: Sequence[UUID], begin: float, seconds: float
) -> int:
    """Give from `begin` (unix seconds) for `seconds`, a transaction a set; return how many in time."""
    waiting = cycle(people)

    def give(work: Work, is_again: bool) -> Sequence[GrantOutcome]:  # noqa: FBT001 - the command's shape
        return rewards.grant(work, wanted, is_careful=is_again)

    time.sleep(max(0.0, begin - time.time()))
    count = 0
    while True:
        wanted = [
            GrantRequest(campaign_id, "bench", person, cause, "host", "测试", "Bench")
            for person, cause in zip(islice(waiting, AT_ONCE), new_ids(AT_ONCE), strict=True)
        ]
        outcomes = committed((workspace_id, None), give)
        if any(outcome.status != "granted" for outcome in outcomes):
            msg = "a grant was refused"
            raise AuditError(msg)
        count += AT_ONCE
        if time.time() - begin >= seconds:
            return count


class Rows:
    """pgbench: one row and its key, one transaction each."""

    def __init__(self, home: Path) -> None:
        """Remember where the database and its programs are."""
        self._program = place(home).programs / "pgbench"
        self._url = urls_of(home, "postgres").superuser
        self._script = home / "bench" / "insert.sql"

    def insert(self, seconds: float) -> float:
        """Insert for `seconds` into an empty table; return rows per second."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("drop table if exists bench_rows")
            connection.execute(
                "create table bench_rows (id uuid primary key, who uuid, rule text, amount bigint,"
                " at timestamptz default now())"
            )
        self._script.write_text(
            "insert into bench_rows values (gen_random_uuid(), gen_random_uuid(), 'bench', 100)\n"
        )
        arguments = ["-n", "-c", str(CLIENTS), "-j", "2", "-T", str(max(1, round(seconds)))]
        quiet.wait()
        done = subprocess.run(  # noqa: S603 - the database's own program
            [str(self._program), *arguments, "-f", str(self._script), self._url],
            check=True,
            capture_output=True,
            text=True,
            timeout=300,
        )
        line = next(line for line in done.stdout.splitlines() if line.startswith("tps = "))
        return float(line.split()[2])


def _audit(workspace_id: UUID, campaign_id: UUID, made: int) -> None:
    """As many grants as were given, and what they cost is what the budget has spent."""
    with across_workspaces() as connection:
        count, cost, spent = connection.execute(
            text(
                "select (select count(*) from grants where campaign_id = :c),"
                " (select sum(cost_minor) from grants where campaign_id = :c),"
                " (select balance_minor from ledger_accounts where workspace_id = :w"
                "   and key = :spent)"
            ),
            {"w": workspace_id, "c": campaign_id, "spent": f"campaign:{campaign_id}:spent"},
        ).one()
    if not (count == made and cost == spent == made * field.REWARD_MINOR):
        msg = f"{made} grants were given: {count} stand, cost {cost}, spent {spent}"
        raise AuditError(msg)
