"""What becomes of orders, told to the quests they belong to: each step once, in its own order.

A store event only says that an order has more of a story; the story is read from the order. So an
event that comes late, twice or out of order changes nothing, and one that was lost is made up for
by the next. A step that was told is a row, written in the transaction of what it brought.
"""

from collections.abc import Iterable, Iterator, Mapping, MutableSet, Sequence
from itertools import accumulate
from typing import Final, NamedTuple
from uuid import UUID

from banyan import links, store
from banyan.campaigns import moves
from banyan.campaigns.bringers import quests_that_brought
from banyan.campaigns.itemizing import itemized
from banyan.campaigns.moves import LateStep, Moves, Placed
from banyan.campaigns.order_effects import set_states
from banyan.campaigns.output import Brought, tell_output
from banyan.campaigns.quests_in_hand import QuestInHand, lock_quests
from banyan.campaigns.quotas import Quotas
from banyan.campaigns.running import Running, open_till
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Chained, Fact, Ordered, Qualified, Refunded, Released
from banyan.store import OrderStory

STORY_EVENTS: Final = store.CAMPAIGN_EVENTS

DELIVERED: Final = "delivered"
LATE: Final = "late"
"""The step of a payment that came after its order was closed."""

OWN, FIRST, SECOND = 0, 1, 2
"""How far the buyer is from the quest: its owner, came by its link, came by a link it brought."""

CHAINED: Final = [key for key, play in PLAYS.items() if isinstance(play, Chained)]
"""The plays of which a sale may be told to two quests."""


class Step(NamedTuple):
    """A step of an order that a quest has to hear of."""

    order_id: UUID
    quest_id: UUID
    step: str
    cause_id: UUID
    fact: Fact


# Who began by another quest's link takes part by that quest for good. One step and no more: nobody
# is asked who brought the one above.
ABOVE = """
select q.id, a.id from quests q
join campaigns c on c.workspace_id = q.workspace_id and c.id = q.campaign_id
  and c.play_key = any(%b)
join participants p on p.workspace_id = q.workspace_id and p.campaign_id = q.campaign_id
  and p.person_id = q.owner_id
join quests a on a.workspace_id = p.workspace_id and a.id = p.quest_id
  and a.campaign_id = q.campaign_id and a.owner_id <> q.owner_id
where q.workspace_id = %s and q.id = any(%b)
"""

TOLD = """
insert into quest_order_facts (workspace_id, told_at, order_id, quest_id, step, cause_id)
select %s, %s, f.* from unnest(%b::uuid[], %b::uuid[], %b::text[], %b::uuid[]) as f
on conflict do nothing
returning order_id, quest_id, step, cause_id
"""

FREE_SEATS = "delete from quest_seats where workspace_id = %s and order_id = any(%b)"


def tell_stories(
    work: Work, order_ids: Iterable[UUID], waiting: MutableSet[UUID] | None = None
) -> int:
    """Tell quests every step of these orders that they have not heard of; return how many.

    Orders of no quest are passed over. May be repeated, and run side by side. Raises
    `moves.Overtaken` when another transaction moved one of them meanwhile: run it again.

    A quest that cannot be read is not told; the orders it should hear of are added to `waiting`,
    to be told again later. Without it, raises ProgressUnreadable.
    """
    wanted = sorted(set(order_ids))
    before = moves.placed_orders(work, wanted)
    found = store.stories_of(work, wanted)
    candidates = moves.find_candidates(work, before, found)
    linked = _linked(work, found)
    above = _above(work, set(linked.values()))
    brought = quests_that_brought(work, found.values())
    hearers = _hearers(before, linked, above, brought)
    quests = _locked(work, candidates.quest_ids.union(*hearers.values()), hearers, waiting)
    if not quests:
        return 0
    placed = moves.placed_now(work, before)
    # Read once more now that the quests are locked: what is told stands in the order of the facts.
    stories = store.stories_of(
        work, [order for order in wanted if order in placed or order in linked or order in brought]
    )
    steps: list[Step] = []
    for story in stories.values():
        steps += _steps(story, placed, quests)
        by_link = quests.get(linked.get(story.order_id, story.order_id))
        steps += _linked_steps(story, by_link, above, quests)
        for bringer in brought.get(story.order_id, ()):
            if bringer in quests and linked.get(story.order_id) != bringer:
                steps += _paid_steps(story, quests[bringer], FIRST)
    fresh = itemized(work, _not_told(work, steps), quests)
    if not fresh:
        return 0
    tell_output(work, _output(fresh, quests))
    people = {story.buyer_id for story in stories.values()}
    running = Running(work, open_till(work, quests, people, is_careful=True))
    # Only the quest that placed an order says how far it is; whoever brought its buyer listens.
    own = [s for s in fresh if s.order_id in placed and placed[s.order_id].quest_id == s.quest_id]
    _move_on(work, own, stories, placed)
    moving = Moves(work, running, quests, placed, candidates)
    for step in fresh:
        if step.step == LATE and not moving.is_waiting(stories[step.order_id]):
            continue
        running.tell(quests[step.quest_id], step.fact, step.cause_id)
        if isinstance(step.fact, Ordered):
            payment = step.cause_id if step.step == LATE else None
            moving.carry_out(LateStep(step.quest_id, step.fact, payment))
    if late := {step.order_id for step in fresh if step.step == LATE}:
        store.send_late_back(work, late, "no_seat")
    running.close()
    return len(fresh)


def _hearers(
    placed: Mapping[UUID, Placed],
    linked: Mapping[UUID, UUID],
    above: Mapping[UUID, UUID],
    brought: Mapping[UUID, Iterable[UUID]],
) -> dict[UUID, set[UUID]]:
    """Return, by order, the quests that may have to hear of it."""
    found = {order: set(quests) for order, quests in brought.items()}
    for order, at in placed.items():
        found.setdefault(order, set()).add(at.quest_id)
    for order, by in linked.items():
        found.setdefault(order, set()).update((by, above.get(by, by)))
    return found


def _locked(
    work: Work,
    quest_ids: Iterable[UUID],
    hearers: Mapping[UUID, set[UUID]],
    waiting: MutableSet[UUID] | None,
) -> dict[UUID, QuestInHand]:
    """Lock quests; the orders that those should hear of that cannot be read are `waiting`."""
    if waiting is None:
        return lock_quests(work, quest_ids)
    unreadable: set[UUID] = set()
    quests = lock_quests(work, quest_ids, unreadable)
    if unreadable:
        waiting |= {order for order, told in hearers.items() if told & unreadable}
    return quests


def _output(steps: Iterable[Step], quests: dict[UUID, QuestInHand]) -> Iterator[Brought]:
    """Return what each step brought in or sent back for goods."""
    for order, quest, step, cause, fact in steps:
        if isinstance(fact, Ordered | Refunded) and step != LATE:
            minor = fact.amount_minor if isinstance(fact, Ordered) else -fact.amount_minor
            yield Brought(quests[quest].campaign_id, quest, order, step, cause, minor)


def _linked(work: Work, stories: dict[UUID, OrderStory]) -> dict[UUID, UUID]:
    """Return the quest by whose link each order came."""
    codes = {story.link_code for story in stories.values() if story.link_code}
    quests = links.quests_of_codes(work, codes)
    return {
        story.order_id: quests[story.link_code]
        for story in stories.values()
        if story.link_code in quests
    }


def _above(work: Work, quest_ids: set[UUID]) -> dict[UUID, UUID]:
    """Return, by quest, the quest that brought its owner, where the play may pay for that."""
    if not quest_ids:
        return {}
    rows = work.driver.execute(ABOVE, (CHAINED, work.workspace_id, sorted(quest_ids)))
    return dict(rows.fetchall())


def _steps(
    story: OrderStory, placed: dict[UUID, Placed], quests: dict[UUID, QuestInHand]
) -> list[Step]:
    """Return every step so far of an order that a quest placed, in the order they can have come."""
    mine = placed.get(story.order_id)
    quest = quests.get(mine.quest_id) if mine else None
    if mine is None or quest is None:
        return []
    order, by = story.order_id, story.buyer_id
    depth = OWN if by == quest.owner_id else FIRST
    steps = _paid_steps(story, quest, depth, may_move=moves.is_movable(mine, story))
    if story.is_closed:
        steps.append(Step(order, quest.id, "closed", order, Released(order, by)))
    paid = Ordered(order, by, story.goods_minor, depth, may_move=moves.is_movable(mine, story))
    return steps + [Step(order, quest.id, LATE, payment, paid) for payment in story.late]


def _linked_steps(
    story: OrderStory,
    quest: QuestInHand | None,
    above: dict[UUID, UUID],
    quests: dict[UUID, QuestInHand],
) -> list[Step]:
    """Return every step so far of an order that came by a quest's link.

    A play that sells hears of the orders it placed itself, never of other ones. What somebody buys
    by their own link is no sale, so nobody above hears of it.
    """
    if quest is None or quest.plan.selling is not None or story.is_closed:
        return []
    if story.buyer_id == quest.owner_id:
        return _paid_steps(story, quest, OWN)
    steps = _paid_steps(story, quest, FIRST)
    higher = quests.get(above.get(quest.id, quest.id))
    if higher is not None and higher.id != quest.id and _hears(higher, story.buyer_id):
        steps += _paid_steps(story, higher, SECOND)
    return steps


def _hears(higher: QuestInHand, buyer: UUID) -> bool:
    """Whether a quest is told of what those it brought have sold: never of its owner's purchases."""
    play, settings = higher.plan.play, higher.plan.version.settings
    chained = isinstance(play, Chained) and play.has_second_level(settings)
    return chained and buyer != higher.owner_id


def _paid_steps(
    story: OrderStory, quest: QuestInHand, depth: int, *, may_move: bool = False
) -> list[Step]:
    order, by = story.order_id, story.buyer_id
    if not story.is_paid:
        return []
    paid = Ordered(order, by, story.goods_minor, depth, may_move=may_move)
    steps = [Step(order, quest.id, "paid", order, paid)]
    back = accumulate(minor for _, minor in story.refunds)
    steps += [
        Step(
            *(order, quest.id, "refunded", refund),
            Refunded(order, by, minor, whole=so_far >= story.goods_minor),
        )
        for (refund, minor), so_far in zip(story.refunds, back, strict=True)
    ]
    if story.is_delivered:
        fact = Qualified(by, DELIVERED, order, amount=story.goods_minor)
        steps.append(Step(order, quest.id, "delivered", order, fact))
    return steps


def _not_told(work: Work, steps: Sequence[Step]) -> list[Step]:
    """Write the steps down as told; return those that were not before."""
    if not steps:
        return []
    named = sorted(step[:4] for step in steps)
    columns = map(list, zip(*named, strict=True))
    rows = work.driver.execute(TOLD, (work.workspace_id, work.now, *columns))
    fresh = {tuple(row) for row in rows}
    return [step for step in steps if step[:4] in fresh]


def _move_on(
    work: Work,
    fresh: Sequence[Step],
    stories: dict[UUID, OrderStory],
    placed: dict[UUID, Placed],
) -> None:
    """Write how far each order has come, before the plays' own word about it is carried out."""
    states: dict[UUID, str] = {}
    returned: dict[UUID, tuple[UUID, int]] = {}
    for step in fresh:
        order = step.order_id
        story = stories[order]
        if step.step == "paid":
            states[order] = "paid"
        elif step.step == "closed":
            states[order] = "released"
            returned[order] = (placed[order].campaign_id, placed[order].quantity)
        elif step.step == "refunded" and sum(m for _, m in story.refunds) >= story.goods_minor:
            states[order] = "refunded"
            # Nobody has these pieces: while the sale runs they are for others again.
            returned[order] = (placed[order].campaign_id, placed[order].quantity)
    set_states(work, states)
    free = [order for order, state in states.items() if state in {"released", "refunded"}]
    if free:
        work.driver.execute(FREE_SEATS, (work.workspace_id, sorted(free)))
    if returned:
        quotas = Quotas(work, sorted({campaign for campaign, _ in returned.values()}))
        quotas.close(returned=returned)
