"""`banyan bench`: every figure of the report, or some, as a table or as JSON."""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from uuid import UUID

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from banyan import workspaces
from banyan.app.bench import (
    catalogue,
    clicks,
    field,
    fresh,
    grabs,
    grants,
    joins,
    orders,
    page,
    shim,
    start,
    teams,
    tree,
    wrk,
)
from banyan.app.bench.audit import every_invariant_holds
from banyan.app.bench.figures import Figure, figure
from banyan.app.bench.stack import house
from banyan.app.connected import connected
from banyan.kernel.settings import load
from banyan.kernel.work import SYSTEM, unit_of_work

ALL = (
    *("clicks", "joins", "orders", "catalogue", "teams", "grabs", "grants"),
    *("fresh", "tree", "start", "h5"),
)
HOUSED = frozenset(ALL) - {"start", "h5"}
SLOW = ("clicks", "joins", "orders", "fresh", "tree", "start")
"""What is measured once more with a slower disk."""
REPOSITORY = Path(__file__).resolve().parents[3]


def bench(
    *,
    json: Annotated[bool, Parameter(negative=())] = False,
    only: str = ",".join(ALL),
    rounds: int = 5,
    seconds: float = 4.0,
    fsync_ms: float = 1.0,
) -> None:
    """Measure on this machine; exit with 1 when a figure is missed, 2 when an audit fails.

    Args:
        json: print the report as JSON.
        only: the figures to take, of: clicks,joins,orders,catalogue,teams,grabs,grants,fresh,tree,
            start,h5.
        rounds: how often each pair is measured, in turn.
        seconds: how long each load lasts.
        fsync_ms: what every fsync costs more in the second run; 0 leaves that run out.

    """
    wanted = [name for name in ALL if name in only.split(",")]
    if {"clicks", "joins", "orders", "catalogue", "grabs"} & set(wanted) and not wrk.is_here():
        sys.exit("✗ wrk, the load generator, is not here (Debian: apt-get install wrk)")
    figures: list[Figure] = []
    scratch = Path(tempfile.mkdtemp(prefix="banyan-bench-"))
    scratch.chmod(0o711)  # the database's account passes through
    try:
        figures += _in_a_house(scratch / "plain", wanted, rounds, seconds, "", None)
        if fsync_ms and shim.is_possible():
            slow = [name for name in wanted if name in SLOW]
            preload = shim.build(scratch, added_ms=fsync_ms)
            label = f"_fsync_{fsync_ms:g}ms"
            figures += _in_a_house(scratch / "slow", slow, rounds, seconds, label, preload)
            if "start" in slow:
                figures.append(_start(scratch / "slow_start", rounds, label, preload))
        elif fsync_ms:
            say("no C compiler here: the run with a slower disk is left out")
        if "start" in wanted:
            figures.append(_start(scratch / "start", rounds, "", None))
        if "h5" in wanted:
            size = page.first_load_kb(REPOSITORY / "web" / "h5" / "dist")
            what = "participants' page, first load, script gzipped"
            figures.append(figure("h5_kb", what, [size], 100, at_least=False))
    except AssertionError as error:
        sys.stderr.write(f"✗ the audit failed: {error}\n")
        sys.exit(2)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _print(figures, as_json=json)
    if not all(one.reached for one in figures):
        sys.exit(1)


def say(words: str) -> None:
    """Tell how far it is, beside the report."""
    sys.stderr.write(f"▸ {words}\n")


def _in_a_house(
    home: Path, wanted: list[str], rounds: int, seconds: float, label: str, preload: Path | None
) -> list[Figure]:
    """Serve an empty house and measure in it; end with every invariant."""
    figures: list[Figure] = []
    if not HOUSED & set(wanted):
        return figures
    with house(home, preload=preload) as stack, connected(load(stack.env)):
        workspace_id = field.make_workspace()
        token = _token(workspace_id)
        measures: dict[str, Callable[[], list[Figure]]] = {
            "clicks": lambda: clicks.measure(stack, rounds=rounds, seconds=seconds, label=label),
            "tree": lambda: tree.measure(
                stack, token=token, workspace_id=workspace_id, label=label
            ),
            "fresh": lambda: fresh.measure(
                stack, token=token, workspace_id=workspace_id, rounds=min(rounds, 3), label=label
            ),
            "joins": lambda: joins.measure(stack, rounds=rounds, seconds=seconds, label=label),
            "teams": lambda: teams.measure(stack, rounds=rounds, seconds=seconds, label=label),
            "grabs": lambda: grabs.measure(stack, rounds=rounds, seconds=seconds, label=label),
            "grants": lambda: grants.measure(stack, rounds=rounds, seconds=seconds, label=label),
            "orders": lambda: orders.measure(stack, rounds=rounds, seconds=seconds, label=label),
            "catalogue": lambda: catalogue.measure(
                stack, rounds=rounds, seconds=seconds, label=label
            ),
        }
        for name, take in measures.items():
            if name in wanted:
                say(f"{name}{label}")
                figures += take()
        every_invariant_holds()
    return figures


def _start(home: Path, rounds: int, label: str, preload: Path | None) -> Figure:
    say(f"start{label}: the second `make run`")
    taken = start.second_start_s(REPOSITORY, home, rounds=min(rounds, 3), preload=preload)
    what = "second `make run` to its first answer"
    return figure("start_s" + label, what, taken, 5, at_least=False)


def _token(workspace_id: UUID) -> str:
    with unit_of_work(workspace_id, SYSTEM) as work:
        reader = frozenset({"campaigns.read"})
        return workspaces.create_key(work, name="bench", scopes=[*reader], within=reader).token


def _print(figures: list[Figure], *, as_json: bool) -> None:
    if as_json:
        report = {"figures": figures, "reached": all(one.reached for one in figures)}
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n")
        return
    table = Table("", "figure", "median", "lowest", "highest", "target", "what", box=None)
    for one in figures:
        table.add_row(
            "[green]✓[/green]" if one.reached else "[red]✗[/red]",
            one.name,
            f"{one.value:g}",
            f"{one.low:g}",
            f"{one.high:g}",
            "" if one.target is None else f"{'≥' if one.at_least else '≤'} {one.target:g}",
            one.what,
        )
    Console().print(table)
