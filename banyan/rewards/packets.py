"""Red packets: money set aside from a budget, cut into shares, handed out in order of arrival.

The packet's row holds the cursor. Whoever has locked it hands the next shares to everybody who
waits, by one statement, and pays them by one more; what nobody takes returns once, at the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from banyan import ledger
from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id, new_id, sibling_id
from banyan.kernel.work import Work
from banyan.ledger import AccountSpec, Book, Transfer
from banyan.rewards import refusals
from banyan.rewards.budgets import budget_key, read_budgets, spent_key
from banyan.rewards.events import Granted
from banyan.rewards.offers import CASH
from banyan.rewards.purses import cash_key, issued_cash_key

RULE = "packet"
"""The rule by which a share is granted; its cause is the packet."""


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
    """Somebody who takes a share; `id` becomes the grant's."""

    id: UUID
    person_id: UUID
    quest_id: UUID | None
    request_key: str | None


class Grab(NamedTuple):
    """A share that was taken."""

    packet_id: UUID
    person_id: UUID
    nth: int
    id: UUID
    amount_minor: int
    request_key: str | None
    grabbed_at: datetime


SELECT = """
select p.id, p.campaign_id, p.offer_id, o.key, p.rule_version, p.currency, p.total_minor, p.shares,
       p.taken, p.taken_minor, p.opened_at, p.closed_at, p.returned_minor
from red_packets p join offers o on o.workspace_id = p.workspace_id and o.id = p.offer_id
where p.workspace_id = %s and p.campaign_id = any(%b) order by p.id
"""

GRABBED = """
select packet_id, person_id, nth, id, amount_minor, request_key, grabbed_at
from grabs where workspace_id = %s and packet_id = any(%b)
"""

TAKE = """
with made as (
  insert into grabs (workspace_id, packet_id, person_id, nth, id, amount_minor, quest_id,
                     request_key, grabbed_at)
  select s.workspace_id, s.packet_id, t.person, s.nth, t.id, s.amount_minor, t.quest, t.key,
         %(now)s
  from unnest(%(ids)b::uuid[], %(people)b::uuid[], %(quests)b::uuid[], %(keys)b::text[])
    with ordinality as t (id, person, quest, key, place)
  join packet_shares s on s.workspace_id = %(workspace)s and s.packet_id = %(packet)s
    and s.nth = %(taken)s + t.place
  returning id, person_id, nth, amount_minor
), moved as (
  update red_packets set taken = taken + m.count, taken_minor = taken_minor + m.minor
  from (select count(*) as count, sum(amount_minor) as minor from made) m
  where workspace_id = %(workspace)s and id = %(packet)s
), given as (
  insert into grants (workspace_id, granted_at, vested_at, id, campaign_id, beneficiary_id, rule,
                      rule_version, cause, reason_zh, reason_en, offer_id, kind, value_minor,
                      points, cost_minor, state)
  select %(workspace)s, %(now)s, %(now)s, m.id, %(campaign)s, m.person_id, %(rule)s, %(version)s,
         %(packet)s, %(zh)s, %(en)s, %(offer)s, 'cash', m.amount_minor, 0, m.amount_minor, 'vested'
  from made m
)
select nth, amount_minor from made order by nth
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
    statement = f"{SELECT} for no key update of p" if lock else SELECT
    rows = work.driver.execute(statement, (work.workspace_id, sorted(set(campaign_ids))))
    return {row[1]: Packet._make(row) for row in rows}


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


def take_shares(
    work: Work, packet: Packet, takers: Sequence[Taker], zh: str, en: str
) -> list[Grab]:
    """Hand the next shares to `takers` in order, one each, and write their grants.

    The packet must be locked, the takers new to it and no more than are left; `zh` and `en` tell
    them why. `pay_grabs` moves the money.
    """
    if not takers:
        return []
    ids, people, quests, keys = map(list, zip(*takers, strict=True))
    rows = work.driver.execute(
        TAKE,
        {
            "workspace": work.workspace_id,
            "packet": packet.id,
            "campaign": packet.campaign_id,
            "offer": packet.offer_id,
            "version": packet.rule_version,
            "rule": RULE,
            "zh": zh,
            "en": en,
            "now": work.now,
            "taken": packet.taken,
            "ids": ids,
            "people": people,
            "quests": quests,
            "keys": keys,
        },
    ).fetchall()
    if len(rows) != len(takers):
        msg = f"{len(takers)} takers, {len(rows)} shares"
        raise RuntimeError(msg)
    return [
        Grab(packet.id, taker.person_id, nth, taker.id, minor, taker.request_key, work.now)
        for taker, (nth, minor) in zip(takers, rows, strict=True)
    ]


def granted(packet: Packet, grabs: Sequence[Grab]) -> list[Granted]:
    """Return what to tell of shares that were taken."""
    return [
        Granted(
            campaign_id=packet.campaign_id,
            grant_id=grab.id,
            beneficiary_person_id=grab.person_id,
            offer_id=packet.offer_id,
            offer_key=packet.offer_key,
            kind=CASH,
            value_minor=grab.amount_minor,
            points=0,
            cost_minor=grab.amount_minor,
            rule=RULE,
            cause=packet.id,
        )
        for grab in grabs
    ]


def pay_grabs(work: Work, taken: Mapping[Packet, Sequence[Grab]]) -> None:
    """Move what was taken from its packet to the people's cash: the last act before the commit."""
    specs: list[AccountSpec] = []
    wanted: list[UUID] = []
    for packet, grabs in taken.items():
        currency = packet.currency
        specs += [AccountSpec(cash_key(grab.person_id, currency), currency) for grab in grabs]
        specs.append(AccountSpec(issued_cash_key(currency), currency, may_go_negative=True))
        wanted += (
            ledger.account_id(work.workspace_id, packet_key(packet.campaign_id)),
            ledger.account_id(work.workspace_id, spent_key(packet.campaign_id)),
        )
    if not specs:
        return
    opened = ledger.open_accounts(work, specs)
    book = Book(work, [*wanted, *opened.values()], is_late=True)
    held = book.accounts
    for nth, (packet, grabs) in enumerate(taken.items()):
        source, spent = held[wanted[2 * nth]], held[wanted[2 * nth + 1]]
        issued = held[opened[issued_cash_key(packet.currency)]]
        for grab in grabs:
            made, minor = grab.id, grab.amount_minor
            own = held[opened[cash_key(grab.person_id, packet.currency)]]
            if not book.move(sibling_id(made, 2), source, spent, minor, "grant.cost", made):
                raise ledger.Overtaken
            book.move(sibling_id(made, 4), issued, own, minor, "grant.cash", made)
    book.close()


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
