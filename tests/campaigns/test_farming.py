"""The cheapest way to farm a definition, against everything that a few people can do."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import msgspec
import pytest

from banyan.campaigns.definition import Definition
from banyan.campaigns.farming import haul
from banyan.campaigns.worst_case import FARM_SEARCH, worst_case
from banyan.plays import LUCK_BELOW, PLAYS, Ordered, RefundOrders, Refuse, Reserved, Supported
from banyan.templates import templates
from tests.compliance.test_nearest import FORMS, NOW
from tests.plays.runtime import Runtime, person
from tests.stage import offer

USUAL = 1_000
LUCKS = (0, LUCK_BELOW // 2, LUCK_BELOW - 1)


def selling(play: str, **settings: Any) -> Definition:
    data = FORMS[play][0] | {
        "play": {"key": play, "settings": {"good": "tea"} | settings},
        "goods": [{"key": "tea", "name": {"zh": "茶", "en": "Tea"}, "list_price_minor": USUAL}],
        "offers": [offer("five", 5)],
    }
    return msgspec.convert(data, Definition)


def saved(definition: Definition, people: int) -> int:
    """Try every order of starts, helps and purchases; return the most that is ever saved."""
    play = PLAYS[definition.play.key]
    settings = msgspec.convert(definition.play.settings, play.Settings)
    seen: set[Any] = set()
    best = 0
    waiting: list[tuple[_Run, tuple[tuple[str, int], ...]]] = [(_Run(play, settings), ())]
    while waiting:
        run, bought = waiting.pop()
        key = (
            tuple(sorted((str(q), repr(p)) for q, p in run.quests.items())),
            tuple(sorted((str(q), *sorted(map(str, e))) for q, e in run.ever.items())),
            frozenset(run.known),
            bought,
        )
        if key in seen:
            continue
        seen.add(key)
        best = max(best, sum(USUAL - price for _, price in bought))
        waiting += _after(run, bought, settings, people)
    return best


class _Run(Runtime):
    """A runtime whose supports come with luck, and through whose quests one buys."""

    def copied(self) -> "_Run":
        made = _Run(self.play, self.settings)
        made.quests, made.starter = dict(self.quests), dict(self.starter)
        made.known, made.grants = set(self.known), dict(self.grants)
        for quest, people in self.ever.items():
            made.ever[quest] = set(people)
        return made

    def help(self, quest: Any, who: int, luck: int) -> bool:
        by = person(who)
        helped = sum(1 for other, them in self.ever.items() if other != quest and by in them)
        fact = Supported(
            by,
            is_new_person=by not in self.known,
            has_helped=by in self.ever[quest],
            helps_given=helped,
            is_ancestor=by in self._ancestors(self.starter[quest]),
            luck=luck,
        )
        return not any(isinstance(each, Refuse) for each in self._report(quest, fact))

    def buy(self, quest: Any, who: int) -> int | None:
        """Return the price of one piece that is bought and paid, None when it cannot be."""
        price = self.play.standing(self.settings, self.quests[quest]).price_minor
        order = person(f"order {quest} {who}")
        if price is None:
            return None
        for fact in (Reserved(order, person(who), price), Ordered(order, person(who), price, 0)):
            effects = self._report(quest, fact)
            if any(isinstance(each, Refuse | RefundOrders) for each in effects):
                return None
        return price


def _after(
    run: _Run, bought: tuple[tuple[str, int], ...], settings: Any, people: int
) -> Iterator[tuple[_Run, tuple[tuple[str, int], ...]]]:
    for who in range(people):
        mine = [one for one, by in run.starter.items() if by == person(who)]
        if len(mine) < getattr(settings, "quests_per_person", 1):
            after = run.copied()
            after.start(who)
            yield after, bought
        for quest in run.quests:
            for luck in LUCKS:
                after = run.copied()
                if person(who) not in run.ever[quest] and after.help(quest, who, luck):
                    yield after, bought
            after = run.copied()
            price = after.buy(quest, who)
            if price is not None:
                yield after, (*bought, (str(quest), price))


@pytest.mark.parametrize("new_only", [False, True])
@pytest.mark.parametrize(("needed", "helps"), [(1, 1), (2, 1), (2, 2), (3, 1)])
@pytest.mark.parametrize("people", [1, 2, 3])
def test_a_bargain_is_never_farmed_for_more_than_is_said(
    needed: int, helps: int, people: int, *, new_only: bool
) -> None:
    definition = selling(
        "bargain",
        start_price_minor=900,
        floor_minor=400,
        cuts_needed=needed,
        helps_per_person=helps,
        new_people_only=new_only,
    )
    said, seen = haul(definition, people).value_minor, saved(definition, people)
    assert said >= seen
    if needed == 1 or people == 1:
        assert said == seen


@pytest.mark.parametrize(("quantity", "per_person"), [(9, 1), (9, 3), (4, 3), (1, 2)])
@pytest.mark.parametrize("people", [1, 2, 3])
def test_a_flash_sale_is_farmed_by_the_piece(quantity: int, per_person: int, people: int) -> None:
    definition = selling("flash_sale", price_minor=600, quantity=quantity, per_person=per_person)
    best = 0
    for pieces in product(range(per_person + 1), repeat=people):
        if sum(pieces) <= quantity:
            best = max(best, sum(pieces) * (USUAL - 600))
    assert haul(definition, people) == (best, best * 600 // (USUAL - 600))


@pytest.mark.parametrize("people", [1, 2, 3])
@pytest.mark.parametrize("teams", [1, 2])
def test_a_team_is_farmed_by_those_who_pay_in_it(people: int, teams: int) -> None:
    """Every team in turn, with every choice of members: what each pays in the end is the play's."""
    definition = selling(
        "group_buy",
        tiers=[{"people": 2, "price_minor": 900}, {"people": 3, "price_minor": 700}],
        teams_per_person=teams,
        leader_offer="five",
    )
    play = PLAYS["group_buy"]
    settings = msgspec.convert(definition.play.settings, play.Settings)
    best = 0
    for members in product((False, True), repeat=people):
        run = _Run(play, settings)
        quest, _ = run.start(0)
        for who in (nth for nth, comes in enumerate(members) if comes):
            run.buy(quest, who)
        run.pass_time(25)
        price = run.quests[quest].price_minor
        if price:
            gift = sum(5 for _ in run.grants)
            best = max(best, sum(members) * (USUAL - price) + gift)
    assert haul(definition, people).value_minor == best * people * teams


@pytest.mark.parametrize("rate", [1000, 2999])
def test_commission_is_never_farmed_for_more_than_is_paid(rate: int) -> None:
    data = FORMS["affiliate"][0]
    play = {"key": "affiliate", "settings": data["play"]["settings"] | {"rate_bps": rate}}
    definition = msgspec.convert(data | {"play": play}, Definition)
    found = haul(definition, 3)
    assert found.value_minor > 0
    assert found.outlay_minor * rate >= found.value_minor * 10_000
    assert found.outlay_minor > found.value_minor


@pytest.mark.parametrize("play", list(PLAYS))
def test_the_console_says_for_every_play_how_it_is_farmed_or_that_it_cannot_be(play: str) -> None:
    for made in templates().values():
        if made.play != play:
            continue
        definition = msgspec.convert(made.definition_at(NOW), Definition)
        worst = worst_case(definition)
        if worst.farm is None:
            assert "得不到" in worst.explanation.zh
            assert "neither" in worst.explanation.en
            continue
        assert 1 <= worst.farm.identities <= FARM_SEARCH
        assert f"{worst.farm.identities} 个身份" in worst.explanation.zh
        assert ("真实付款" in worst.explanation.zh) is bool(worst.farm.outlay_minor)
        # No number of identities brings more for each of them.
        for number in range(1, FARM_SEARCH + 1):
            other = haul(definition, number + 1).value_minor
            assert worst.farm.value_minor * number >= other * worst.farm.identities


def test_the_period_plays_no_part() -> None:
    definition = selling("flash_sale", price_minor=600, quantity=3, per_person=1)
    longer = msgspec.structs.replace(
        definition,
        period=msgspec.structs.replace(
            definition.period, ends_at=definition.period.ends_at + timedelta(days=9)
        ),
    )
    assert haul(longer, 2) == haul(definition, 2)
