"""Red packets: money set aside from a budget, cut into shares, handed out in order of arrival.

The packet's row holds the cursor. Whoever has locked it hands the next shares to everybody who
waits, by one statement; what nobody takes returns once, at the end. A share is its person's as
soon as that has committed; its grant and its money follow in larger sets (`packet_credits`), so
that a crowd at one packet waits for nothing but the packet.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple, cast
from uuid import UUID

from cachebox import LRUCache

from banyan import ledger
from banyan.kernel.connection import Later
from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id, new_id, new_id_numbers
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Transfer
from banyan.rewards import refusals
from banyan.rewards.budgets import budget_key, read_budgets

RULE = "packet"
"""The rule by which a share is granted; its cause is the packet."""


PACKETS_REMEMBERED: Final = 64
"""The cuts of how many packets a process keeps in memory; one has at most some ten thousand shares."""


class Packet(NamedTuple):
    """A packet as its row has it."""

    id: UUID
    campaign_id: UUID
    offer_id: UUID
    offer_key: str
    rule_version: int
    currency: str
    total_minor: int
    shares: int
    taken: int
    taken_minor: int
    opened_at: datetime
    closed_at: datetime | None
    returned_minor: int | None

    @property
    def left(self) -> int:
        """How many shares can still be taken."""
        return 0 if self.closed_at else self.shares - self.taken


class Taker(NamedTuple):
    """Somebody who takes a share."""

    person_id: UUID
    quest_id: UUID | None
    request_key: str | None
    channel: str


class Grab(NamedTuple):
    """A share that was taken."""

    packet_id: UUID
    person_id: UUID
    nth: int
    id: UUID
    amount_minor: int
    quest_id: UUID | None
    request_key: str | None
    channel: str
    grabbed_at: datetime


SELECT = """
select p.id, p.campaign_id, p.offer_id, o.key, p.rule_version, p.currency, p.total_minor, p.shares,
       p.taken, p.taken_minor, p.opened_at, p.closed_at, p.returned_minor
from red_packets p join offers o on o.workspace_id = p.workspace_id and o.id = p.offer_id
where p.workspace_id = %s and p.campaign_id = any(%b::uuid[]) order by p.id
"""

GRABBED = """
select packet_id, person_id, nth, id, amount_minor, quest_id, request_key, channel, grabbed_at
from grabs where workspace_id = %s and packet_id = any(%b)
"""

TAKE = """
with made as (
  insert into grabs (workspace_id, packet_id, person_id, nth, id, amount_minor, quest_id,
                     request_key, channel, grabbed_at)
  select p.workspace_id, p.id, t.person, p.taken + t.place, t.id, t.minor, t.quest, t.key,
         t.channel, %s
  from unnest(%b::uuid[], %b::uuid[], %b::bigint[], %b::uuid[], %b::text[], %b::text[])
    with ordinality as t (id, person, minor, quest, key, channel, place)
  cross join red_packets p
  where p.workspace_id = %s and p.id = %s
)
update red_packets set taken = taken + %s, taken_minor = taken_minor + %s
where workspace_id = %s and id = %s
"""

AMOUNTS = """
select amount_minor from packet_shares where workspace_id = %s and packet_id = %s order by nth
"""


def packet_of(campaign_id: UUID) -> UUID:
    """Return the id of a campaign's packet."""
    return derived_id("red packet", campaign_id)


def packet_key(campaign_id: UUID) -> str:
    """Return the key of the account that holds what is left in a campaign's packet."""
    return f"campaign:{campaign_id}:packet"


def open_packet(
    work: Work, campaign_id: UUID, offer_key: str, amounts: Sequence[int], rule_version: int
) -> None:
    """Set the sum of `amounts` aside from the campaign's budget, as shares in this order.

    A packet that is open already stays as it is. Refuses `packet_above_budget`.
    """
    packet_id, total_minor = packet_of(campaign_id), sum(amounts)
    budget = read_budgets(work, [campaign_id], lock=True)[campaign_id]
    made = work.driver.execute(
        """
        insert into red_packets (workspace_id, id, campaign_id, offer_id, rule_version, currency,
                                 total_minor, shares, opened_at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
        """,
        (
            *(work.workspace_id, packet_id, campaign_id),
            *(derived_id("offer", campaign_id, offer_key), rule_version, budget.currency),
            *(total_minor, len(amounts), work.now),
        ),
    )
    if not made.rowcount:
        return
    work.driver.execute(
        """
        insert into packet_shares (workspace_id, packet_id, nth, amount_minor)
        select %s, %s, a.nth, a.amount
        from unnest(%b::bigint[]) with ordinality as a (amount, nth)
        """,
        (work.workspace_id, packet_id, list(amounts)),
    )
    work.driver.execute(
        "insert into packet_credits (workspace_id, packet_id, campaign_id) values (%s, %s, %s)",
        (work.workspace_id, packet_id, campaign_id),
    )
    held = ledger.open_accounts(work, [AccountSpec(packet_key(campaign_id), budget.currency)])
    own = ledger.account_id(work.workspace_id, budget_key(campaign_id))
    into, reason = held[packet_key(campaign_id)], "packet.filled"
    move = Transfer(new_id(), own, into, total_minor, budget.currency, reason, packet_id)
    if ledger.transfer(work, [move]) == ["insufficient"]:
        raise Refused(refusals.PACKET_ABOVE_BUDGET, total_minor=total_minor)


def packets_of(
    work: Work, campaign_ids: Iterable[UUID], *, lock: bool = False
) -> dict[UUID, Packet]:
    """Return the packets of the campaigns that have one, by campaign; locked in id order if asked."""
    return ask_packets(work, campaign_ids, lock=lock)()


def ask_packets(
    work: Work, campaign_ids: Iterable[UUID], *, lock: bool = False
) -> Later[dict[UUID, Packet]]:
    """Ask for what `packets_of` returns."""
    statement = f"{SELECT} for no key update of p" if lock else SELECT
    asked = work.driver.ask(statement, (work.workspace_id, sorted(set(campaign_ids))))
    return lambda: {row[1]: Packet._make(row) for row in asked}


def grabs_of(
    work: Work, packet_ids: Iterable[UUID], person_ids: Sequence[UUID] | None = None
) -> dict[tuple[UUID, UUID], Grab]:
    """Return who of `person_ids` (None: of all) has taken what, by packet and person."""
    params: tuple[object, ...] = (work.workspace_id, sorted(set(packet_ids)))
    statement = GRABBED
    if person_ids is not None:
        statement += " and person_id = any(%b)"
        params = (*params, list(person_ids))
    rows = work.driver.execute(statement, params)
    return {(row[0], row[1]): Grab._make(row) for row in rows}


def take_shares(work: Work, packet: Packet, takers: Sequence[Taker]) -> list[tuple[int, int]]:
    """Hand the next shares to `takers` in order, as long as there are any: number and amount of each.

    The packet must be locked. The people own their shares from the commit on;
    `packet_credits.credit` brings the money. Raises `psycopg.errors.UniqueViolation` when somebody
    has one already.
    """
    amounts = _amounts(work, packet)[packet.taken : packet.taken + min(len(takers), packet.left)]
    served = takers[: len(amounts)]
    if not served:
        return []
    people, quests, keys, channels = map(list, zip(*served, strict=True))
    of_packet = work.workspace_id, packet.id
    work.driver.ask(
        TAKE,
        (
            work.now,
            *(new_id_numbers(len(served)), people, amounts, quests, keys, channels),
            *of_packet,
            *(str(len(amounts)), str(sum(amounts))),
            *of_packet,
        ),
    )
    return list(enumerate(amounts, packet.taken + 1))


_cut: LRUCache[UUID, list[int]] = LRUCache(PACKETS_REMEMBERED)


def _amounts(work: Work, packet: Packet) -> list[int]:
    """Return what is in each share, in order: read once, for it was decided before it opened."""
    # The stub of `get` forgets that there may be nothing.
    found = cast("list[int] | None", _cut.get(packet.id))
    if found is None:
        rows = work.driver.execute(AMOUNTS, (work.workspace_id, packet.id))
        found = _cut[packet.id] = [row[0] for row in rows]
    return found


def close_packet(work: Work, campaign_id: UUID) -> int:
    """Return what nobody has taken to the campaign's budget; nobody takes any more. Returns how much.

    May be repeated: it returns once.
    """
    packet = packets_of(work, [campaign_id], lock=True).get(campaign_id)
    if packet is None or packet.closed_at is not None:
        return 0
    left_minor = packet.total_minor - packet.taken_minor
    work.driver.execute(
        """
        update red_packets set closed_at = %s, returned_minor = %s
        where workspace_id = %s and id = %s
        """,
        (work.now, left_minor, work.workspace_id, packet.id),
    )
    if left_minor:
        own = ledger.account_id(work.workspace_id, packet_key(campaign_id))
        into = ledger.account_id(work.workspace_id, budget_key(campaign_id))
        reason = "packet.returned"
        move = Transfer(new_id(), own, into, left_minor, packet.currency, reason, packet.id)
        ledger.transfer(work, [move])
    return left_minor
