"""`banyan crowd`: send people through the HTTP API, and hold the dashboard against the answers."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from banyan.app.crowd.access import Access, own_address, read_access
from banyan.app.crowd.campaign import open_campaign
from banyan.app.crowd.histories import History, group_buying, passing_on
from banyan.app.crowd.merchant import Merchant
from banyan.app.crowd.population import grow
from banyan.app.crowd.replay import Difference, Replay
from banyan.app.crowd.walk import Told, Walk
from banyan.app.crowd.wire import Wire
from banyan.kernel.settings import load

Source = Literal["beibei", "weibo"]
_FOLDERS = {"beibei": "beibei_groupbuy", "weibo": "weibo_casflow_sample"}
_PLAYS = {"beibei": "assist", "weibo": "referral"}

console = Console(stderr=True)


def crowd(  # noqa: PLR0913 - the options of a command
    *,
    people: int = 2000,
    campaign: str | None = None,
    k: float = 1.2,
    seed: int = 1,
    days: float = 3.0,
    codes: int = 50,
    at_once: int = 64,
    replay: Source | None = None,
    data: Path | None = None,
    groups: int = 100_000,
    address: str | None = None,
    key: Annotated[str | None, Parameter(env_var="BANYAN_CROWD_KEY")] = None,
) -> None:
    """Send a synthetic crowd, or real invitations, through the HTTP API.

    Parameters
    ----------
    people
        How many take part, at most.
    campaign
        Id of a live campaign made for the web; by default one is made.
    k
        How many new people everybody brings on average.
    seed
        The same seed is the same crowd.
    days
        Over how many days up to now the story is spread.
    codes
        How many prove their number by a one-time code from the outbox; the sandbox signs the rest in.
    at_once
        How many requests are under way at a time.
    replay
        Real invitations instead: `beibei` (group buying) or `weibo` (timed paths).
    data
        Folder of the files to replay.
    groups
        How many groups of `beibei` to replay.
    address
        Where the server is; by default this installation's.
    key
        API key of a sandbox workspace; by default the demo's.
    """
    settings = load()
    access = read_access(settings.home, address or own_address(settings), key)
    if access is None:
        console.print("No key: run `make run` once, or pass --key · 没有密钥：先运行 make run")
        sys.exit(2)
    work = (
        _replay(access, replay, data or Path(), groups=groups, seed=seed, at_once=at_once)
        if replay
        else _synthetic(
            access,
            people=people,
            campaign=campaign,
            k=k,
            seed=seed,
            days=days,
            codes=codes,
            at_once=at_once,
        )
    )
    try:
        is_equal = asyncio.run(work)
    except KeyboardInterrupt:
        console.print("Stopped; what was answered is kept · 已停止，已确认的都在")
        sys.exit(130)
    except FileNotFoundError as missing:
        console.print(f"{missing.filename}: not there · 没有这个文件")
        sys.exit(2)
    sys.exit(0 if is_equal else 1)


def progress() -> Progress:
    """Return a progress bar."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )


async def _synthetic(
    access: Access,
    *,
    people: int,
    campaign: str | None,
    k: float,
    seed: int,
    days: float,
    codes: int,
    at_once: int,
) -> bool:
    ends = datetime.now(UTC)
    begins = ends - timedelta(days=days)
    moves = grow(people, k, seed, begins, days)
    async with Wire(access.address, connections=at_once, key=access.key) as wire:
        merchant = Merchant(wire)
        campaign_id = campaign or await open_campaign(merchant, begins, ends, people)
        links = await merchant.links(campaign_id)
        before = await merchant.numbers(campaign_id)
        walk = Walk(wire, merchant, links, seed=seed, codes_for=codes, at_once=at_once)
        with progress() as bar:
            task = bar.add_task("人群 crowd", total=len(moves))
            await walk.go(moves, lambda done: bar.advance(task, done))
        told = walk.told
        shown = await merchant.settled_numbers(
            campaign_id, before["participants"] + len(told.joined)
        )
        return _report(campaign_id, wire, told, before, shown, k)


def _report(
    campaign_id: str,
    wire: Wire,
    told: Told,
    before: dict[str, Any],
    shown: dict[str, Any],
    k: float,
) -> bool:
    table = Table("", "answered 应答", "dashboard 看板", title=f"{campaign_id}")
    equal = True
    for name, answered in (("participants", len(told.joined)), ("new_people", len(told.brought))):
        on_board = shown[name] - before[name]
        equal &= answered == on_board
        table.add_row(
            name, str(answered), str(on_board), style=None if answered == on_board else "red"
        )
    growth = shown["k"]
    table.add_row("K", f"{k:.2f} (set)", _k(growth))
    table.add_row("grants", str(len(told.grants)), "")
    table.add_row("quests", str(told.quests), "")
    for reason, count in told.not_counted.most_common():
        table.add_row(f"not counted: {reason}", str(count), "")
    for code, count in told.refused.most_common():
        table.add_row(f"refused: {code}", str(count), "")
    table.add_row("requests", str(sum(wire.statuses.values())), f"repeated {wire.repeats}")
    console.print(table)
    return equal


def _k(growth: dict[str, Any]) -> str:
    if growth["value"] is None:
        return "–"
    if growth["low"] is None:
        return f"{growth['value']:.2f}"
    return f"{growth['value']:.2f} [{growth['low']:.2f}, {growth['high']:.2f}]"


def _held_against(compared: list[tuple[str, Difference]]) -> Table:
    """Return every figure that was compared: as the files tell it, and as the dashboard does."""
    table = Table("", "", "files 原始数据", "dashboard 看板")
    last = ""
    for name, (what, counted, shown) in compared:
        table.add_row(
            "" if name == last else name,
            what,
            str(counted),
            str(shown),
            style=None if counted == shown else "red",
        )
        last = name
    return table


async def _replay(
    access: Access, source: Source, data: Path, *, groups: int, seed: int, at_once: int
) -> bool:
    now = datetime.now(UTC)
    folder = data / _FOLDERS[source] if (data / _FOLDERS[source]).is_dir() else data
    if source == "beibei":
        # Long ago, so that everybody has had their time and K is the plain quotient of the files.
        histories = group_buying(folder, groups, now - timedelta(days=40))
    else:
        histories = passing_on(folder, now - timedelta(hours=1))
    found: list[tuple[History, Difference]] = []
    async with Wire(access.address, connections=at_once, key=access.key) as wire:
        replay = Replay(wire, Merchant(wire), play=_PLAYS[source], seed=seed, at_once=at_once)
        with progress() as bar:
            total = sum(len(history.invitations) for history in histories)
            task = bar.add_task(source, total=total)
            for history in histories:
                differences = await replay.play(
                    history,
                    lambda done: bar.advance(task, done),
                    lambda step, name=history.name: bar.update(task, description=f"{name}: {step}"),
                )
                found += [(history, difference) for difference in differences]
        for line in replay.summaries:
            console.print(line)
        console.print(_held_against(replay.compared))
        console.print(f"{sum(wire.statuses.values())} requests, {wire.repeats} repeated")
    for history, difference in found:
        console.print(
            f"[red]{history.name}: {difference.what}: "
            f"files {difference.counted}, dashboard {difference.shown}"
        )
    if not found:
        console.print("[green]The dashboard tells what the files tell · 看板与原始数据完全一致")
    return not found
