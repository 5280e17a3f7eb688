"""Recompute: every quest's facts told to its play once more, against what stands."""

import time
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from rich.console import Console
from sqlalchemy import Connection, text

from banyan import campaigns
from banyan.app.connected import connected
from banyan.campaigns import Difference, Recount
from banyan.kernel.invariants import Finding, Invariant
from banyan.kernel.work import current_database

NEWEST: Final = Invariant(
    "I-G6r",
    "The newest quests stand as their plays, told the same facts again, make them stand",
    "",
)
"""Asked of the plays, not of the database: it has no query."""
MOST_TOLD: Final = 200


def newest_recomputed(connection: Connection) -> Finding:
    """Recompute the newest quests on `connection`, whose role must see every workspace."""
    count = campaigns.recompute_latest(driver_of(connection))
    return Finding(NEWEST, [each._asdict() for each in count.differences])


def driver_of(connection: Connection) -> psycopg.Connection[Any]:
    """Return the driver's connection below `connection`."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        msg = "the database driver is psycopg"
        raise TypeError(msg)
    return cast("psycopg.Connection[Any]", driver)


def recompute_and_tell(campaign_id: UUID | None = None, most: int | None = None) -> bool:
    """Recompute quests and print what was found; return whether everything follows."""
    began, console, count = time.perf_counter(), Console(), Recount()
    with connected(), current_database().relay.connect() as connection, connection.begin():
        connection.execute(text("set transaction isolation level repeatable read, read only"))
        with console.status("…") as status:
            for count in campaigns.recompute(
                driver_of(connection), campaign_id=campaign_id, most=most
            ):
                status.update(f"{count.quests:,} quests · 任务, {count.facts:,} facts · 事实")
    for line in said(count):
        console.print(line, markup=False, soft_wrap=True)
    seconds = time.perf_counter() - began
    wrong = len(count.differences)
    words = (
        f"{wrong} 处与事实不符 · {wrong} do not follow from the facts"
        if wrong
        else "全部相符 · all of it follows"
    )
    console.print(f"{words} ({seconds:.2f} s)", style="red bold" if wrong else "green bold")
    return not wrong


def said(count: Recount) -> list[str]:
    """Return what a walk has found, a line each; of the differences the first `MOST_TOLD`."""
    lines = [_difference(each) for each in count.differences[:MOST_TOLD]]
    more = len(count.differences) - len(lines)
    if more:
        lines.append(f"… {more:,} more · 还有 {more:,} 处")
    lines.append(
        f"重算 {count.quests:,} 个任务、{count.facts:,} 条事实、{count.grants:,} 份奖励、"
        f"{count.orders:,} 个订单、{count.packets:,} 个红包 · "
        f"recomputed {count.quests:,} quests, {count.facts:,} facts, {count.grants:,} grants, "
        f"{count.orders:,} orders, {count.packets:,} packets"
    )
    if count.before:
        lines.append(
            f"跳过 {count.before:,} 个早于事实留存的任务 · "
            f"passed over {count.before:,} quests from before facts were kept"
        )
    if count.unplayed:
        lines.append(
            f"跳过 {count.unplayed:,} 个玩法未安装的任务 · "
            f"passed over {count.unplayed:,} quests whose play is not installed"
        )
    return lines


def _difference(found: Difference) -> str:
    where = f"campaign {found.campaign_id}"
    if found.quest_id is not None:
        where += f" quest {found.quest_id}"
    return f"✗ {where}: {found.what}: stands {found.stands}, recomputed {found.recomputed}"


__all__ = ["newest_recomputed", "recompute_and_tell", "said"]
