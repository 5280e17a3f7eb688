"""Sixty-four workers against one budget, at once: never above it, and used to the last tenth of a percent."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from uuid import UUID

import pytest

from banyan import campaigns, rewards
from banyan.app.hot import committed
from banyan.campaigns import GrabRequest, GrabView
from banyan.kernel.ids import new_id
from banyan.rewards import GrantRequest, OfferSpec
from tests.campaigns.packets import packet
from tests.faults.conftest import WORKERS
from tests.stage import Stage
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("crowd")

TOTAL = 30_000
SMALL, LARGE = 7, 13
TURNS, A_TURN = 3, 25
"""4,800 givings are asked for, of 10 each on average: far more than there is."""

COUPONS = [
    OfferSpec("small", "coupon", "小券", "Small", SMALL, SMALL, 30),
    OfferSpec("large", "coupon", "大券", "Large", LARGE, LARGE, 30),
]
POINTS = [
    OfferSpec("small", "points", "积分", "Points", 0, SMALL, 30, points=70),
    OfferSpec("large", "points", "积分", "Points", 0, LARGE, 30, points=130),
]
CASH = [
    OfferSpec("small", "cash", "现金", "Cash", LARGE, LARGE, 30),
    OfferSpec("large", "cash", "现金", "Cash", LARGE, LARGE, 30),
]
KINDS = {"coupon": COUPONS, "points": POINTS, "cash": CASH, "commission": CASH}


class Envelope:
    """A budget, and what is asked of it."""

    def __init__(self, stage: Stage, kind: str) -> None:
        self.stage, self.kind, self.campaign = stage, kind, new_id()
        self.people = stage.people(WORKERS)
        with stage.work() as work:
            rewards.open_offers(work, self.campaign, KINDS[kind])
            rewards.fund_budget(
                *(work, self.campaign, TOTAL, None, 8000),
                currency="CNY",
                timezone="Asia/Shanghai",
            )

    def wishes(self, worker: int, turn: int) -> list[GrantRequest]:
        amounts = {"small": SMALL, "large": LARGE} if self.kind in {"cash", "commission"} else {}
        chance = Random(worker * TURNS + turn)
        # Each turn ends small, so that what is left pays for nothing.
        keys = [*(chance.choice(["small", "large"]) for _ in range(A_TURN - 1)), "small"]
        return [
            GrantRequest(
                *(self.campaign, f"r{turn}:{nth}", self.people[worker], self.campaign),
                *(key, "测试", "test"),
                amount_minor=amounts.get(key),
                is_held=self.kind == "commission",
            )
            for nth, key in enumerate(keys)
        ]

    def ask(self, worker: int, gate: Barrier) -> Counter[str | None]:
        said: Counter[str | None] = Counter()
        gate.wait()
        for turn in range(TURNS):
            wishes = self.wishes(worker, turn)
            answers = committed(
                (self.stage.workspace, self.stage.now),
                lambda work, _, wishes=wishes: rewards.grant(work, wishes),
            )
            said.update(outcome.reason for outcome in answers)
        return said


@pytest.mark.parametrize("kind", KINDS)
def test_64_workers_use_one_budget_up_and_not_beyond(kind: str) -> None:
    stage = Stage()
    envelope, gate = Envelope(stage, kind), Barrier(WORKERS)
    with ThreadPoolExecutor(WORKERS) as threads:
        said = sum(
            threads.map(envelope.ask, range(WORKERS), [gate] * WORKERS), Counter[str | None]()
        )
    assert said.total() == WORKERS * TURNS * A_TURN
    assert set(said) == {None, "budget_spent"}
    with stage.work() as work:
        view = rewards.budget_view(work, envelope.campaign)
    assert view is not None
    paid = stage.one("select sum(cost_minor) from grants")
    assert said[None] == stage.one("select count(*) from grants")
    state = "pending" if kind == "commission" else "vested"
    assert stage.one("select count(*) from grants where state <> %s", state) == 0
    assert TOTAL * 999 // 1000 <= paid <= TOTAL
    assert TOTAL - view.left_minor == paid
    if kind == "commission":
        assert stage.one("select count(*) from ledger_transfers where reason = 'grant.cash'") == 0
    if kind == "points":
        points = stage.one(
            "select sum(balance_minor) from ledger_accounts where key like '%%:points'"
        )
        assert points == stage.one("select sum(points) from grants")
    for name in ("rewards.budget_warned", "rewards.budget_spent"):
        assert stage.one("select count(*) from events where name = %s", name) == 1
    assert_whole()


def test_64_workers_empty_one_packet_to_the_cent() -> None:
    stage = Stage()
    shares = 250
    campaign = packet(stage, TOTAL * 10, shares, split="lucky")
    people = stage.people(WORKERS * 5)
    gate = Barrier(WORKERS)

    def grab(worker: int) -> list[int]:
        taken: list[int] = []
        gate.wait()
        for who in people[worker::WORKERS]:
            taken += _grabbed(stage, campaign, who)
        return taken

    with ThreadPoolExecutor(WORKERS) as threads:
        taken = [each for some in threads.map(grab, range(WORKERS)) for each in some]
    assert (len(taken), sum(taken)) == (shares, TOTAL * 10)
    assert_whole()
    # Nor do those who credit get in each other's way.
    with ThreadPoolExecutor(8) as threads:
        credited = list(threads.map(_credited, [stage] * 8, [campaign] * 8))
    assert sum(credited) == shares
    cash = "select sum(balance_minor) from ledger_accounts where key = any(%s)"
    assert stage.one(cash, [f"person:{who}:cash:CNY" for who in people]) == TOTAL * 10
    assert_whole()


def _credited(stage: Stage, campaign: UUID) -> int:
    """Credit seven at a time until nothing is left to credit; return how many."""
    total = 0
    while True:
        (count,) = committed(
            (stage.workspace, stage.now),
            lambda work, _: [campaigns.credit_grabs(work, campaign, 7)],
        )
        if not count:
            return total
        total += count


def _grabbed(stage: Stage, campaign: UUID, who: UUID) -> list[int]:
    (answer,) = committed(
        (stage.workspace, stage.now),
        lambda work, _: campaigns.grab(work, [GrabRequest(campaign, who)]),
    )
    assert isinstance(answer, GrabView)
    return [answer.share.amount_minor] if answer.counted and answer.share else []
