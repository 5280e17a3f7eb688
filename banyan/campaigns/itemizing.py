"""Itemizing: the lines of an order, put into the facts of quests whose play looks at them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec

from banyan import store
from banyan.campaigns.quests_in_hand import QuestInHand
from banyan.kernel.work import Work
from banyan.plays import (
    PLAYS,
    Itemizing,
    Ordered,
    OrderedLine,
    Refunded,
    RefundedLine,
)
from banyan.store import OrderLines

if TYPE_CHECKING:
    from banyan.campaigns.order_stories import Step

ITEMIZING: Final = {key for key, play in PLAYS.items() if isinstance(play, Itemizing)}


def itemized(
    work: Work, steps: "Sequence[Step]", quests: Mapping[UUID, QuestInHand]
) -> "list[Step]":
    """Return the steps with the lines of their orders, where the quest's play wants them."""
    wanted = {step.order_id for step in steps if _wants(step, quests)}
    lines = store.lines_of_orders(work, wanted) if wanted else {}
    return [
        _with_lines(step, quests[step.quest_id], lines[step.order_id])
        if _wants(step, quests) and step.order_id in lines
        else step
        for step in steps
    ]


def _wants(step: "Step", quests: Mapping[UUID, QuestInHand]) -> bool:
    is_money = isinstance(step.fact, Ordered | Refunded)
    return is_money and quests[step.quest_id].plan.play.key in ITEMIZING


def _with_lines(step: "Step", quest: QuestInHand, lines: OrderLines) -> "Step":
    fact = step.fact
    if isinstance(fact, Ordered):
        paid = tuple(OrderedLine(*line) for line in lines.paid)
        return step._replace(
            fact=msgspec.structs.replace(fact, lines=paid, most_minor=_most_minor(quest))
        )
    if isinstance(fact, Refunded):
        back = tuple(RefundedLine(*line) for line in lines.back.get(step.cause_id, ()))
        return step._replace(fact=msgspec.structs.replace(fact, lines=back))
    return step


def _most_minor(quest: QuestInHand) -> int | None:
    """Return what one of the offer that pays commission is worth, as it was announced."""
    play, version = quest.plan.play, quest.plan.version
    key = play.commission_offer(version.settings)
    offers = version.definition["offers"]
    return next((offer["value_minor"] for offer in offers if offer["key"] == key), None)
