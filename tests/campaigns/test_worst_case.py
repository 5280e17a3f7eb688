"""The worst case, against every sequence of events that a few people can make happen."""

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from banyan.campaigns.definition import Budget, Definition, Offer, Period, PlayChoice
from banyan.campaigns.problems import settings_of
from banyan.campaigns.worst_case import worst_case
from banyan.creatives import Page, Text
from banyan.plays import PLAYS
from tests.plays.runtime import NOON, Runtime, person

COSTS = {"small": 300, "big": 1000, "friend": 70}


def definition(
    play: str,
    settings: dict[str, Any],
    quantity: int | None = None,
    total: int = 10**9,
    per_day: int | None = None,
) -> Definition:
    return Definition(
        name="worst",
        period=Period(NOON + timedelta(days=3), NOON),
        budget=Budget(total, per_day),
        play=PlayChoice(play, settings),
        page=Page(Text("页", "page")),
        offers=tuple(
            Offer(key, "coupon", Text(key, key), cost * 2, cost_minor=cost, quantity=quantity)
            for key, cost in COSTS.items()
        ),
        surfaces=("own_web",),
    )


def dearest(chosen: Definition, people: int) -> int:
    """Try everything `people` persons can do and return the most it ever costs."""
    play, settings = PLAYS[chosen.play.key], settings_of(chosen)
    most, seen = 0, set[Any]()
    waiting = [Runtime(play, settings)]
    while waiting:
        run = waiting.pop()
        key = (
            frozenset(run.grants),
            frozenset((q, frozenset(run.ever[q])) for q in run.quests),
            frozenset(run.known),
        )
        if key in seen:
            continue
        seen.add(key)
        most = max(most, run.cost(COSTS))
        for who in range(people):
            starts = sum(1 for one in run.starter.values() if one == person(who))
            if starts < getattr(settings, "quests_per_person", 1):
                after = _copied(run)
                after.start(who)
                waiting.append(after)
            for quest in run.quests:
                if person(who) not in run.ever[quest] and person(who) != run.starter[quest]:
                    after = _copied(run)
                    after.support(quest, who)
                    waiting.append(after)
    return most


def _copied(run: Runtime) -> Runtime:
    after = copy.copy(run)
    for name in ("quests", "starter", "grants", "wake"):
        setattr(after, name, dict(getattr(run, name)))
    for name in ("counted", "ever"):
        held = getattr(run, name)
        setattr(after, name, type(held)(set, {q: set(p) for q, p in held.items()}))
    after.known, after.wins, after.losses = set(run.known), list(run.wins), list(run.losses)
    return after


def referral(**changes: Any) -> dict[str, Any]:
    return {"reward_cap_per_person": 9, "friend_offer": "friend", **changes}


REFERRALS: list[dict[str, Any]] = [
    referral(tiers=[{"people": 1, "offer": "small"}, {"people": 3, "offer": "big"}]),
    referral(tiers=[{"people": 2, "offer": "big"}], friend_offer=None),
    referral(decrease=[{"after_people": 0, "offer": "big"}, {"after_people": 1, "offer": "small"}]),
    referral(decrease=[{"after_people": 1, "offer": "big"}], reward_cap_per_person=1),
    referral(
        tiers=[{"people": 3, "offer": "big"}], decrease=[{"after_people": 0, "offer": "small"}]
    ),
    referral(tiers=[{"people": 1, "offer": "small"}], new_people_only=False),
    referral(),
]


@pytest.mark.parametrize("settings", REFERRALS)
@pytest.mark.parametrize("people", [1, 2, 3, 4])
def test_referral_costs_exactly_what_is_said(settings: dict[str, Any], people: int) -> None:
    chosen = definition("referral", settings)
    assert worst_case(chosen, people).total_minor == dearest(chosen, people)


@pytest.mark.parametrize("needed", [1, 2, 3])
@pytest.mark.parametrize(
    ("new_only", "helps", "starts", "people"),
    [(True, 1, 1, 4), (True, 2, 2, 3), (False, 1, 1, 4), (False, 2, 1, 4), (False, 2, 2, 3)],
)
def test_assist_never_costs_more_than_is_said(
    needed: int,
    new_only: bool,  # noqa: FBT001 - given by position
    helps: int,
    starts: int,
    people: int,
) -> None:
    chosen = definition(
        "assist",
        {
            "helpers_needed": needed,
            "offer": "big",
            "helper_offer": "friend",
            "new_people_only": new_only,
            "helps_per_person": helps,
            "quests_per_person": starts,
        },
    )
    said, seen = worst_case(chosen, people).total_minor, dearest(chosen, people)
    assert said >= seen
    if starts == 1 and needed <= 2:
        assert said == seen


@pytest.mark.parametrize("settings", REFERRALS)
def test_the_bound_for_many_is_no_lower_than_the_exact_search(settings: dict[str, Any]) -> None:
    play = PLAYS["referral"]
    chosen = msgspec.convert(settings, play.Settings)
    exact = play.most_cost(chosen, COSTS, 401)
    bound = play.most_cost(chosen, COSTS, 402)
    assert exact <= bound
    assert bound <= exact * 402 / 401 + 2 * sum(COSTS.values())


def test_what_ends_it_is_named() -> None:
    settings = referral(tiers=[{"people": 1, "offer": "big"}])
    unlimited = worst_case(definition("referral", settings, total=50_000))
    assert (unlimited.total_minor, unlimited.ended_by) == (50_000, "budget")
    few = worst_case(definition("referral", settings, quantity=10))
    assert (few.total_minor, few.ended_by) == (10 * (1000 + 70), "quantity")
    assert {one.offer: one.most for one in few.by_offer} == {"big": 10, "friend": 10}
    by_day = worst_case(definition("referral", settings, total=50_000, per_day=1_000))
    assert (by_day.total_minor, by_day.ended_by) == (4_000, "day_budget")
    crowd = worst_case(definition("referral", settings), people=3)
    assert (crowd.total_minor, crowd.ended_by) == (2 * 1070, "people")
    for words in (crowd.explanation.zh, crowd.explanation.en):
        assert "21.40" in words


def test_the_cheapest_farm_takes_the_richest_number_of_identities() -> None:
    settings = referral(tiers=[{"people": 3, "offer": "big"}], friend_offer=None)
    farm = worst_case(definition("referral", settings)).farm
    assert farm is not None
    assert (farm.identities, farm.value_minor, farm.value_per_identity_minor) == (3, 2000, 666)


def test_a_worst_case_needs_no_time_of_day() -> None:
    chosen = definition("referral", referral(tiers=[{"people": 1, "offer": "big"}]))
    later = msgspec.structs.replace(chosen, period=Period(datetime(2027, 1, 1, tzinfo=UTC)))
    assert worst_case(later).total_minor == worst_case(chosen).total_minor
