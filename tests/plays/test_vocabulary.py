"""The facts and effects are broad enough: four more plays, sketched whole in their own words."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from uuid import UUID, uuid5

import msgspec
import pytest

from banyan.plays import (
    LUCK_BELOW,
    CampaignEnded,
    Commission,
    ConfirmOrders,
    Count,
    Effect,
    Fact,
    Lose,
    Ordered,
    Qualified,
    Refunded,
    RefundOrders,
    Refuse,
    Reverse,
    Reward,
    SetPrice,
    Started,
    Supported,
    TimePassed,
    WakeAt,
    Win,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def name(of: str) -> UUID:
    return uuid5(UUID(int=1), of)


# --- group buying ---


class Team(msgspec.Struct, frozen=True):
    """`prices` gives head count → price; the team is settled at the price its head count earned."""

    seats: int
    hours: int
    prices: dict[int, int]
    leader_offer: str | None = None


class TeamProgress(msgspec.Struct, frozen=True):
    leader: UUID | None = None
    quest: UUID | None = None
    state: str = "forming"
    paid: tuple[tuple[UUID, UUID, int], ...] = ()
    deadline: datetime | None = None


class GroupBuy:
    """forming → full → settled, or forming → failed → refunded; never a seat more than there is."""

    def react(
        self, settings: Team, progress: TeamProgress, fact: Fact, now: datetime
    ) -> tuple[TeamProgress, list[Effect]]:
        change = msgspec.structs.replace
        match fact:
            case Started(by, quest):
                deadline = now + timedelta(hours=settings.hours)
                return change(progress, leader=by, quest=quest, deadline=deadline), [
                    WakeAt(deadline)
                ]
            case Ordered(order, by, amount):
                late = progress.deadline is not None and now >= progress.deadline
                if order in {one for one, _, _ in progress.paid}:
                    return progress, []
                if progress.state != "forming" or late:
                    # Paid too late or beyond the last seat: the money goes straight back.
                    reason = "quest_full" if progress.state in {"full", "settled"} else "quest_over"
                    return progress, [RefundOrders((order,), "no_seat"), Refuse(reason)]
                paid = (*progress.paid, (order, by, amount))
                if len(paid) < settings.seats:
                    return change(progress, paid=paid), [Count(by)]
                return self._settled(
                    settings, change(progress, paid=paid, state="full"), [Count(by)]
                )
            case Refunded(order):
                paid = tuple(one for one in progress.paid if one[0] != order)
                return change(progress, paid=paid), []
            case TimePassed() | CampaignEnded():
                if progress.state != "forming" or (
                    isinstance(fact, TimePassed) and progress.deadline and now < progress.deadline
                ):
                    return progress, []
                if any(len(progress.paid) >= heads for heads in settings.prices):
                    return self._settled(settings, progress, [])
                orders = tuple(order for order, _, _ in progress.paid)
                effects: list[Effect] = [Lose("not_enough_people")]
                if orders:
                    effects.insert(0, RefundOrders(orders, "failed"))
                return change(progress, state="failed"), effects
            case _:
                return progress, [Refuse("not_applicable")]

    def _settled(
        self, settings: Team, progress: TeamProgress, effects: list[Effect]
    ) -> tuple[TeamProgress, list[Effect]]:
        heads = len(progress.paid)
        price = min(price for need, price in settings.prices.items() if need <= heads)
        effects.append(ConfirmOrders(tuple(order for order, _, _ in progress.paid)))
        for order, _, amount in progress.paid:
            if amount > price:
                effects.append(RefundOrders((order,), "difference", amount - price))
        if settings.leader_offer and progress.leader and progress.quest:
            effects.append(Reward("leader", progress.leader, settings.leader_offer, progress.quest))
        effects.append(Win())
        return msgspec.structs.replace(progress, state="settled"), effects


TEAM = Team(seats=3, hours=24, prices={2: 9000, 3: 8000}, leader_offer="gift")


def run_team(facts: list[tuple[float, Fact]]) -> tuple[TeamProgress, list[Effect]]:
    progress, told = TeamProgress(), list[Effect]()
    for hours, fact in facts:
        progress, effects = GroupBuy().react(TEAM, progress, fact, NOON + timedelta(hours=hours))
        told += effects
    return progress, told


def paid(who: str, amount: int = 10_000) -> Ordered:
    return Ordered(name(f"order {who}"), name(who), amount)


def refunds(effects: list[Effect]) -> dict[UUID, int | None]:
    return {
        order: one.amount_minor
        for one in effects
        if isinstance(one, RefundOrders)
        for order in one.orders
    }


START = (0.0, Started(name("a"), name("team")))


def test_a_full_team_settles_at_its_price_and_returns_the_difference() -> None:
    progress, effects = run_team(
        [START, (1, paid("a")), (2, paid("b", 9500)), (3, paid("c", 8000))]
    )
    assert progress.state == "settled"
    assert refunds(effects) == {name("order a"): 2000, name("order b"): 1500}
    assert ConfirmOrders((name("order a"), name("order b"), name("order c"))) in effects
    assert Reward("leader", name("a"), "gift", name("team")) in effects


def test_time_over_with_a_lower_step_reached_settles_at_that_step() -> None:
    progress, effects = run_team([START, (1, paid("a")), (2, paid("b")), (24, TimePassed())])
    assert progress.state == "settled"
    assert set(refunds(effects).values()) == {1000}


def test_a_failed_team_refunds_everybody_once() -> None:
    progress, effects = run_team([START, (1, paid("a")), (24, TimePassed()), (25, TimePassed())])
    assert progress.state == "failed"
    assert effects[1:] == [
        Count(name("a")),
        RefundOrders((name("order a"),), "failed"),
        Lose("not_enough_people"),
    ]


@pytest.mark.parametrize("hours", [4, 24, 30])
def test_a_payment_too_late_or_too_many_goes_back_whole(hours: int) -> None:
    full = [START, (1, paid("a")), (2, paid("b")), (3, paid("c"))]
    progress, effects = run_team([*full, (hours, paid("d"))])
    assert refunds(effects)[name("order d")] is None
    assert len(progress.paid) == 3
    empty, effects = run_team([START, (24, paid("e"))])
    assert empty.paid == ()
    assert refunds(effects) == {name("order e"): None}


def test_the_same_payment_told_twice_takes_one_seat() -> None:
    progress, _ = run_team([START, (1, paid("a")), (1, paid("a"))])
    assert len(progress.paid) == 1


def test_a_member_refunded_while_forming_frees_the_seat() -> None:
    gone = Refunded(name("order a"), name("a"), 10_000)
    progress, _ = run_team([START, (1, paid("a")), (2, gone), (3, paid("b"))])
    assert [who for _, who, _ in progress.paid] == [name("b")]


# --- bargaining: chance comes in with the fact, the sum of cuts is exact ---


class Bargain(msgspec.Struct, frozen=True):
    price: int
    floor: int
    cuts: int


class BargainProgress(msgspec.Struct, frozen=True):
    price: int | None = None
    made: int = 0


def bargain(
    settings: Bargain, progress: BargainProgress, fact: Supported
) -> tuple[BargainProgress, list[Effect]]:
    price = settings.price if progress.price is None else progress.price
    left = settings.cuts - progress.made
    if left == 0:
        return progress, [Refuse("quest_full")]
    room = price - settings.floor
    # Twice the fair share at most, and the last friend takes what is left: no sum is lost.
    cut = room if left == 1 else fact.luck * (2 * room // left + 1) // LUCK_BELOW
    after = BargainProgress(price - cut, progress.made + 1)
    effects: list[Effect] = [Count(fact.by), SetPrice(price - cut)]
    return after, effects + ([Win()] if left == 1 else [])


@pytest.mark.parametrize("seed", range(30))
def test_every_bargain_ends_exactly_at_the_floor_and_replays(seed: int) -> None:
    chance = Random(seed)
    settings = Bargain(price=19_900, floor=chance.randrange(19_900), cuts=chance.randrange(1, 30))
    facts = [
        Supported(name(str(n)), luck=chance.randrange(LUCK_BELOW)) for n in range(settings.cuts)
    ]
    ends: list[BargainProgress] = []
    for _ in range(2):
        progress, before, effects = BargainProgress(), settings.price, list[Effect]()
        for fact in facts:
            progress, effects = bargain(settings, progress, fact)
            assert progress.price is not None
            assert settings.floor <= progress.price <= before
            before = progress.price
        assert Win() in effects
        ends.append(progress)
    assert ends[0] == ends[1]
    assert ends[0].price == settings.floor
    assert bargain(settings, ends[0], facts[0])[1] == [Refuse("quest_full")]


# --- affiliate: one level, held until the right of return is over ---


class Affiliate(msgspec.Struct, frozen=True):
    rate_bps: int
    hold_days: int


class AffiliateProgress(msgspec.Struct, frozen=True):
    owner: UUID
    owed: Mapping[UUID, int] = {}


def affiliate(
    settings: Affiliate, progress: AffiliateProgress, fact: Fact, now: datetime
) -> tuple[AffiliateProgress, list[Effect]]:
    match fact:
        case Ordered(order, by, amount, depth):
            if by == progress.owner:
                return progress, [Refuse("own_quest")]
            if depth != 1 or order in progress.owed:
                return progress, [Refuse("not_applicable")]
            return AffiliateProgress(progress.owner, {**progress.owed, order: amount}), [Count(by)]
        case Qualified(_, "delivered", order) if order in progress.owed:
            commission = progress.owed[order] * settings.rate_bps // 10_000
            held = now + timedelta(days=settings.hold_days)
            return progress, [Commission("sale", progress.owner, "cash", commission, order, held)]
        case Refunded(order) if order in progress.owed:
            rest = {one: sum_ for one, sum_ in progress.owed.items() if one != order}
            return AffiliateProgress(progress.owner, rest), [Reverse("sale", progress.owner, order)]
        case _:
            return progress, [Refuse("not_applicable")]


def test_commission_waits_for_delivery_and_goes_back_with_the_order() -> None:
    settings, progress = Affiliate(1500, 10), AffiliateProgress(name("owner"))
    order = Ordered(name("o"), name("b"), 9_990)
    progress, effects = affiliate(settings, progress, order, NOON)
    assert effects == [Count(name("b"))]
    delivered = Qualified(name("b"), "delivered", name("o"))
    _, effects = affiliate(settings, progress, delivered, NOON)
    expected = int(Fraction(9_990 * 15, 100))
    held = NOON + timedelta(days=10)
    assert effects == [Commission("sale", name("owner"), "cash", expected, name("o"), held)]
    progress, effects = affiliate(settings, progress, Refunded(name("o"), name("b"), 9_990), NOON)
    assert effects == [Reverse("sale", name("owner"), name("o"))]
    assert affiliate(settings, progress, delivered, NOON)[1] == [Refuse("not_applicable")]


@pytest.mark.parametrize("depth", [0, 2, 3])
def test_nobody_is_paid_for_sales_of_a_downline(depth: int) -> None:
    order = Ordered(name("o"), name("b"), 100, depth)
    _, effects = affiliate(Affiliate(1500, 10), AffiliateProgress(name("x")), order, NOON)
    assert effects == [Refuse("not_applicable")]


# --- lottery: published quantities, a draw is a fact with its luck ---


class Lottery(msgspec.Struct, frozen=True):
    prizes: tuple[tuple[str, int], ...]
    tickets: int


def draw(settings: Lottery, drawn: int, fact: Qualified, luck: int) -> tuple[int, list[Effect]]:
    """Ticket numbers are dealt without replacement by the caller's permutation; luck is the place."""
    at = luck * settings.tickets // LUCK_BELOW
    for offer, quantity in settings.prizes:
        if at < quantity:
            return drawn + 1, [Reward("draw", fact.by, offer, fact.cause)]
        at -= quantity
    return drawn + 1, [Lose("not_enough_people")]


def test_every_ticket_drawn_once_gives_exactly_the_published_prizes() -> None:
    settings = Lottery((("phone", 2), ("tea", 50)), tickets=400)
    places = [n * LUCK_BELOW // 400 + 1 for n in range(400)]
    Random(5).shuffle(places)
    won: list[str] = []
    for number, luck in enumerate(places):
        fact = Qualified(name(str(number)), "drew", name(f"ticket {number}"))
        _, effects = draw(settings, number, fact, luck)
        won += [one.offer for one in effects if isinstance(one, Reward)]
    assert (won.count("phone"), won.count("tea"), len(won)) == (2, 50, 52)
