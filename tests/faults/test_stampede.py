"""Stampedes: many people at one place at once, with real commits, and the books right after."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

import msgspec
import pytest

from banyan import campaigns, ledger, rewards
from banyan.app.hot import Group
from banyan.app.supports import run_supports
from banyan.campaigns import StartRequest, SupportRequest
from banyan.kernel.batch import Batch
from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id, new_id
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.ledger import AccountSpec, Transfer
from banyan.rewards import GrantRequest
from tests.stage import ASSIST, Stage, offer
from tests.whole import assert_whole

T = TypeVar("T")


@pytest.fixture
def stage(database: object) -> Stage:
    return Stage()


def at_once(calls: Sequence[Callable[[], T]], workers: int = 16) -> list[T]:
    """Run `calls` on threads, each with a transaction of its own."""
    with ThreadPoolExecutor(workers) as threads:
        return [future.result() for future in [threads.submit(call) for call in calls]]


def told(answer: bytes | Refused) -> tuple[bool, str | None]:
    """Return whether a help counted, and why not."""
    if isinstance(answer, Refused):
        return False, answer.refusal.code
    said = msgspec.json.decode(answer)
    return said["counted"], said["reason"]


def alone(stage: Stage, quest: UUID, person: UUID) -> Callable[[], bytes | Refused]:
    return lambda: run_supports((stage.workspace, None), [SupportRequest(quest, person)])[0]


async def batched(
    stage: Stage, pairs: Sequence[tuple[UUID, UUID]], *, lanes: int
) -> list[bytes | Refused]:
    """Send every pair at once through the batch of a web process."""
    batch = Batch[Group, SupportRequest, "bytes | Refused"](run_supports, most=64, lanes=lanes)
    group = (stage.workspace, None)
    asked = [batch.ask(group, SupportRequest(*pair)) for pair in pairs]
    answers = await asyncio.gather(*asked)
    await batch.close()
    return answers


def place(stage: Stage, people: int) -> tuple[UUID, list[UUID]]:
    """Return an assist quest with one place left, and people who want it."""
    campaign = stage.campaign(ASSIST)
    owner, *friends = stage.people(people + 3)
    (quest,) = stage.quests(campaign, [owner])
    stage.support((quest, friends[0]), (quest, friends[1]))
    return quest, friends[2:]


@pytest.mark.parametrize("lanes", [0, 1, 4], ids=["alone", "one_lane", "four_lanes"])
def test_the_last_place_is_won_exactly_once(stage: Stage, lanes: int) -> None:
    quest, people = place(stage, 200)
    if lanes:
        answers = asyncio.run(batched(stage, [(quest, each) for each in people], lanes=lanes))
    else:
        answers = at_once([alone(stage, quest, each) for each in people])
    assert Counter(map(told, answers)) == {(True, None): 1, (False, "quest_full"): 199}
    assert stage.one("select count(*) from events where name = 'campaigns.quest_won'") == 1
    assert stage.one("select count(*) from grants where rule = 'unlock'") == 1
    assert_whole()


def test_one_supporter_fifty_times_at_once_helps_once(stage: Stage) -> None:
    campaign = stage.campaign()
    owner, friend = stage.people(2)
    (quest,) = stage.quests(campaign, [owner])
    answers = at_once([alone(stage, quest, friend)] * 50)
    assert len(set(map(str, answers))) == 1
    assert told(answers[0]) == (True, None)
    assert stage.one("select count(*) from supports") == 1
    assert stage.one("select count(*) from grants") == 2
    assert_whole()


def test_one_supporter_at_many_quests_at_once_helps_as_often_as_allowed(stage: Stage) -> None:
    campaign = stage.campaign(ASSIST)
    *owners, friend = stage.people(21)
    quests = stage.quests(campaign, owners)
    answers = at_once([alone(stage, quest, friend) for quest in quests])
    assert Counter(map(told, answers)) == {(True, None): 3, (False, "cap_reached"): 17}
    assert stage.one("select count(*) from participants where person_id = %s", friend) == 1
    assert_whole()


def test_two_who_help_each_other_at_once_make_no_circle(stage: Stage) -> None:
    campaign = stage.campaign(ASSIST)
    pairs = [stage.people(2) for _ in range(10)]
    calls: list[Callable[[], bytes | Refused]] = []
    for a, b in pairs:
        of_a, of_b = stage.quests(campaign, [a, b])
        calls += [alone(stage, of_a, b), alone(stage, of_b, a)]
    answers = at_once(calls)
    assert Counter(map(told, answers)) == {(True, None): 10, (False, "cycle"): 10}
    assert_whole()


def test_one_person_begins_one_quest_however_often_they_tap(stage: Stage) -> None:
    campaign = stage.campaign()
    (owner,) = stage.people(1)

    def begin() -> UUID:
        with stage.work() as work:
            return campaigns.start_quest(work, StartRequest(campaign, owner, "web")).quest_id

    assert len(set(at_once([begin] * 30))) == 1
    assert stage.one("select count(*) from links where kind = 'quest'") == 1
    assert_whole()


def test_sixty_four_workers_never_spend_more_than_the_budget(stage: Stage) -> None:
    # 30,000 in gifts of 7 and 13: at most 6 can be left that pays for nothing.
    budget = {"total_minor": 30_000, "per_day_minor": None, "warn_at_bps": 8000}
    offers = [offer("latte", 7), offer("half", 13)]
    campaign = stage.campaign(budget=budget, offers=offers)
    people = stage.people(64)

    def spend(nth: int) -> Counter[str | None]:
        told_: Counter[str | None] = Counter()
        for piece in range(3):
            requests = [
                GrantRequest(
                    *(campaign, f"r{piece}:{i}", people[nth], campaign),
                    *("latte" if i % 2 else "half", "测试", "test"),
                )
                for i in range(25)
            ]
            with stage.work() as work:
                told_.update(outcome.reason for outcome in rewards.grant(work, requests))
        return told_

    total = sum(at_once([lambda nth=nth: spend(nth) for nth in range(64)], 24), Counter())
    with stage.work() as work:
        view = rewards.budget_view(work, campaign)
    assert view is not None
    assert view.spent_minor <= 30_000
    assert view.spent_minor >= 29_970
    assert total["budget_spent"] > 0
    assert total[None] == stage.one("select count(*) from grants")
    for name in ("rewards.budget_warned", "rewards.budget_spent"):
        assert stage.one("select count(*) from events where name = %s", name) == 1
    assert_whole()


def test_sixty_four_workers_at_one_account(stage: Stage) -> None:
    with stage.work() as work:
        accounts = ledger.open_accounts(
            work,
            [AccountSpec("from", "CNY", may_go_negative=True), AccountSpec("pot", "CNY")]
            + [AccountSpec(f"to{i}", "CNY") for i in range(8)],
        )
        first = Transfer(new_id(), accounts["from"], accounts["pot"], 10_000, "CNY", "test")
        ledger.transfer(work, [first])

    def take(nth: int) -> Counter[str]:
        chance = random.Random(nth)
        outcomes: Counter[str] = Counter()
        for _ in range(5):
            asked = [
                Transfer(
                    *(new_id(), accounts["pot"], accounts[f"to{chance.randrange(8)}"]),
                    *(chance.randint(1, 9), "CNY", "test"),
                )
                for _ in range(12)
            ]
            with stage.work() as work:
                outcomes.update(ledger.transfer(work, asked))
        return outcomes

    outcomes = sum(at_once([lambda nth=nth: take(nth) for nth in range(64)], 24), Counter())
    left = stage.one("select balance_minor from ledger_accounts where key = 'pot'")
    assert outcomes["insufficient"] > 0
    assert 0 <= left <= 10
    assert_whole()


def test_replays_in_any_order_leave_the_same_books(stage: Stage) -> None:
    campaign = stage.campaign()
    owners, friends = stage.people(12), stage.people(60)
    quests = stage.quests(campaign, owners)
    pairs = [(quests[i % 12], friend) for i, friend in enumerate(friends)]
    for pair in pairs:
        stage.support(pair)

    def books() -> list[tuple[str, int]]:
        with stage.work() as work:
            return [(each.key, each.balance_minor) for each in ledger.accounts(work, most=10_000)]

    def counts() -> list[int]:
        tables = ("supports", "participants", "grants", "ledger_transfers", "events")
        return [stage.one(f"select count(*) from {table}") for table in tables]

    before = books(), counts()
    for seed in range(3):
        again = list(pairs)
        random.Random(seed).shuffle(again)
        at_once([alone(stage, *pair) for pair in again], 8)
        asyncio.run(batched(stage, again, lanes=2))
    assert (books(), counts()) == before
    assert_whole()


def test_transfers_replayed_by_many_move_once(stage: Stage) -> None:
    with stage.work() as work:
        accounts = ledger.open_accounts(
            work, [AccountSpec("from", "CNY", may_go_negative=True), AccountSpec("to", "CNY")]
        )
    asked = [
        Transfer(
            *(derived_id("replay", stage.workspace, i), accounts["from"], accounts["to"]),
            *(i + 1, "CNY", "test"),
        )
        for i in range(100)
    ]

    def replay(seed: int) -> None:
        again = list(asked)
        random.Random(seed).shuffle(again)
        with unit_of_work(stage.workspace, SYSTEM) as work:
            ledger.transfer(work, again)

    at_once([lambda seed=seed: replay(seed) for seed in range(32)])
    assert stage.one("select balance_minor from ledger_accounts where key = 'to'") == 5050
    assert_whole()


def test_a_budget_that_ends_in_a_stampede_is_spent_to_the_end_and_not_beyond(stage: Stage) -> None:
    # 800 a support: room for exactly 150 of 400.
    budget = {"total_minor": 150 * 800 + 500, "per_day_minor": None, "warn_at_bps": 8000}
    campaign = stage.campaign(budget=budget)
    owners, friends = stage.people(400), stage.people(400)
    pairs = list(zip(stage.quests(campaign, owners), friends, strict=True))
    answers = asyncio.run(batched(stage, pairs, lanes=4))
    counts = Counter(map(told, answers))
    assert counts == {(True, None): 150, (False, "budget_spent"): 250}
    with stage.work() as work:
        view = rewards.budget_view(work, campaign)
    assert view is not None
    assert (view.spent_minor, view.left_minor) == (120_000, 500)
    for name in ("rewards.budget_warned", "rewards.budget_spent"):
        assert stage.one("select count(*) from events where name = %s", name) == 1
    assert_whole()
