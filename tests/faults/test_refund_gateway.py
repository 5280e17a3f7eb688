"""A refund gateway that fails, hangs and answers twice: each refund once, and the stuck ones listed."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Thread
from uuid import UUID

import pytest

from banyan import store
from banyan.kernel.work import SYSTEM, Database, unit_of_work
from banyan.store.order_pages import stuck
from banyan.store.sweeps import deliver_sandbox_notices
from tests.campaigns.selling import TEAM, Market
from tests.whole import assert_whole

SOON = timedelta(seconds=30)
"""In which a stuck refund is on an operator's page."""
TEAMS = 40
WAYS = ["failing", "hanging", "lost_answer", "slow", "fine"]
SHARES = [30, 15, 15, 10, 30]


@pytest.fixture
def market(database: Database) -> Market:
    del database
    return Market()


def failed_teams(market: Market, count: int) -> list[UUID]:
    """Let `count` teams of one fail after everybody has paid; return the refunds this owes."""
    campaign = market.selling("group_buy", TEAM)
    people = market.people(count)
    quests = market.quests(campaign, people)
    orders = [market.join(quest, who) for quest, who in zip(quests, people, strict=True)]
    market.pay(*orders)
    market.told(*orders)
    market.wake(hours=24)
    return refunds(market, "true")


def refunds(market: Market, where: str) -> list[UUID]:
    """Return the refunds that rules have asked for."""
    statement = f"select id from refunds where kind = 'by_rule' and ({where}) order by id"
    with market.work() as work:
        return [row[0] for row in work.driver.execute(statement.encode())]


def listed(market: Market, after: timedelta) -> set[UUID]:
    """Return what an operator's page shows when so much time has gone by."""
    with unit_of_work(market.workspace, SYSTEM, datetime.now(UTC) + after) as work:
        return {each.id for each in stuck(work).refunds}


def decided_long_ago(market: Market) -> None:
    """Let the moment of the decision be as far back as a team's deadline is."""
    with market.work() as work:
        work.driver.execute("update refunds set decided_at = now() - interval '1 hour'")


def test_all_are_refunded_exactly_once_and_the_stuck_ones_listed(market: Market) -> None:
    owed = failed_teams(market, TEAMS)
    assert len(owed) == TEAMS
    chance, seen = Random(30), set[str]()
    for _ in range(5):
        market.due_now()
        for workspace, refund in store.due_refunds():
            if workspace != market.workspace:
                continue
            way = chance.choices(WAYS, SHARES)[0]
            market.manners(refunds=way, notices="double")
            # The sweep of another process has found it due as well.
            said = [store.send_refund(workspace, refund) for _ in range(2)]
            seen.add(f"{way} {said[0]}")
            assert said[1] is None
        deliver_sandbox_notices()
        undone = set(
            refunds(market, "state = 'failed' or state = 'unknown' and problem is not null")
        )
        accepted = set(refunds(market, "state = 'unknown' and problem is null"))
        assert undone <= listed(market, SOON)
        assert not accepted & listed(market, timedelta(seconds=15))
    assert {"failing failed", "hanging unknown", "lost_answer unknown", "fine refunded"} <= seen
    assert refunds(market, "state = 'failed'")
    # The gateway is well again; an operator tries those of the list once more.
    market.manners(refunds="fine", notices="double")
    for refund in listed(market, SOON):
        with market.work() as work:
            store.retry_refund(work, refund)
    for _ in range(2):
        market.refunds_done()
        deliver_sandbox_notices()
    assert refunds(market, "state = 'done'") == owed
    assert listed(market, timedelta(days=1)) == set()
    paid = "select count(*), count(distinct trade_number), sum(amount_minor) from sandbox_refunds"
    with market.work() as work:
        assert work.driver.execute(paid).fetchone() == (TEAMS, TEAMS, TEAMS * 9000)
    assert market.clearing() == 0
    assert_whole()


def no_answer(market: Market, refund: UUID) -> None:
    market.manners(refunds="hanging")
    assert store.send_refund(market.workspace, refund) == "unknown"


def a_refusal(market: Market, refund: UUID) -> None:
    market.manners(refunds="failing")
    assert store.send_refund(market.workspace, refund) == "failed"


def nobody_sends(market: Market, refund: UUID) -> None:
    """The work process stands still."""
    del market, refund


def nobody_asks(market: Market, refund: UUID) -> None:
    """The provider has it, but nobody asks what became of it when it is time to."""
    market.manners(refunds="slow")
    assert store.send_refund(market.workspace, refund) == "nothing"
    with market.work() as work:
        work.driver.execute("update refunds set try_at = now()")


@pytest.mark.parametrize("fate", [no_answer, a_refusal, nobody_sends, nobody_asks])
def test_what_is_stuck_is_listed_within_30_seconds(
    market: Market, fate: Callable[[Market, UUID], None]
) -> None:
    (refund,) = failed_teams(market, 1)
    market.due_now()
    fate(market, refund)
    assert listed(market, SOON) == {refund}
    with market.work() as work:
        store.retry_refund(work, refund)
    market.manners()
    market.refunds_done()
    assert listed(market, timedelta(days=1)) == set()
    assert_whole()


def test_a_call_that_hangs_is_listed_while_it_hangs(market: Market) -> None:
    (refund,) = failed_teams(market, 1)
    market.due_now()
    market.manners(refunds="hanging", hang_seconds=2)
    calling = Thread(target=store.send_refund, args=(market.workspace, refund))
    calling.start()
    while not refunds(market, "state = 'sending'"):
        time.sleep(0.02)
    assert listed(market, timedelta(seconds=5)) == set()
    assert listed(market, SOON) == {refund}
    with market.work() as work:
        store.retry_refund(work, refund)
    assert refunds(market, "state = 'sending'") == [refund]
    calling.join()
    market.manners()
    market.refunds_done()
    assert listed(market, SOON) == set()
    assert_whole()


def test_what_the_provider_works_on_is_not_stuck(market: Market) -> None:
    (refund,) = failed_teams(market, 1)
    decided_long_ago(market)
    market.due_now()
    market.manners(refunds="slow")
    assert store.send_refund(market.workspace, refund) == "nothing"
    assert listed(market, timedelta(seconds=15)) == set()
    no_answer_yet = "state = 'unknown' and problem is null"
    assert refunds(market, no_answer_yet) == [refund]
    market.refunds_done()
    assert refunds(market, "state = 'done'") == [refund]
