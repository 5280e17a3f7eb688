"""Grabs: a packet of 10,000 shares taken by 512 connections, and what comes too late for one."""

import asyncio
import math
import time
from collections import Counter
from uuid import UUID

import msgspec
from sqlalchemy import text

from banyan.app.bench import field, load, openloop, packets
from banyan.app.bench.audit import AuditError
from banyan.app.bench.figures import Figure, ratio
from banyan.app.bench.skip_locked import Shares
from banyan.app.bench.stack import Stack, bare_server
from banyan.kernel.work import across_workspaces

CONNECTIONS = 512
REFERENCE_CLIENTS = 64
LATE = 64
CREDITED_WITHIN_S = 300
WARM_PER_S = 20_000
"""What the first, unmeasured round is prepared for."""


def measure(stack: Stack, *, rounds: int, seconds: float, label: str) -> list[Figure]:
    """Return both figures; raise `AuditError` when one share, person or cent is off."""
    folder = stack.home / "bench"
    folder.mkdir(exist_ok=True)
    workspace_id = field.make_workspace()
    raw = Shares(stack.home)
    ours: list[float] = []
    theirs: list[float] = []
    credited_per_s: list[float] = []
    supposed_per_s = WARM_PER_S
    for nth in range(rounds + 1):
        # All connections are on one packet at any moment; when it is empty, on the next one.
        count = math.ceil(1.5 * supposed_per_s * seconds / packets.SHARES)
        made = [packets.publish(workspace_id) for _ in range(count)]
        people = field.make_people(workspace_id, count * packets.SHARES)
        parts = [people[at : at + packets.SHARES] for at in range(0, len(people), packets.SHARES)]
        requests = [
            request
            for (_, code), part in zip(made, parts, strict=True)
            for request in packets.grabs(workspace_id, code, part)
        ]
        run = load.send(
            stack.url, requests, folder=folder, connections=CONNECTIONS, seconds=seconds
        )
        if run.failed:
            msg = f"{run.failed} of {run.requests} grabs failed"
            raise AuditError(msg)
        credited_per_s.append(_credited(workspace_id))
        taken = [_audit(workspace_id, campaign_id) for campaign_id, _ in made]
        # A load that stops leaves at most one unread answer per connection.
        if not run.requests <= sum(taken) <= run.requests + CONNECTIONS:
            msg = f"{run.requests} grabs were answered, {sum(taken)} are in the books"
            raise AuditError(msg)
        reference = raw.run(packets.SHARES, REFERENCE_CLIENTS)
        supposed_per_s = max(supposed_per_s if nth else 0, run.per_second)
        if nth:  # the first round warms caches, connections and plans
            ours.append(run.per_second)
            theirs.append(reference)
    figures = [
        ratio(
            "grabs_ratio" + label,
            "grabs/s, one packet, 512 connections ÷ UPDATE … SKIP LOCKED one at a time",
            ours,
            theirs,
            5,
        )
    ]
    full = packets.emptied(workspace_id)
    return [*figures, _too_late(stack, workspace_id, full, rounds, seconds, label)]


def _too_late(
    stack: Stack,
    workspace_id: UUID,
    packet: tuple[str, list[UUID]],
    rounds: int,
    seconds: float,
    label: str,
) -> Figure:
    """Ask an empty packet again and again, as people who have a share and as people who have none."""
    code, people = packet
    strangers = field.make_people(workspace_id, 2_000)
    requests = [
        request
        for pair in zip(
            packets.grabs(workspace_id, code, people[:2_000], key="another-wish"),
            packets.grabs(workspace_id, code, strangers),
            strict=True,
        )
        for request in pair
    ]
    told = asyncio.run(_reasons(stack, requests))
    if told != {"done_already": 2_000, "sold_out": 2_000}:
        msg = f"too late, and told {told}"
        raise AuditError(msg)
    with bare_server(stack) as reference:
        found = load.beside(
            stack.url,
            reference,
            requests,
            folder=stack.home / "bench",
            connections=LATE,
            rounds=rounds,
            seconds=seconds,
        )
    return ratio(
        "sold_out_ratio" + label,
        "answers/s of “all gone” and “you have one” ÷ a bare ASGI handler",
        found.ours,
        found.bare,
        0.4,
    )


async def _reasons(stack: Stack, requests: list[bytes]) -> dict[str, int]:
    """Ask each once and count the reasons."""
    connections = await openloop.connect("127.0.0.1", stack.port, LATE)
    told: Counter[str] = Counter()
    waiting = iter(requests)

    async def keep_asking(one: openloop.Answer) -> None:
        for request in waiting:
            _, body = await one.ask(request)
            told[msgspec.json.decode(body)["reason"]] += 1

    await asyncio.gather(*(keep_asking(one) for one in connections))
    return dict(told)


AUDIT = """
select p.taken, p.shares,
       (select count(distinct person_id) from grabs g where g.packet_id = p.id),
       p.taken_minor, p.total_minor,
       (select sum(amount_minor) from grabs g where g.packet_id = p.id),
       (select sum(cost_minor) from grants r
        where r.workspace_id = p.workspace_id and r.campaign_id = p.campaign_id),
       (select sum(a.balance_minor) from grabs g join ledger_accounts a
          on a.workspace_id = g.workspace_id and a.key = 'person:' || g.person_id || ':cash:CNY'
        where g.packet_id = p.id)
from red_packets p where p.workspace_id = :w and p.campaign_id = :c
"""


WAITING = """
select coalesce(sum(p.taken - c.credited), 0) from red_packets p
join packet_credits c on c.workspace_id = p.workspace_id and c.packet_id = p.id
where p.workspace_id = :w
"""


def _credited(workspace_id: UUID) -> float:
    """Wait until everybody has the money of their share; return the shares credited per second.

    Raises `AuditError` when it takes too long.
    """
    begin, first = time.perf_counter(), None
    while time.perf_counter() - begin < CREDITED_WITHIN_S:
        with across_workspaces() as connection:
            waiting = int(connection.execute(text(WAITING), {"w": workspace_id}).scalar_one())
        first = waiting if first is None else first
        if not waiting:
            return first / (time.perf_counter() - begin)
        time.sleep(0.05)
    msg = f"{first} shares were not credited within {CREDITED_WITHIN_S} s"
    raise AuditError(msg)


def _audit(workspace_id: UUID, campaign_id: UUID) -> int:
    """Return the shares taken: each by another person, and every cent of them in their cash."""
    with across_workspaces() as connection:
        row = connection.execute(text(AUDIT), {"w": workspace_id, "c": campaign_id}).one()
    taken, shares, people, minor, total, took, granted, cash = (int(number or 0) for number in row)
    if (
        people != taken
        or not minor == took == granted == cash
        or (taken == shares and minor != total)
    ):
        msg = (
            f"{taken} of {shares} shares, {people} people: {minor} {took} {granted} {cash} {total}"
        )
        raise AuditError(msg)
    return taken
