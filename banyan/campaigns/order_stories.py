"""What becomes of orders, told to the quests they belong to: each step once, in its own order.

A store event only says that an order has more of a story; the story is read from the order. So an
event that comes late, twice or out of order changes nothing, and one that was lost is made up for
by the next. A step that was told is a row, written in the transaction of what it brought.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from banyan import links, store
from banyan.campaigns.order_effects import set_states
from banyan.campaigns.quotas import Quotas
from banyan.campaigns.running import QuestInHand, Running, lock_quests, open_till
from banyan.kernel.work import Work
from banyan.plays import Fact, Ordered, Qualified, Refunded, Released
from banyan.store import OrderStory

STORY_EVENTS: Final = store.CAMPAIGN_EVENTS

DELIVERED: Final = "delivered"


class Placed(NamedTuple):
    """An order that was placed through a quest."""

    quest_id: UUID
    campaign_id: UUID
    quantity: int


class Step(NamedTuple):
    """A step of an order that a quest has to hear of."""

    order_id: UUID
    quest_id: UUID
    step: str
    cause_id: UUID
    fact: Fact


PLACED = """
select order_id, quest_id, campaign_id, quantity from quest_orders
where workspace_id = %s and order_id = any(%b)
"""

TOLD = """
insert into quest_order_facts (workspace_id, told_at, order_id, quest_id, step, cause_id)
select %s, %s, f.* from unnest(%b::uuid[], %b::uuid[], %b::text[], %b::uuid[]) as f
on conflict do nothing
returning order_id, quest_id, step, cause_id
"""

FREE_SEATS = "delete from quest_seats where workspace_id = %s and order_id = any(%b)"


def tell_stories(work: Work, order_ids: Iterable[UUID]) -> int:
    """Tell quests every step of these orders that they have not heard of; return how many.

    Orders of no quest are passed over. May be repeated, and run side by side.
    """
    wanted = sorted(set(order_ids))
    rows = work.driver.execute(PLACED, (work.workspace_id, wanted))
    placed = {order: Placed(*rest) for order, *rest in rows}
    linked = _linked(work, store.stories_of(work, wanted))
    quests = lock_quests(work, {each.quest_id for each in placed.values()} | set(linked.values()))
    if not quests:
        return 0
    # Read once more now that the quests are locked: what is told stands in the order of the facts.
    stories = store.stories_of(
        work, [order for order in wanted if order in placed or order in linked]
    )
    steps = [step for story in stories.values() for step in _steps(story, placed, linked, quests)]
    fresh = _not_told(work, steps)
    if not fresh:
        return 0
    people = {story.buyer_id for story in stories.values()}
    running = Running(work, open_till(work, quests, people, is_careful=True))
    for step in fresh:
        running.tell(quests[step.quest_id], step.fact)
    _move_on(work, [step for step in fresh if step.order_id in placed], stories, placed)
    running.close()
    return len(fresh)


def _linked(work: Work, stories: dict[UUID, OrderStory]) -> dict[UUID, UUID]:
    """Return the quest by whose link each order came."""
    codes = {story.link_code for story in stories.values() if story.link_code}
    quests = links.quests_of_codes(work, codes)
    return {
        story.order_id: quests[story.link_code]
        for story in stories.values()
        if story.link_code in quests
    }


def _steps(
    story: OrderStory,
    placed: dict[UUID, Placed],
    linked: dict[UUID, UUID],
    quests: dict[UUID, QuestInHand],
) -> list[Step]:
    """Return every step of an order so far, in the order in which they can only have come."""
    mine = placed.get(story.order_id)
    steps: list[Step] = []
    if mine is not None:
        steps += _steps_for(story, quests[mine.quest_id], is_closed_told=True)
    by_link = quests.get(linked.get(story.order_id, story.order_id))
    # A play that sells hears of the orders it placed itself, never of other ones.
    if by_link is not None and by_link.plan.selling is None:
        steps += _steps_for(story, by_link, is_closed_told=False)
    return steps


def _steps_for(story: OrderStory, quest: QuestInHand, *, is_closed_told: bool) -> list[Step]:
    order, by = story.order_id, story.buyer_id
    if story.is_closed:
        closed = Step(order, quest.id, "closed", order, Released(order, by))
        return [closed] if is_closed_told else []
    if not story.is_paid:
        return []
    depth = 0 if by == quest.owner_id else 1
    paid = Ordered(order, by, story.goods_minor, depth)
    steps = [Step(order, quest.id, "paid", order, paid)]
    steps += [
        Step(order, quest.id, "refunded", refund, Refunded(order, by, minor))
        for refund, minor in story.refunds
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
    set_states(work, states)
    free = [order for order, state in states.items() if state in {"released", "refunded"}]
    if free:
        work.driver.execute(FREE_SEATS, (work.workspace_id, sorted(free)))
    if returned:
        quotas = Quotas(work, sorted({campaign for campaign, _ in returned.values()}))
        quotas.close(returned=returned)
