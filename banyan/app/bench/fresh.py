"""Freshness: from an answered support to the live number that counts it."""

import asyncio
import contextlib
from statistics import median
from time import perf_counter
from uuid import UUID

import aiohttp
import msgspec
from sqlalchemy import text

from banyan.app.bench import field, openloop, quiet
from banyan.app.bench.audit import AuditError
from banyan.app.bench.figures import Figure, figure
from banyan.app.bench.stack import Stack
from banyan.kernel.work import across_workspaces

EVENTS_PER_SUPPORT = 4
"""One participant, one support counted, and a grant to each of the two: the audit counts them."""
SUPPORTS_PER_S = 5000 // EVENTS_PER_SUPPORT
SECONDS = 12
CONNECTIONS = 64
WAIT_SECONDS_MOST = 30
REOPEN_SECONDS = 1.0
CREATED = 201


def measure(
    stack: Stack, *, token: str, workspace_id: UUID, rounds: int, label: str
) -> list[Figure]:
    """Support at 5,000 events/s while a console watches; return the p99 wait in seconds."""
    taken = [_round(stack, token, workspace_id) for _ in range(rounds)]
    return [
        figure(
            "fresh_p99_s" + label,
            "support answered → counted in the live number, at 5,000 events/s",
            [waits[int(len(waits) * 0.99)] for waits in taken],
            2,
            at_least=False,
            detail={
                "p50_s": median(waits[len(waits) // 2] for waits in taken),
                "longest_s": max(waits[-1] for waits in taken),
                "supports_per_s": SUPPORTS_PER_S,
            },
        )
    ]


def _round(stack: Stack, token: str, workspace_id: UUID) -> list[float]:
    """Fill a campaign of its own; return every wait in seconds, the shortest first."""
    (campaign_id,) = field.make_campaigns(workspace_id, 1)
    quests = field.start_quests(workspace_id, [campaign_id], 200)
    people = field.make_people(workspace_id, SUPPORTS_PER_S * SECONDS)
    requests = field.supports(workspace_id, quests, people, "127.0.0.1")
    before = _events(workspace_id)
    waits = openloop.run(_watch(stack, token, campaign_id, requests, len(quests)))
    recorded = _events(workspace_id) - before
    if recorded != EVENTS_PER_SUPPORT * len(requests):
        msg = f"{len(requests)} supports were answered, {recorded} events recorded"
        raise AuditError(msg)
    return sorted(waits)


async def _watch(
    stack: Stack, token: str, campaign_id: UUID, requests: list[bytes], seeds: int
) -> list[float]:
    """Send the supports on a timetable and pair each with the first number that has it."""
    seen: list[tuple[float, int]] = []
    everybody = seeds + len(requests)

    async def listen(session: aiohttp.ClientSession) -> None:
        url = f"{stack.url}/api/admin/campaigns/{campaign_id}/stream"
        while not seen or seen[-1][1] < everybody:
            # As a page does: a stream that ends is opened again.
            async with session.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
                answer.raise_for_status()
                async for line in answer.content:
                    if line.startswith(b"data:"):
                        numbers = msgspec.json.decode(line[5:])
                        seen.append((perf_counter(), int(numbers["participants"])))
                        if numbers["participants"] >= everybody:
                            return
            await asyncio.sleep(REOPEN_SECONDS)

    timeout = aiohttp.ClientTimeout(total=SECONDS + WAIT_SECONDS_MOST)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        listening = asyncio.create_task(listen(session))
        await asyncio.sleep(1)
        connections = await openloop.connect("127.0.0.1", stack.port, CONNECTIONS)
        await asyncio.to_thread(quiet.wait)
        begin = perf_counter()
        late, statuses = await openloop.drive(connections, requests, per_second=SUPPORTS_PER_S)
        if set(statuses) != {CREATED}:
            msg = f"supports were answered {sorted(set(statuses))}"
            raise AuditError(msg)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(listening, WAIT_SECONDS_MOST)
    if not seen or seen[-1][1] != everybody:
        msg = f"{everybody} take part, the live number says {seen[-1][1] if seen else None}"
        raise AuditError(msg)
    answered = sorted(
        begin + openloop.LEAD_SECONDS + nth / SUPPORTS_PER_S + wait for nth, wait in enumerate(late)
    )
    waits: list[float] = []
    at = 0
    for nth, moment in enumerate(answered):
        while seen[at][1] < seeds + nth + 1:
            at += 1
        waits.append(max(0.0, seen[at][0] - moment))
    return waits


def _events(workspace_id: UUID) -> int:
    with across_workspaces() as connection:
        statement = text("select count(*) from events where workspace_id = :w")
        return int(connection.execute(statement, {"w": workspace_id}).scalar_one())
