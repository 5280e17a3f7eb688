"""Verify: every invariant of every package, over every workspace, in one snapshot."""

import importlib
import pkgutil
import sys
import time
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

import banyan
from banyan.app.connected import connected
from banyan.app.recomputing import newest_recomputed, recompute_and_tell
from banyan.kernel.invariants import Finding, Invariant, check
from banyan.kernel.work import current_database


def invariants() -> list[tuple[str, Invariant]]:
    """Return every invariant with its package, found by each package's `invariants` module."""
    found: list[tuple[str, Invariant]] = []
    for package in pkgutil.iter_modules(banyan.__path__):
        if not package.ispkg:
            continue
        inside = importlib.import_module(f"banyan.{package.name}").__path__
        if any(module.name == "invariants" for module in pkgutil.iter_modules(inside)):
            module = importlib.import_module(f"banyan.{package.name}.invariants")
            found += [(package.name, invariant) for invariant in getattr(module, "INVARIANTS", ())]
    return found


def findings(
    *, most_seconds: int = 0, rest: Callable[[float], None] | None = None
) -> list[tuple[str, Finding]]:
    """Check every invariant on this process's database, all at the same moment.

    No single one may take longer than `most_seconds` (0: as long as it takes); the whole check
    is then given up with `psycopg.OperationalError`. `rest` is called after each with the seconds
    it took; what it raises gives the check up.
    """
    found: list[tuple[str, Finding]] = []
    with current_database().relay.connect() as connection, connection.begin():
        connection.execute(text("set transaction isolation level repeatable read, read only"))
        connection.execute(text(f"set local statement_timeout = '{most_seconds}s'"))
        for package, invariant in invariants():
            began = time.perf_counter()
            found.append((package, check(connection, invariant)))
            if rest is not None:
                rest(time.perf_counter() - began)
        return [*found, ("campaigns", newest_recomputed(connection))]


def verify(
    *,
    json: Annotated[bool, Parameter(negative=())] = False,
    recompute: Annotated[bool, Parameter(negative=())] = False,
    campaign: UUID | None = None,
    most: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
) -> None:
    """Check that every promise about stored rows holds; exit with 1 when one does not.

    Parameters
    ----------
    json
        Tell it as JSON.
    recompute
        Tell every quest's facts to its play once more instead, and compare what stands with it.
    campaign
        With `--recompute`: only the quests of this campaign.
    most
        With `--recompute`: this many quests at most. What nobody asked for at all is only looked
        for where every quest of a campaign is walked.
    """
    if recompute:
        if not recompute_and_tell(campaign, most):
            sys.exit(1)
        return
    began = time.perf_counter()
    with connected():
        found = findings()
    seconds = time.perf_counter() - began
    broken = [finding for _, finding in found if finding.count]
    if json:
        told = [
            {
                "package": package,
                "id": finding.invariant.id,
                "statement": finding.invariant.statement,
                "violations": finding.count,
                "examples": finding.violations,
            }
            for package, finding in found
        ]
        answer = {"whole": not broken, "seconds": round(seconds, 3), "invariants": told}
        sys.stdout.write(msgspec.json.encode(answer, enc_hook=str).decode() + "\n")
    else:
        _print(found, seconds)
    if broken:
        sys.exit(1)


def _print(found: list[tuple[str, Finding]], seconds: float) -> None:
    console = Console()
    table = Table("", "id", "promise", box=None, padding=(0, 1))
    for _, finding in found:
        mark = f"[red]✗ {finding.count}[/red]" if finding.count else "[green]✓[/green]"
        table.add_row(mark, finding.invariant.id, finding.invariant.statement)
        for example in finding.violations:
            table.add_row("", "", f"[red]{example}[/red]")
    console.print(table)
    broken = sum(1 for _, finding in found if finding.count)
    words = f"{broken} of {len(found)} are broken" if broken else f"all {len(found)} hold"
    console.print(f"{words} ({seconds:.2f} s)", style="red bold" if broken else "green bold")
