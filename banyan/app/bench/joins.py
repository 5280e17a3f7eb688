"""Joins: quest supports with rewards, budget and events, all by distinct people.

Four loads in turn, round after round: the house as it is, spread over many campaigns; the same
with everybody in one campaign and on one budget; the same command with one transaction per
request; and the database's own TPC-B.
"""

import asyncio
from collections.abc import Sequence
from statistics import median
from uuid import UUID

from sqlalchemy import text

from banyan.app.bench import field, openloop, quiet
from banyan.app.bench.audit import AuditError, every_invariant_holds
from banyan.app.bench.bank import Bank
from banyan.app.bench.figures import Figure, figure, ratio
from banyan.app.bench.load import send
from banyan.app.bench.stack import Stack, beside
from banyan.kernel.work import across_workspaces

CONNECTIONS = 256
MANY_CONNECTIONS = 2000
CAMPAIGNS = 100
QUESTS_EACH = 20
WARM_PER_S = 12_000
"""What the first, unmeasured round is prepared for; later ones for 1.5 times the best so far."""


def measure(stack: Stack, *, rounds: int, seconds: float, label: str) -> list[Figure]:
    """Return the figures of joins; raise `AuditError` when one support, grant or cent is off."""
    folder = stack.home / "bench"
    folder.mkdir(exist_ok=True)
    workspace_id = field.make_workspace()
    many = field.make_campaigns(workspace_id, CAMPAIGNS)
    one = field.make_campaigns(workspace_id, 1)
    spread = field.start_quests(workspace_id, many, QUESTS_EACH)
    hot = field.start_quests(workspace_id, one, CAMPAIGNS * QUESTS_EACH)
    ours: list[float] = []
    on_one: list[float] = []
    singly: list[float] = []
    tpcb: list[float] = []
    answered = 0

    best: dict[str, float] = {}

    def load(url: str, quests: Sequence[field.Quest]) -> float:
        nonlocal answered
        supposed_per_s = 1.5 * best[url] if url in best else WARM_PER_S
        people = field.make_people(workspace_id, int(supposed_per_s * seconds))
        requests = field.supports(workspace_id, quests, people, "127.0.0.1")
        run = send(url, requests, folder=folder, connections=CONNECTIONS, seconds=seconds)
        if run.failed:
            msg = f"{run.failed} of {run.requests} supports failed"
            raise AuditError(msg)
        answered += run.requests
        best[url] = max(best.get(url, 0), run.per_second)
        return run.per_second

    one_each = {"BANYAN_SUPPORT_BATCH": "1", "BANYAN_SUPPORT_LANES": "16"}
    with beside(stack, "singly", one_each) as alone:
        bank = Bank(stack)
        load(stack.url, spread)  # warm caches, connections and plans
        load(alone, spread)
        runs = 2
        for _ in range(rounds):
            ours.append(load(stack.url, spread))
            singly.append(load(alone, spread))
            on_one.append(load(stack.url, hot))
            tpcb.append(bank(seconds))
            runs += 3
    _audit(workspace_id, [*many, *one], answered, runs * CONNECTIONS)
    peak = sorted(ours)[len(ours) // 2]
    halves = [
        openloop.run(_exact(stack, workspace_id, spread, peak / 2, seconds)) for _ in range(rounds)
    ]
    openloop.run(_many_connections(stack, workspace_id, spread))
    every_invariant_holds()
    return [
        ratio(
            "joins_ratio" + label,
            "supports/s, 256 connections ÷ the same command, one transaction per request",
            ours,
            singly,
            5,
        ),
        ratio("joins_tpcb_ratio" + label, "supports/s ÷ pgbench TPC-B, 64 clients", ours, tpcb, 1),
        ratio(
            "joins_hot_ratio" + label,
            "one campaign, one budget ÷ spread over 100 campaigns",
            on_one,
            ours,
            0.8,
        ),
        figure(
            "joins_p99_ms" + label,
            "p99 of a support at half the peak rate, open loop",
            [p99 * 1000 for p99, _ in halves],
            100,
            at_least=False,
            detail={
                "rate_per_s": peak / 2,
                "p50_ms": median(p50 * 1000 for _, p50 in halves),
            },
        ),
    ]


async def _exact(
    stack: Stack, workspace_id: UUID, quests: Sequence[field.Quest], rate: float, seconds: float
) -> tuple[float, float]:
    """Support at `rate` on a timetable; return the p99 and the median in seconds.

    Every answer must be in the books once, and nothing besides.
    """
    people = field.make_people(workspace_id, int(rate * seconds))
    before = _count(workspace_id)
    requests = field.supports(workspace_id, quests, people, "127.0.0.1")
    connections = await openloop.connect("127.0.0.1", stack.port, CONNECTIONS)
    await asyncio.to_thread(quiet.wait)
    waits, statuses = await openloop.drive(connections, requests, per_second=rate)
    if any(status != 201 for status in statuses):  # noqa: PLR2004 - HTTP's Created
        msg = f"supports were refused at half the peak rate: {sorted(set(statuses))}"
        raise AuditError(msg)
    kept = _count(workspace_id) - before
    if kept != len(people):
        msg = f"{len(people)} supports were answered, {kept} are in the books"
        raise AuditError(msg)
    waits.sort()
    return waits[int(len(waits) * 0.99)], waits[len(waits) // 2]


async def _many_connections(
    stack: Stack, workspace_id: UUID, quests: Sequence[field.Quest]
) -> None:
    """Hold 2,000 connections open, each with a support: none may fail."""
    people = field.make_people(workspace_id, MANY_CONNECTIONS * 2)
    requests = field.supports(workspace_id, quests, people, "127.0.0.1")
    connections = await openloop.connect("127.0.0.1", stack.port, MANY_CONNECTIONS)
    for turn in range(2):
        mine = requests[turn * MANY_CONNECTIONS : (turn + 1) * MANY_CONNECTIONS]
        asked = [one.ask(request) for one, request in zip(connections, mine, strict=True)]
        statuses = {status for status, _ in await asyncio.gather(*asked)}
        if statuses != {201}:
            msg = f"with {MANY_CONNECTIONS} connections some answers were {sorted(statuses)}"
            raise AuditError(msg)


def _count(workspace_id: UUID) -> int:
    with across_workspaces() as connection:
        statement = text("select count(*) from supports where workspace_id = :w and counted")
        return int(connection.execute(statement, {"w": workspace_id}).scalar_one())


def _audit(workspace_id: UUID, campaign_ids: Sequence[UUID], answered: int, unread: int) -> None:
    """Every answered support stands once with its two grants and their cost.

    A load that stops leaves at most one unread answer per connection (`unread`).
    """
    with across_workspaces() as connection:
        one = connection.execute(
            text(
                "select (select count(*) from supports where workspace_id = :w and counted),"
                " (select count(*) from grants where workspace_id = :w),"
                " (select coalesce(sum(cost_minor), 0) from grants where workspace_id = :w)"
            ),
            {"w": workspace_id},
        ).one()
    supports, grants, cost = (int(number) for number in one)
    if not answered <= supports <= answered + unread:
        msg = f"{answered} supports were answered, {supports} are in the books"
        raise AuditError(msg)
    if grants != 2 * supports or cost != grants * field.REWARD_MINOR:
        msg = f"{supports} supports, {grants} grants, {cost} spent over {len(campaign_ids)}"
        raise AuditError(msg)
