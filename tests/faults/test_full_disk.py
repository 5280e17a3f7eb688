"""A disk that is full, a provider that hangs: nothing is half done, and nobody else waits for it."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Thread
from uuid import UUID

import psycopg
import pytest
import sqlalchemy.exc

from banyan import store
from banyan.campaigns import ActOutcome, GrabView
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.postgres import Urls
from banyan.kernel.work import Actor, unit_of_work
from banyan.rewards import payouts
from banyan.rewards.payouts import PayoutRequest, PayoutTerms
from tests.campaigns.packets import packet
from tests.campaigns.selling import TEAM, Market
from tests.campaigns.test_draws import lottery
from tests.faults.play_flow import FLOWS
from tests.faults.test_killed_players import COUNTS, scene
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")

HANGS = 5
"""Seconds; long enough that everybody else is done long before."""
ORDER_OF = "select id from orders where buyer_id = %s"
FULL = """
create function test_disk_is_full() returns trigger language plpgsql as $$
begin
  raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
end $$
"""


@contextmanager
def full_disk(urls: Urls, table: str, workspace: UUID) -> Generator[None]:
    """Let PostgreSQL answer as it does when no page can be added to `table`."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(FULL.encode())
        when = f"when (new.workspace_id = '{workspace}')"
        trigger = f"create trigger test_full before insert on {table} for each row {when}"
        owner.execute(f"{trigger} execute function test_disk_is_full()".encode())
        try:
            yield
        finally:
            owner.execute(f"drop trigger test_full on {table}".encode())
            owner.execute(b"drop function test_disk_is_full()")


DISK_FULL = (psycopg.errors.DiskFull, sqlalchemy.exc.OperationalError)
"""What the hot paths answer with 503 `store_down`."""
TABLES = {
    "grab": ("grabs",),
    "credit": ("grants", "participants", "ledger_transfers", "events"),
    "draw": ("draws", "quest_acts", "grants", "events"),
    "order": ("orders", "order_lines", "quest_orders", "quest_seats", "ledger_transfers", "events"),
}


@pytest.mark.parametrize(
    ("flow", "table"), [(flow, table) for flow, tables in TABLES.items() for table in tables]
)
def test_what_cannot_be_written_has_not_happened(urls: Urls, flow: str, table: str) -> None:
    stage, place, person = scene(flow)
    counts = " + ".join(f"(select count(*) from {each})" for each in COUNTS[flow])
    books = "select coalesce(sum(abs(balance_minor)), 0) from ledger_accounts"
    before = stage.one(books)
    with full_disk(urls, table, stage.workspace), pytest.raises(DISK_FULL):
        FLOWS[flow]((stage.workspace, None), place, person)
    assert (stage.one(f"select {counts}"), stage.one(books)) == (0, before)
    # There is room again: the same wish is granted.
    FLOWS[flow]((stage.workspace, None), place, person)
    assert stage.one(f"select {counts}") == 3
    assert_whole()


def test_a_hanging_provider_holds_up_no_other_seat() -> None:
    market = Market()
    people = market.people(3)
    (quest,) = market.quests(market.selling("group_buy", TEAM), people[:1])
    first = market.join(quest, people[0])
    market.manners(payments="hanging", hang_seconds=HANGS)
    problems: list[Exception] = []

    def pay() -> None:
        try:
            market.begin(first)
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is looked at below
            problems.append(problem)

    paying = Thread(target=pay)
    paying.start()
    until(lambda: market.one("select count(*) from payments") == 1)
    for person in people[1:]:
        FLOWS["order"]((market.workspace, None), quest, person)
    with market.work() as work:
        store.cancel_order(work, market.one(ORDER_OF, people[2]), "changed my mind")
    assert market.told(market.look(first)) == 0
    assert paying.is_alive()
    paying.join()
    assert [type(problem) for problem in problems] == [Refused]
    assert market.one("select count(*) from quest_seats") == 3
    market.manners()
    market.pay(market.look(first))
    market.told(first)
    assert market.order_state(first) == "paid"
    assert_whole()


def test_a_hanging_payer_holds_up_no_grab_and_no_draw() -> None:
    stage, campaign, person = scene("grab")
    group = (stage.workspace, None)
    FLOWS["grab"](group, campaign, person)
    FLOWS["credit"](group, campaign, person)
    terms = PayoutTerms(
        methods=["sandbox"],
        least_minor=100,
        per_person_day_minor=5000,
        per_day_minor=5000,
        approve_above_minor=3000,
    )
    asked = PayoutRequest(new_id(), person, "sandbox", 100, "openid-1")
    with unit_of_work(stage.workspace, Actor("person", person), stage.now) as work:
        payouts.set_payout_terms(work, terms)
        payouts.ask_payout(work, asked)
        payouts.set_payer_manner(work, "hanging", HANGS)
        work.driver.execute("update payouts set try_at = now() - interval '1 second'")
    paying = Thread(target=payouts.send_payout, args=(stage.workspace, asked.id))
    paying.start()
    until(lambda: stage.one("select state from payouts") == "submitting")
    others = stage.people(3)
    again = packet(stage, 1000, 10, split="equal")
    quests = stage.quests(lottery(stage, ppm=900_000, draws_per_person=1), [person, *others])
    for who, quest in zip([person, *others], quests, strict=True):
        shared = FLOWS["grab"](group, again, who)
        drawn = FLOWS["draw"](group, quest, who)
        assert isinstance(shared, GrabView)
        assert isinstance(drawn, ActOutcome)
        assert (shared.counted, drawn.reason) == (True, None)
    assert paying.is_alive()
    paying.join()
    assert stage.one("select state from payouts") == "unknown"
    with stage.work() as work:
        payouts.set_payer_manner(work, "fine")
        work.driver.execute("update payouts set try_at = now() - interval '1 second'")
    assert payouts.send_payout(stage.workspace, asked.id) == "succeeded"
    assert stage.one("select sum(amount_minor) from sandbox_payouts") == 100
    assert_whole()


def until(is_so: Callable[[], bool]) -> None:
    """Wait until the other thread has come so far."""
    ends = time.monotonic() + HANGS
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.01)
