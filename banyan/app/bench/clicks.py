"""Clicks: share links opened, each durable in the journal before it is answered."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from banyan import links
from banyan.app.bench import field, load, openloop
from banyan.app.bench.audit import AuditError
from banyan.app.bench.figures import Figure, ratio
from banyan.app.bench.stack import Stack, bare_server
from banyan.kernel.ids import new_id
from banyan.kernel.segments import read_segments
from banyan.links import TelemetryRecord
from banyan.people import visitor_token

CONNECTIONS = 256
FEW = 64
REQUESTS = 4000
EXACT = 20_000
EXACT_PER_S = 5000
REDIRECT = 302


def measure(stack: Stack, *, rounds: int, seconds: float, label: str) -> list[Figure]:
    """Return the figures of clicks; raise `AuditError` when one click is off."""
    folder = stack.home / "bench"
    folder.mkdir(exist_ok=True)
    workspace_id = field.make_workspace()
    quests = field.start_quests(workspace_id, field.make_campaigns(workspace_id, 1), 500)
    requests = field.clicks(quests, REQUESTS, "127.0.0.1")
    figures: list[Figure] = []
    answered = unread = 0
    with bare_server(stack) as reference:
        for name, connections, what, target in (
            (
                "clicks_ratio",
                CONNECTIONS,
                "share-link clicks/s, each durable before its answer ÷ a bare ASGI handler",
                0.5,
            ),
            # Where a flush takes a millisecond, what so few wait for bounds the clicks, whoever
            # serves them: it is told, and held against nothing.
            ("clicks_few_ratio", FEW, f"the same with {FEW} connections", None if label else 0.5),
        ):
            found = load.beside(
                stack.url,
                reference,
                requests,
                folder=folder,
                connections=connections,
                rounds=rounds,
                seconds=seconds,
            )
            answered += found.answered
            # A load that stops leaves at most one unread answer per connection.
            unread += (rounds + 1) * connections
            figures.append(ratio(name + label, what, found.ours, found.bare, target))
    kept_clicks = sum(1 for _ in _clicks(stack, workspace_id))
    if not answered <= kept_clicks <= answered + unread:
        msg = f"{answered} clicks were answered, {kept_clicks} are kept"
        raise AuditError(msg)
    asyncio.run(_exact(stack, workspace_id, quests))
    return figures


async def _exact(stack: Stack, workspace_id: UUID, quests: list[field.Quest]) -> None:
    """Open links as known browsers: every answered click is kept once, under its browser."""
    visitors = [new_id() for _ in range(EXACT)]
    requests = [
        f"GET /s/{quests[nth % len(quests)].share_code} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: byv={visitor_token(visitor)}\r\n\r\n".encode()
        for nth, visitor in enumerate(visitors)
    ]
    connections = await openloop.connect("127.0.0.1", stack.port, FEW)
    _, statuses = await openloop.drive(connections, requests, per_second=EXACT_PER_S)
    if set(statuses) != {REDIRECT}:
        msg = f"clicks were answered {sorted(set(statuses))}"
        raise AuditError(msg)
    mine = set(visitors)
    seen = Counter(
        click.visitor_id for click in _clicks(stack, workspace_id) if click.visitor_id in mine
    )
    if len(seen) != EXACT or set(seen.values()) != {1}:
        msg = f"{EXACT} clicks were answered, {sum(seen.values())} are kept"
        raise AuditError(msg)


def _clicks(stack: Stack, workspace_id: UUID) -> Iterator[TelemetryRecord]:
    """Yield the clicks of the workspace that stand on disk, each once."""
    seen: set[tuple[UUID, int]] = set()
    for place in ("journal", "telemetry"):
        for record in read_segments(stack.home / place):
            if (record.journal, record.offset) in seen:
                continue
            seen.add((record.journal, record.offset))
            found = links.unpack_telemetry(record.payload)
            if found and found.workspace_id == workspace_id and found.kind == "click":
                yield found
