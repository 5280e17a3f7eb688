"""Packets as they stand, against the seed and the settings by which they were cut.

The same seed and settings cut the same shares. Whoever came took the next share, so what was taken,
by how many, and what went back at the end follow from the shares.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from banyan import rewards
from banyan.campaigns.recomputed_grants import Told
from banyan.plays import RedPacketSettings, split_packet

PACKETS_SAMPLED: Final = 20
"""How many packets the ordinary check cuts again."""
SHARES_SAMPLED: Final = 10_000
"""The largest packet that the ordinary check cuts again."""

PACKETS: Final = """
select p.workspace_id, p.campaign_id, p.id, p.total_minor, p.shares, p.taken, p.taken_minor,
       p.closed_at is not null, p.returned_minor, v.definition -> 'play' -> 'settings', s.seed
from red_packets p
left join campaign_versions v on v.workspace_id = p.workspace_id
  and v.campaign_id = p.campaign_id and v.version = p.rule_version
left join packet_seeds s on s.workspace_id = p.workspace_id and s.campaign_id = p.campaign_id
where (%s::uuid is null or p.campaign_id = %s) and p.shares <= coalesce(%s, p.shares)
order by p.campaign_id desc limit %s
"""

SHARES: Final = """
select nth, amount_minor from packet_shares where workspace_id = %s and packet_id = %s order by nth
"""

TAKEN: Final = """
select nth, amount_minor, person_id, id from grabs where workspace_id = %s and packet_id = %s
order by nth
"""

GRANTED: Final = """
select id, beneficiary_id, value_minor, cost_minor from grants
where workspace_id = %s and campaign_id = %s and rule = %s and cause = %s order by id
"""

_SHOWN: Final = 5
"""How many shares of a packet are named one by one."""


class _Packet(NamedTuple):
    workspace_id: UUID
    campaign_id: UUID
    id: UUID
    total_minor: int
    shares: int
    taken: int
    taken_minor: int
    is_closed: bool
    returned_minor: int | None
    settings: dict[str, Any] | None
    seed: bytes | None


class _Taken(NamedTuple):
    nth: int
    amount_minor: int
    person_id: UUID
    id: UUID


def packet_differences(
    driver: psycopg.Connection[Any], campaign_id: UUID | None = None, most: int | None = None
) -> Iterator[tuple[UUID, UUID, list[Told]]]:
    """Yield each packet's workspace and campaign, with everything that does not follow.

    Those of one campaign, all, or the newest `most` that are not very large.
    """
    largest = None if most is None else SHARES_SAMPLED
    rows = driver.execute(PACKETS, (campaign_id, campaign_id, largest, most)).fetchall()
    for row in rows:
        packet = _Packet._make(row)
        yield packet.workspace_id, packet.campaign_id, list(_differences(driver, packet))


def _differences(driver: psycopg.Connection[Any], packet: _Packet) -> Iterator[Told]:
    named = packet.workspace_id, packet.id
    shares = dict(driver.execute(SHARES, named).fetchall())
    cut = _cut(packet)
    if cut is not None:
        yield from _unlike("packet share", shares, cut)
        # What follows is told by the shares as they were cut, not as somebody left them.
        shares = cut
    elif packet.seed is not None:
        yield "packet", f"{packet.shares} shares of {packet.total_minor}", "its settings cut none"
    taken = [_Taken._make(row) for row in driver.execute(TAKEN, named)]
    due = {nth: amount for nth, amount in shares.items() if nth <= len(taken)}
    yield from _unlike("packet share taken", {t.nth: t.amount_minor for t in taken}, due)
    sums: list[tuple[str, object, object]] = [
        ("packet: taken", packet.taken, len(taken)),
        ("packet: people", len({each.person_id for each in taken}), len(taken)),
        ("packet: taken_minor", packet.taken_minor, sum(due.values())),
        ("packet: total_minor", packet.total_minor, sum(shares.values())),
    ]
    if packet.is_closed:
        rest = sum(shares.values()) - sum(due.values())
        sums.append(("packet: returned_minor", packet.returned_minor, rest))
    yield from (each for each in sums if each[1] != each[2])
    yield from _granted(driver, packet, taken, due)


def _cut(packet: _Packet) -> dict[int, int] | None:
    """Return the shares as the seed cuts them; None when nobody can say."""
    if packet.seed is None or packet.settings is None:
        return None
    try:
        settings = msgspec.convert(packet.settings, RedPacketSettings)
        amounts = split_packet(
            *(settings.total_minor, settings.shares, settings.least_minor, settings.most_minor),
            *(settings.split, packet.seed),
        )
    except ValueError:
        return None
    return dict(enumerate(amounts, 1))


def _unlike(what: str, stands: Mapping[int, int], recomputed: Mapping[int, int]) -> Iterator[Told]:
    unlike = [
        nth
        for nth in sorted(stands.keys() | recomputed.keys())
        if stands.get(nth) != recomputed.get(nth)
    ]
    for nth in unlike[:_SHOWN]:
        yield f"{what} {nth}", stands.get(nth, "none"), recomputed.get(nth, "none")
    if len(unlike) > _SHOWN:
        yield what, f"{len(unlike)} differ", "none differs"


def _granted(
    driver: psycopg.Connection[Any],
    packet: _Packet,
    taken: Sequence[_Taken],
    due: Mapping[int, int],
) -> Iterator[Told]:
    """Compare what was granted with the shares; one that is not credited yet is no difference."""
    by_id = {each.id: each for each in taken}
    rule = rewards.PACKET_RULE
    rows = driver.execute(GRANTED, (packet.workspace_id, packet.campaign_id, rule, packet.id))
    for grant, person, *worth in rows:
        share = by_id.get(grant)
        called = f"grant {grant} ({rule})"
        if share is None:
            yield called, worth[0], "no share"
            continue
        if person != share.person_id:
            yield f"{called}: person", person, share.person_id
        amount = due.get(share.nth, 0)
        if worth != [amount, amount]:
            yield f"{called}: amount", worth, amount


__all__ = ["PACKETS_SAMPLED", "packet_differences"]
