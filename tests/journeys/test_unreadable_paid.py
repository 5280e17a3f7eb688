"""An order is paid whose quest cannot be read: it waits, and is told when the quest is mended."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from banyan.app import campaign_orders
from banyan.app.timetable import tick
from banyan.kernel.connection import SetWiseConnection, connect
from banyan.kernel.postgres import Urls
from banyan.kernel.relay import Consumer, settled_place
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.store import sweep
from tests.journeys.site import Guest, Shop
from tests.journeys.test_teams import TEAM, join, must, pay, plan, sale
from tests.journeys.unreadable import keep
from tests.kernel.test_relay import until_readable
from tests.shelf import fill
from tests.whole import assert_whole


@pytest.fixture
def relay(urls: Urls) -> Iterator[SetWiseConnection]:
    with connect(urls.relay, autocommit=True) as connection:
        yield connection


class Teams:
    """Two teams of one campaign in which somebody has paid each; the first cannot be read."""

    def __init__(self, shop: Shop, relay: SetWiseConnection) -> None:
        self.shop, self.relay = shop, relay
        with unit_of_work(shop.id, SYSTEM) as work:
            sku = fill(work, 1, 100, 10_000)[0]
        self.campaign = shop.announce(plan(sku, "group_buy", TEAM))
        link = shop.link_of(self.campaign)
        self.people = shop.guests(2)
        self.quests = [who.start(link) for who in self.people]
        self.consumer = self.follow()
        self.consumer.cursor = settled_place(relay)
        self.orders = [join(who, q) for who, q in zip(self.people, self.quests, strict=True)]
        self.kept = keep(shop, UUID(self.quests[0]["id"]))
        for who, order in zip(self.people, self.orders, strict=True):
            pay(who, order)

    def follow(self) -> Consumer:
        return campaign_orders.follower(str(self.relay.info.dsn), again_seconds=0)

    def hear(self) -> None:
        until_readable(self.relay)
        while self.consumer.step(self.relay):
            pass

    def mend(self) -> None:
        keep(self.shop, UUID(self.quests[0]["id"]), self.kept)

    def paid(self) -> list[int]:
        """How many seats of each team are paid for."""
        seen = [
            sale(who, quest)["seats"] for who, quest in zip(self.people, self.quests, strict=True)
        ]
        return [sum(seat["is_paid"] for seat in seats) for seats in seen]

    def waiting(self) -> int:
        """How many events of this merchant's orders are set aside."""
        row = self.relay.execute(
            "select count(*) from relay_set_aside s join events e on e.id = s.event_id"
            " where s.consumer = %s and e.workspace_id = %s",
            (campaign_orders.NAME, self.shop.id),
        ).fetchone()
        assert row
        return row[0]


def refunds(guest: Guest, order: dict[str, Any]) -> list[tuple[int, str]]:
    page = must(guest, "GET", f"/orders/{order['id']}")
    return [(each["amount_minor"], each["state"]) for each in page["refunds"]]


def test_what_was_paid_waits_and_is_told_when_it_can_be(
    shop: Shop, relay: SetWiseConnection
) -> None:
    teams = Teams(shop, relay)
    teams.hear()
    assert teams.paid() == [0, 1], "the other team has heard of its order"
    assert teams.waiting() > 0
    held = shop.must("GET", f"/orders/{teams.orders[0]['id']}")["order"]
    assert (held["state"], held["is_held"]) == ("paid", True)
    teams.hear()
    assert teams.paid() == [0, 1]

    # Another process takes over, and finds what its predecessor left.
    cursor = teams.consumer.cursor
    teams.consumer = teams.follow()
    teams.consumer.cursor = cursor
    teams.mend()
    teams.hear()
    assert (teams.paid(), teams.waiting()) == ([1, 1], 0)
    assert_whole()


def test_money_goes_back_when_the_campaign_ended_meanwhile(
    shop: Shop, relay: SetWiseConnection
) -> None:
    teams = Teams(shop, relay)
    teams.hear()
    shop.must("POST", f"/campaigns/{teams.campaign}/ending", {"reason": "提前结束"})
    tick()
    sweep()
    assert [refunds(*each) for each in zip(teams.people, teams.orders, strict=True)] == [
        [],
        [(9000, "done")],
    ]

    teams.mend()
    teams.hear()
    tick()
    sweep()
    teams.hear()
    assert refunds(teams.people[0], teams.orders[0]) == [(9000, "done")]
    assert teams.waiting() == 0
    assert_whole()


def test_the_relay_goes_on_when_nobody_can_be_told(
    shop: Shop, relay: SetWiseConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails for a reason of its own is set aside as well, and tried again."""
    teams = Teams(shop, relay)
    tell = campaign_orders.tell

    def fails(workspace_id: UUID, *more: Any) -> int:
        if workspace_id == shop.id:
            raise psycopg.DataError
        return tell(workspace_id, *more)

    with monkeypatch.context() as broken:
        broken.setattr(campaign_orders, "tell", fails)
        teams.hear()
    assert teams.waiting() > 0
    teams.mend()
    teams.hear()
    assert (teams.paid(), teams.waiting()) == ([1, 1], 0)
