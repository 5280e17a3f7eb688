"""The rule of group buying."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from msgspec.structs import replace

from banyan.plays.disclosures import Disclosures, PriceTerms, TeamTerms
from banyan.plays.effects import (
    ConfirmOrders,
    Count,
    Effect,
    Lose,
    MoveOrder,
    RefundOrders,
    Refuse,
    Reverse,
    Reward,
    WakeAt,
    Win,
)
from banyan.plays.facts import (
    CampaignEnded,
    Fact,
    Ordered,
    Refunded,
    Released,
    Reserved,
    Started,
    TimePassed,
)
from banyan.plays.group_buy import described
from banyan.plays.group_buy.numbers import NUMBERS
from banyan.plays.group_buy.progress import GroupBuyProgress, Seat
from banyan.plays.group_buy.settings import GroupBuySettings
from banyan.plays.play import Act, Mechanism, Problem, Standing
from banyan.plays.selling import Selling
from banyan.plays.words import Words

__all__ = ["GroupBuy"]

Outcome: TypeAlias = tuple[GroupBuyProgress, list[Effect]]

NOT_APPLICABLE: Final = Refuse("not_applicable")
FULL: Final = Refuse("quest_full")
OVER: Final = Refuse("quest_over")
LATE: Final = Refuse("out_of_time")
TWICE: Final = Refuse("done_already")
CAP: Final = Refuse("cap_reached")

LEADER, DIFFERENCE, FAILED, NO_SEAT = "leader", "difference", "failed", "no_seat"
"""Names of what is given to the leader, and of why money goes back."""


class GroupBuy:
    """A team that fills in time buys cheaper, the more people the less it costs."""

    key = "group_buy"
    name = Words("拼团", "Group buy")
    summary = Words(
        "限时凑齐人数即成团，人越多越便宜；按实际人数退差价，未成团全额退款。",
        "A team that fills in time pays less, the more people the less; the difference goes back, "
        "and everything if no team forms.",
    )
    Settings = GroupBuySettings
    Progress = GroupBuyProgress
    numbers = NUMBERS

    def react(
        self, settings: GroupBuySettings, progress: GroupBuyProgress, fact: Fact, now: datetime
    ) -> Outcome:
        """See `Play.react`. The last payment settles the team; a later one is moved or goes back."""
        match fact:
            case Started():
                return _started(settings, progress, fact, now)
            case Reserved():
                return _reserved(settings, progress, fact, now)
            case Ordered():
                return _ordered(settings, progress, fact, now)
            case Released():
                return _released(progress, fact)
            case Refunded():
                return _refunded(settings, progress, fact)
            case TimePassed():
                is_over = progress.deadline is not None and now >= progress.deadline
                return _decided(settings, progress) if is_over else (progress, [])
            case CampaignEnded():
                return _decided(settings, progress)
            case _:
                return progress, [NOT_APPLICABLE]

    def problems(self, settings: GroupBuySettings) -> list[Problem]:
        """See `Play.problems`."""
        return described.problems(settings)

    def offers(self, settings: GroupBuySettings) -> dict[str, str]:
        """See `Play.offers`."""
        return {} if settings.leader_offer is None else {"leader_offer": settings.leader_offer}

    def goods(self, settings: GroupBuySettings) -> dict[str, str]:
        """See `Play.goods`."""
        return {"good": settings.good}

    def acts(self, settings: GroupBuySettings) -> list[Act]:  # noqa: ARG002 - buying is all
        """See `Play.acts`."""
        return []

    def selling(self, settings: GroupBuySettings) -> Selling:
        """See `SellingPlay.selling`."""
        return Selling(
            good=settings.good,
            seats=settings.tiers[-1].people,
            highest_minor=settings.tiers[0].price_minor,
            waits=True,
            one_at_a_time=True,
            moves=True,
        )

    def disclosures(self, settings: GroupBuySettings) -> Disclosures:
        """See `Disclosing.disclosures`: teams refund by themselves, and nothing is drawn."""
        return Disclosures(
            teams=(
                TeamTerms(
                    "tiers",
                    size=settings.tiers[0].people,
                    hours=settings.hours_to_fill,
                    price_minor=settings.tiers[0].price_minor,
                    refunds_on_failure=True,
                ),
            ),
            prices=tuple(
                PriceTerms(f"tiers[{nth}].price_minor", settings.good, tier.price_minor)
                for nth, tier in enumerate(settings.tiers)
            ),
        )

    def standing(self, settings: GroupBuySettings, progress: GroupBuyProgress) -> Standing:
        """See `Play.standing`. Whoever has paid counts; a held seat is not shown as a member."""
        is_open = progress.state in {"forming", "full"}
        return Standing(
            state="open" if is_open else "won" if progress.state == "settled" else "lost",
            have=len(_paid(progress)),
            need=settings.tiers[-1].people,
            tiers=(),
            deadline=progress.deadline,
            price_minor=settings.tiers[0].price_minor if progress.state == "forming" else None,
        )

    def rules(self, settings: GroupBuySettings, offers: Mapping[str, Words]) -> list[Words]:
        """See `Play.rules`."""
        return described.rules(settings, offers)

    def mechanisms(self, settings: GroupBuySettings) -> list[Mechanism]:
        """See `Play.mechanisms`."""
        return described.mechanisms(settings)

    def most_cost(self, settings: GroupBuySettings, costs: Mapping[str, int], people: int) -> int:
        """See `Play.most_cost`."""
        return described.most_cost(settings, costs, people)


def _started(
    settings: GroupBuySettings, progress: GroupBuyProgress, fact: Started, now: datetime
) -> Outcome:
    if progress.leader is not None:
        return progress, []
    if fact.quests_before >= settings.teams_per_person:
        return progress, [CAP]
    deadline = now + timedelta(hours=settings.hours_to_fill)
    return GroupBuyProgress(fact.by, fact.quest, deadline=deadline), [WakeAt(deadline)]


def _reserved(
    settings: GroupBuySettings, progress: GroupBuyProgress, fact: Reserved, now: datetime
) -> Outcome:
    if progress.leader is None:
        return progress, [NOT_APPLICABLE]
    if _seat(progress, fact.order) is not None:
        return progress, []
    if _is_late(progress, now):
        decided, effects = _decided(settings, progress)
        return decided, [*effects, LATE]
    if progress.state not in {"forming", "full"}:
        return progress, [FULL if progress.state == "settled" else OVER]
    if any(seat.by == fact.by for seat in progress.seats):
        return progress, [TWICE]
    if progress.state == "full":
        return progress, [FULL]
    if fact.quantity > settings.most_per_order:
        return progress, [CAP]
    seat = Seat(fact.order, fact.by, fact.quantity, fact.amount_minor)
    return _seated(settings, progress, (*progress.seats, seat)), []


def _ordered(
    settings: GroupBuySettings, progress: GroupBuyProgress, fact: Ordered, now: datetime
) -> Outcome:
    if progress.leader is None:
        return progress, [NOT_APPLICABLE]
    before: list[Effect] = []
    seat = _seat(progress, fact.order)
    if seat is not None and seat.is_paid:
        return progress, []
    if _is_late(progress, now):
        progress, before = _decided(settings, progress)
    if seat is None or progress.state not in {"forming", "full"}:
        return _sent_back(progress, seat, fact, before)
    paid = replace(seat, is_paid=True, amount_minor=fact.amount_minor)
    progress = _with(progress, paid)
    if len(_paid(progress)) < settings.tiers[-1].people:
        return progress, [Count(fact.by)]
    settled, effects = _settled(settings, progress)
    return settled, [Count(fact.by), *effects]


def _sent_back(
    progress: GroupBuyProgress, seat: Seat | None, fact: Ordered, before: list[Effect]
) -> Outcome:
    """A payment too late, or for a seat nobody held: to another team, or the money goes back."""
    why = FULL if progress.state in {"full", "settled"} else OVER
    if fact.may_move:
        return progress, [*before, MoveOrder(fact.order), why]
    if seat is not None and progress.state in {"refunding", "closed"}:
        paid = replace(seat, is_paid=True, amount_minor=fact.amount_minor)
        progress = replace(_with(progress, paid), state="refunding")
    elif seat is not None:
        # The team settled without this seat; it is nobody's any more.
        progress = _without(progress, fact.order)
    return progress, [*before, RefundOrders((fact.order,), NO_SEAT), why]


def _released(progress: GroupBuyProgress, fact: Released) -> Outcome:
    seat = _seat(progress, fact.order)
    if seat is None or seat.is_paid:
        return progress, []
    return _eased(_without(progress, fact.order)), []


def _refunded(settings: GroupBuySettings, progress: GroupBuyProgress, fact: Refunded) -> Outcome:
    seat = _seat(progress, fact.order)
    if seat is None or not seat.is_paid or seat.is_back:
        return progress, []
    seat = replace(seat, back_minor=seat.back_minor + fact.amount_minor)
    progress = _with(progress, seat)
    if not seat.is_back:
        return progress, []
    if progress.state in {"forming", "full"}:
        return _eased(_without(progress, fact.order)), []
    if progress.state == "refunding":
        return _eased(progress), []
    leader, quest = progress.leader, progress.quest
    if settings.leader_offer is None or leader is None or quest is None or seat.by != leader:
        return progress, []
    # A benefit for leading is not kept by who gave the goods back.
    return progress, [Reverse(LEADER, leader, quest)]


def _decided(settings: GroupBuySettings, progress: GroupBuyProgress) -> Outcome:
    """Time is over: the team stands at the step its head count reached, or everybody is refunded."""
    if progress.leader is None or progress.state not in {"forming", "full"}:
        return progress, []
    paid = _paid(progress)
    if len(paid) >= settings.tiers[0].people:
        return _settled(settings, progress)
    effects: list[Effect] = []
    if paid:
        effects.append(RefundOrders(tuple(seat.order for seat in paid), FAILED))
    effects.append(Lose("not_enough_people"))
    return replace(progress, state="refunding" if paid else "closed"), effects


def _settled(settings: GroupBuySettings, progress: GroupBuyProgress) -> Outcome:
    paid = _paid(progress)
    price = min(tier.price_minor for tier in settings.tiers if tier.people <= len(paid))
    effects: list[Effect] = [ConfirmOrders(tuple(seat.order for seat in paid))]
    for seat in paid:
        over = seat.amount_minor - seat.back_minor - price * seat.quantity
        if over > 0:
            effects.append(RefundOrders((seat.order,), DIFFERENCE, over))
    leader, quest = progress.leader, progress.quest
    if (
        settings.leader_offer is not None
        and leader is not None
        and quest is not None
        and any(seat.by == leader for seat in paid)
    ):
        effects.append(Reward(LEADER, leader, settings.leader_offer, quest))
    effects.append(Win())
    return replace(progress, state="settled", price_minor=price), effects


def _is_late(progress: GroupBuyProgress, now: datetime) -> bool:
    is_open = progress.state in {"forming", "full"}
    return is_open and progress.deadline is not None and now >= progress.deadline


def _seat(progress: GroupBuyProgress, order: UUID) -> Seat | None:
    return next((seat for seat in progress.seats if seat.order == order), None)


def _paid(progress: GroupBuyProgress) -> list[Seat]:
    return [seat for seat in progress.seats if seat.is_paid]


def _with(progress: GroupBuyProgress, changed: Seat) -> GroupBuyProgress:
    seats = tuple(changed if seat.order == changed.order else seat for seat in progress.seats)
    return replace(progress, seats=seats)


def _without(progress: GroupBuyProgress, order: UUID) -> GroupBuyProgress:
    return replace(progress, seats=tuple(s for s in progress.seats if s.order != order))


def _seated(
    settings: GroupBuySettings, progress: GroupBuyProgress, seats: tuple[Seat, ...]
) -> GroupBuyProgress:
    is_full = len(seats) >= settings.tiers[-1].people
    return replace(progress, seats=seats, state="full" if is_full else "forming")


def _eased(progress: GroupBuyProgress) -> GroupBuyProgress:
    """A seat is free, or money is back: a full team forms again, a failed one may be closed."""
    if progress.state == "full":
        return replace(progress, state="forming")
    if progress.state == "refunding" and all(s.is_back for s in progress.seats if s.is_paid):
        return replace(progress, state="closed")
    return progress
