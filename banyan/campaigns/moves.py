"""Orders whose payment came too late for their quest: into another quest of the same terms, or back.

Only of buyers who agreed when they ordered, and once an order for ever. The quests that may take
one are locked with those that are told anything, all in id order; a seat is a row below a limit, as
for whoever orders. What nobody takes is told to its own quest again, and goes back as it always did.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from banyan import store
from banyan.campaigns import events
from banyan.campaigns.gates import read_gates
from banyan.campaigns.order_effects import DECIDED
from banyan.campaigns.quests_in_hand import QuestInHand
from banyan.campaigns.running import Running
from banyan.kernel.work import Work
from banyan.plays import Ordered, Released, Reserved
from banyan.store import OrderStory

MOST_ASKED: Final = 30
"""How many quests of a campaign are asked to take an order."""

NOT_IN_TIME: Final = frozenset({store.EXPIRED, DECIDED})
"""Why an order was closed that its buyer had not given up."""


class Overtaken(RuntimeError):  # noqa: N818 - says what is so, like a refusal
    """Another transaction decided or moved something meanwhile: run the transaction again."""


class Placed(NamedTuple):
    """An order that was placed through a quest."""

    quest_id: UUID
    campaign_id: UUID
    quantity: int
    reserved_at: datetime
    may_move: bool
    """Whether its buyer agreed to another quest, and it has not been moved before."""


Terms = tuple[UUID, int]
"""A campaign and the version of it that is played: what is sold, and for how much."""

PLACED = """
select o.order_id, o.quest_id, o.campaign_id, o.quantity, o.reserved_at,
       o.may_move and not exists (select from quest_moves m
         where m.workspace_id = o.workspace_id and m.order_id = o.order_id)
from quest_orders o where o.workspace_id = %s and o.order_id = any(%b)
"""

LATE = """
select distinct q.campaign_id, q.version from quest_orders o
join quests q on q.workspace_id = o.workspace_id and q.id = o.quest_id
where o.workspace_id = %s and (o.order_id = any(%b) or (o.order_id = any(%b)
  and o.state = 'reserved' and (q.state <> 'open' or q.ends_at <= %s)))
"""

# In which somebody has paid and a seat is free, nearest to their goal first.
WITH_A_SEAT = """
select q.id from unnest(%b::uuid[], %b::int[]) as t (campaign, version)
cross join lateral (
  select id from quests
  where workspace_id = %s and campaign_id = t.campaign and version = t.version
    and state = 'open' and have > 0 and ends_at > %s
    and (select count(*) from quest_seats s
         where s.workspace_id = quests.workspace_id and s.quest_id = quests.id) < need
  order by need - have, ends_at, id limit %s) q
"""

ELSEWHERE = """
select 1 from quest_orders
where workspace_id = %s and campaign_id = %s and person_id = %s and order_id <> %s
  and (state in ('reserved', 'paid') or (state = 'confirmed' and reserved_at >= %s))
limit 1
"""

FREE_SEAT = """
select min(n.seat) from generate_series(1, %s) as n (seat)
where not exists (select from quest_seats
  where workspace_id = %s and quest_id = %s and seat = n.seat)
"""

MOVE = """
with moved as (
  insert into quest_moves (workspace_id, order_id, from_quest_id, to_quest_id, payment_id, moved_at)
  values (%(workspace)s, %(order)s, %(source)s, %(target)s, %(payment)s, %(now)s)
), told as (
  insert into quest_order_facts (workspace_id, told_at, order_id, quest_id, step, cause_id)
  values (%(workspace)s, %(now)s, %(order)s, %(target)s, 'paid', %(order)s)
)
update quest_orders set quest_id = %(target)s, state = 'paid'
where workspace_id = %(workspace)s and order_id = %(order)s
"""

LEAVE_SEAT = "delete from quest_seats where workspace_id = %s and order_id = %s"

TAKE_SEAT = """
insert into quest_seats (workspace_id, quest_id, seat, seats, order_id) values (%s, %s, %s, %s, %s)
"""


def placed_orders(work: Work, order_ids: Sequence[UUID]) -> dict[UUID, Placed]:
    """Return those of these orders that were placed through a quest, and where they are now."""
    rows = work.driver.execute(PLACED, (work.workspace_id, order_ids))
    return {order: Placed(*rest) for order, *rest in rows}


def placed_now(work: Work, before: Mapping[UUID, Placed]) -> dict[UUID, Placed]:
    """Return where the orders are now that their quests are locked.

    Raises `Overtaken` when one was moved since: its new quest is not locked.
    """
    now = placed_orders(work, list(before))
    if moved := [order for order, at in now.items() if before[order].quest_id != at.quest_id]:
        raise Overtaken(moved)
    return now


def is_movable(placed: Placed, story: OrderStory) -> bool:
    """Return whether an order may be moved when its payment turns out to be too late.

    Not what its buyer gave up, or wants their money back for.
    """
    gave_up = story.is_closed and story.close_reason not in NOT_IN_TIME
    return placed.may_move and not gave_up and not story.is_going_back


class Candidates(NamedTuple):
    """The quests that were looked for to take late orders, and of which terms."""

    terms: frozenset[Terms]
    quest_ids: frozenset[UUID]


def find_candidates(
    work: Work, placed: Mapping[UUID, Placed], stories: Mapping[UUID, OrderStory]
) -> Candidates:
    """Look for quests that could take those of these orders that look late; locks nothing."""
    movable = [
        story
        for order, story in stories.items()
        if order in placed and is_movable(placed[order], story)
    ]
    late = [story.order_id for story in movable if story.is_closed and story.late]
    paid = [story.order_id for story in movable if story.is_paid]
    if not late and not paid:
        return Candidates(frozenset(), frozenset())
    rows = work.driver.execute(LATE, (work.workspace_id, late, paid, work.now)).fetchall()
    if not rows:
        return Candidates(frozenset(), frozenset())
    columns = [list(column) for column in zip(*rows, strict=True)]
    found = work.driver.execute(WITH_A_SEAT, (*columns, work.workspace_id, work.now, MOST_ASKED))
    return Candidates(frozenset(rows), frozenset(row[0] for row in found))


class LateStep(NamedTuple):
    """A payment a quest was told of; `payment_id` when it came after its order was closed."""

    quest_id: UUID
    fact: Ordered
    payment_id: UUID | None


class Moves:
    """The late orders of one transaction. What `Running` was asked to move is moved by `carry_out`."""

    def __init__(
        self,
        work: Work,
        running: Running,
        quests: Mapping[UUID, QuestInHand],
        placed: Mapping[UUID, Placed],
        candidates: Candidates,
    ) -> None:
        """Read the gates of the campaigns that have candidates; their quests are locked."""
        self._work = work
        self._running = running
        self._quests = quests
        self._placed = placed
        self._candidates = candidates
        self._gates = read_gates(work, {c for c, _ in candidates.terms}) if candidates.terms else {}
        self._taken_up: set[UUID] = set()

    def is_waiting(self, story: OrderStory) -> bool:
        """Whether an order is still closed: of two late payments, one at most takes it up again."""
        return story.is_closed and story.order_id not in self._taken_up

    def carry_out(self, step: LateStep) -> None:
        """Move the order of the payment that was told last, if its play asked for that.

        Raises `Overtaken` when its quest was decided after candidates were looked for.
        """
        running = self._running
        if step.fact.order not in running.moving:
            return
        running.moving.remove(step.fact.order)
        source = self._quests[step.quest_id]
        if not self._move(source, step):
            fact = msgspec.structs.replace(step.fact, may_move=False)
            running.tell(source, fact, fact.order)

    def _move(self, source: QuestInHand, step: LateStep) -> bool:
        if (source.campaign_id, source.version_number) not in self._candidates.terms:
            raise Overtaken(step.fact.order)
        gate = self._gates.get(source.campaign_id)
        if gate is None or gate.is_shut(self._work.now) or self._is_elsewhere(step.fact):
            return False
        return any(self._seat(source, target, step) for target in self._in_turn(source))

    def _is_elsewhere(self, fact: Ordered) -> bool:
        """Whether the buyer has a seat in another quest, or has bought there since."""
        work, placed = self._work, self._placed[fact.order]
        row = work.driver.execute(
            ELSEWHERE,
            (work.workspace_id, placed.campaign_id, fact.by, fact.order, placed.reserved_at),
        ).fetchone()
        return row is not None

    def _in_turn(self, source: QuestInHand) -> list[QuestInHand]:
        """Return the quests to ask: its own first, then the nearest to their goal."""
        found = [
            quest
            for quest in self._quests.values()
            if (quest.id == source.id or quest.id in self._candidates.quest_ids)
            and (quest.campaign_id, quest.version_number)
            == (source.campaign_id, source.version_number)
            and quest.state == "open"
        ]
        return sorted(found, key=lambda quest: (quest.id != source.id, _missing(quest), quest.id))

    def _seat(self, source: QuestInHand, target: QuestInHand, step: LateStep) -> bool:
        """Ask one quest to take the order; False: it does not, and nothing has changed."""
        running, fact = self._running, step.fact
        seat = self._free_seat(target)
        if seat is None:
            return False
        quantity = self._placed[fact.order].quantity
        wish = Reserved(fact.order, fact.by, fact.amount_minor, quantity)
        if running.tell(target, wish).reason is not None:
            return False
        if step.payment_id is not None and not store.take_up_again(
            self._work, fact.order, step.payment_id, "moved"
        ):
            running.tell(target, Released(fact.order, fact.by))
            return False
        self._taken_up.add(fact.order)
        self._write(source, target, step, seat)
        if source.id != target.id:
            running.tell(source, Released(fact.order, fact.by))
        depth = 0 if target.owner_id == fact.by else 1
        paid = msgspec.structs.replace(fact, depth=depth, may_move=False)
        running.tell(target, paid, fact.order)
        return True

    def _free_seat(self, target: QuestInHand) -> int | None:
        work, selling = self._work, target.plan.selling
        if selling is None or not selling.moves:
            return None
        named = (selling.seats, work.workspace_id, target.id)
        row = work.driver.execute(FREE_SEAT, named).fetchone()
        return row[0] if row else None

    def _write(self, source: QuestInHand, target: QuestInHand, step: LateStep, seat: int) -> None:
        work, order = self._work, step.fact.order
        named = {
            "workspace": work.workspace_id,
            "order": order,
            "source": source.id,
            "target": target.id,
            "payment": step.payment_id,
            "now": work.now,
        }
        work.driver.execute(MOVE, named)
        work.driver.execute(LEAVE_SEAT, (work.workspace_id, order))
        seats = target.plan.selling.seats if target.plan.selling else 0
        work.driver.execute(TAKE_SEAT, (work.workspace_id, target.id, seat, seats, order))
        self._tell(source, target, step)

    def _tell(self, source: QuestInHand, target: QuestInHand, step: LateStep) -> None:
        """Record the move, and that what was paid counts for the quest that took the order."""
        campaign, fact = target.campaign_id, step.fact
        brought = [(target.id, fact.amount_minor)]
        if step.payment_id is None:
            # It was paid in time for the order, and has counted for the quest that lost it.
            brought.append((source.id, -fact.amount_minor))
        self._running.events.append(
            events.OrderMoved(
                campaign_id=campaign,
                quest_id=target.id,
                from_quest_id=source.id,
                order_id=fact.order,
                person_id=fact.by,
            )
        )
        self._running.events += [
            events.Sold(
                campaign_id=campaign, quest_id=quest, order_id=fact.order, output_minor=minor
            )
            for quest, minor in brought
            if minor
        ]


def _missing(quest: QuestInHand) -> tuple[int, float]:
    """How many people it lacks, and then how soon it ends."""
    standing = quest.stands()
    missing = (standing.need or 0) - standing.have
    return missing, standing.deadline.timestamp() if standing.deadline else 0.0
