"""Credits: the grants and the money of shares that were taken, in the order they were taken.

A cursor of its own follows the packet's: whoever has locked it credits the next shares, each once,
while the crowd goes on taking from the packet.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from banyan import ledger
from banyan.kernel.ids import sibling_id
from banyan.kernel.work import Work, across_workspaces
from banyan.ledger import AccountSpec, Book
from banyan.rewards.budgets import spent_key
from banyan.rewards.events import Granted
from banyan.rewards.offers import CASH
from banyan.rewards.packets import GRABBED, RULE, Grab, Packet, packet_key, packets_of
from banyan.rewards.purses import cash_key, issued_cash_key

WAITING: Final = """
select c.workspace_id, c.campaign_id, p.taken
from packet_credits c
join red_packets p on p.workspace_id = c.workspace_id and p.id = c.packet_id
where not c.is_done and (p.taken > c.credited or p.closed_at is not null)
"""

UNCREDITED: Final = """
select c.campaign_id, p.taken - c.credited
from packet_credits c
join red_packets p on p.workspace_id = c.workspace_id and p.id = c.packet_id
where c.workspace_id = %(workspace)s and not c.is_done and p.taken > c.credited
  and (%(before)s::timestamptz is null or exists (
    select from grabs g where g.workspace_id = c.workspace_id and g.packet_id = c.packet_id
      and g.nth = c.credited + 1 and g.grabbed_at < %(before)s))
"""

LOCK: Final = """
select packet_id, credited from packet_credits
where workspace_id = %s and campaign_id = %s and not is_done for no key update
"""

NEXT: Final = f"{GRABBED} and nth > %s and nth <= %s order by nth"

GRANT: Final = """
with given as (
  insert into grants (workspace_id, granted_at, vested_at, id, campaign_id, beneficiary_id, rule,
                      rule_version, cause, reason_zh, reason_en, offer_id, kind, value_minor,
                      points, cost_minor, state)
  select g.workspace_id, g.grabbed_at, g.grabbed_at, g.id, %(campaign)s, g.person_id, %(rule)s,
         %(version)s, g.packet_id, %(zh)s, %(en)s, %(offer)s, 'cash', g.amount_minor, 0,
         g.amount_minor, 'vested'
  from grabs g
  where g.workspace_id = %(workspace)s and g.packet_id = %(packet)s
    and g.nth > %(after)s and g.nth <= %(upto)s
)
update packet_credits set credited = %(upto)s
where workspace_id = %(workspace)s and packet_id = %(packet)s
"""


def packets_waiting() -> list[tuple[UUID, UUID, int]]:
    """Return the packets with shares to credit: workspace, campaign and how many are taken so far."""
    with across_workspaces() as connection:
        return [
            (workspace, campaign, taken)
            for workspace, campaign, taken in connection.exec_driver_sql(WAITING)
        ]


def uncredited(work: Work, before: datetime | None = None) -> dict[UUID, int]:
    """Return the campaigns with shares that are not credited yet, and how many each has.

    With `before`, only those where somebody waits who took theirs earlier than that.
    """
    asked = {"workspace": work.workspace_id, "before": before}
    return dict(work.driver.execute(UNCREDITED, asked).fetchall())


def lock_credits(work: Work, campaign_id: UUID, most: int) -> tuple[Packet, list[Grab]] | None:
    """Lock the cursor of a campaign's packet; return it with the next shares to credit.

    None when there is nothing to do, and never will be.
    """
    found = work.driver.execute(LOCK, (work.workspace_id, campaign_id)).fetchone()
    if found is None:
        return None
    packet_id, credited = found
    packet = packets_of(work, [campaign_id])[campaign_id]
    upto = min(packet.taken, credited + most)
    rows = work.driver.execute(NEXT, (work.workspace_id, [packet_id], credited, upto)).fetchall()
    if packet.closed_at is not None and upto == packet.taken:
        work.driver.execute(
            "update packet_credits set is_done = true where workspace_id = %s and packet_id = %s",
            (work.workspace_id, packet_id),
        )
    return packet, [Grab._make(row) for row in rows]


def granted(packet: Packet, grabs: Sequence[Grab]) -> list[Granted]:
    """Return what to tell of shares that are credited."""
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


def credit(work: Work, packet: Packet, grabs: Sequence[Grab], zh: str, en: str) -> None:
    """Write the grants of `grabs`, as `lock_credits` returned them, and move their money.

    `zh` and `en` tell the people why. The last act before the commit.
    """
    work.driver.execute(
        GRANT,
        {
            "workspace": work.workspace_id,
            "packet": packet.id,
            "campaign": packet.campaign_id,
            "offer": packet.offer_id,
            "version": packet.rule_version,
            "rule": RULE,
            "zh": zh,
            "en": en,
            "after": grabs[0].nth - 1,
            "upto": grabs[-1].nth,
        },
    )
    currency = packet.currency
    issued_key = issued_cash_key(currency)
    opened = ledger.open_accounts(
        work,
        [
            *(AccountSpec(cash_key(grab.person_id, currency), currency) for grab in grabs),
            AccountSpec(issued_key, currency, may_go_negative=True),
        ],
    )
    source_id = ledger.account_id(work.workspace_id, packet_key(packet.campaign_id))
    spent_id = ledger.account_id(work.workspace_id, spent_key(packet.campaign_id))
    book = Book(work, [source_id, spent_id, *opened.values()], is_late=True)
    held = book.accounts
    source, spent, issued = held[source_id], held[spent_id], held[opened[issued_key]]
    for grab in grabs:
        own = held[opened[cash_key(grab.person_id, currency)]]
        if not book.move(
            sibling_id(grab.id, 2), source, spent, grab.amount_minor, "grant.cost", grab.id
        ):
            raise ledger.Overtaken
        book.move(sibling_id(grab.id, 4), issued, own, grab.amount_minor, "grant.cash", grab.id)
    book.close()
