"""Sixty-four transactions at once on one packet: nobody twice, no share twice, every cent once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event
from uuid import UUID

import psycopg
import pytest

from banyan import campaigns, ledger
from banyan.campaigns import GrabRequest, GrabView
from banyan.kernel.errors import Refused
from tests.campaigns.packets import credit, packet
from tests.stage import Stage
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")

QUICKER = (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected, ledger.Overtaken)
THREADS = 64
AT_ONCE = 8
"""Connections there are; whoever finds none free waits for one."""


def grab(stage: Stage, requests: Sequence[GrabRequest]) -> list[GrabView | Refused]:
    for _ in range(20):
        try:
            with stage.work() as work:
                return campaigns.grab(work, requests)
        except QUICKER:
            continue
    raise AssertionError


def test_64_at_once_take_exactly_100_shares(database: object) -> None:
    del database
    stage = Stage()
    campaign = packet(stage, total=20_000, shares=100)
    people = stage.people(130)
    owners = people[:10]
    quests = stage.quests(campaign, owners)
    chance = Random(7)
    wishes = [
        GrabRequest(campaign, who, chance.choice([None, *quests]), request_key=f"{who}{nth}")
        for who in people
        for nth in range(2)
    ]
    chance.shuffle(wishes)
    sets = [wishes[at : at + 4] for at in range(0, len(wishes), 4)]

    def together(some: list[GrabRequest]) -> list[GrabView | Refused]:
        return grab(stage, some)

    over = Event()

    def keep_crediting() -> None:
        while not over.is_set():
            credit(stage, campaign)

    # The money follows while the crowd is still grabbing.
    with ThreadPoolExecutor(THREADS) as threads, ThreadPoolExecutor(1) as crediting:
        credited = crediting.submit(keep_crediting)
        done = list(threads.map(together, sets))
        over.set()
        credited.result()
    credit(stage, campaign)
    answers = [answer for some in done for answer in some]
    assert all(isinstance(answer, GrabView) for answer in answers)
    shares = [one.share for one in answers if isinstance(one, GrabView) and one.counted]
    assert len(shares) == 100
    assert sorted(share.nth for share in shares if share) == list(range(1, 101))
    assert sum(share.amount_minor for share in shares if share) == 20_000
    rows = "select count(distinct person_id) from grabs where person_id = any(%s)"
    assert stage.one(rows, people) == 100
    cash = "select sum(balance_minor) from ledger_accounts where key = any(%s)"
    assert stage.one(cash, [f"person:{who}:cash:CNY" for who in people]) == 20_000
    assert_whole()


def test_the_end_and_the_grabs_meet_and_no_cent_is_lost() -> None:
    stage = Stage()
    campaign = packet(stage, total=10_000, shares=50)
    people = stage.people(60)

    def tap(nth: int, who: UUID) -> list[GrabView | Refused]:
        if nth != 20:
            return grab(stage, [GrabRequest(campaign, who)])
        with stage.work() as work:
            campaigns.end_campaign(work, campaign)
        return []

    with ThreadPoolExecutor(AT_ONCE) as threads:
        waiting = [threads.submit(tap, nth, who) for nth, who in enumerate(people)]
        done = [future.result() for future in waiting]
    taken = sum(
        answer.share.amount_minor
        for some in done
        for answer in some
        if isinstance(answer, GrabView) and answer.counted and answer.share
    )
    returned = stage.one("select returned_minor from red_packets where campaign_id = %s", campaign)
    assert taken + returned == 10_000
    assert_whole()
