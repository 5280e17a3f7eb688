"""The effect leaderboard over HTTP, from planted events in a real store of another process."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from banyan import analytics
from banyan.kernel.events import Event
from banyan.kernel.ids import new_id
from banyan.kernel.work import Database
from tests.journeys.plans import assist, referral
from tests.journeys.site import Shop, Site
from tests.whole import TOLD_ONLY

from .conftest import Owner, until
from .test_numbers import granted, happen, joined

NOW = datetime.now(UTC).replace(microsecond=0)
TEMPLATE = "auto_owner_friend"


@pytest.fixture(scope="module")
def site(
    database: Database, owner: Owner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The application, asking the owner of this module's store."""
    assert database
    running = Site(tmp_path_factory.mktemp("site"))
    analytics.use_owner(owner.home / "run" / "analytics.sock")
    yield running
    running.stop()
    analytics.use_owner(owner.home / "run" / "analytics.sock")


@pytest.fixture
def shop(site: Site) -> Shop:
    made = Shop(site)
    TOLD_ONLY.add(made.id)
    return made


def campaign(shop: Shop, plan: dict[str, Any], template: str | None = None) -> UUID:
    made = shop.must("POST", "/campaigns", {"definition": plan, "template_key": template})
    shop.must("POST", f"/campaigns/{made['id']}/publication")
    return UUID(made["id"])


def crowd(shop: Shop, where: UUID, hosts: int, each: int, cost: int, days_ago: float = 2) -> None:
    """Let `hosts` come by themselves and each bring `each` an hour later, for `cost` in all."""
    at = NOW - timedelta(days=days_ago)
    came, brought = [new_id() for _ in range(hosts)], list[Event]()
    for host in came:
        brought += [joined(where, new_id(), host) for _ in range(each)]
    happen(shop.id, [joined(where, host) for host in came], at)
    happen(shop.id, brought, at + timedelta(hours=1))
    happen(shop.id, [granted(where, came[0], cost)], at + timedelta(hours=1))


def board(shop: Shop, query: str = "") -> list[dict[str, Any]]:
    return shop.must("GET", f"/leaderboard?{query}")["items"]


@pytest.fixture
def planted(shop: Shop, site: Site, owner: Owner) -> tuple[UUID, UUID, UUID]:
    """Two campaigns that compare, one of too few people, and another merchant's best of all."""
    large = campaign(shop, referral(NOW), TEMPLATE)
    cheap = campaign(shop, referral(NOW), TEMPLATE)
    small = campaign(shop, assist(NOW))
    crowd(shop, large, 30, 2, 60_000)
    crowd(shop, cheap, 40, 1, 8_000)
    crowd(shop, small, 2, 3, 100)
    other = Shop(site)
    TOLD_ONLY.add(other.id)
    crowd(other, campaign(other, referral(NOW)), 50, 3, 100)
    until(lambda: len(board(other)) == 1, owner)
    until(lambda: len(board(shop)) == 3, owner)
    return large, cheap, small


def test_campaigns_are_ranked_and_too_few_are_not_compared(
    shop: Shop, planted: tuple[UUID, UUID, UUID]
) -> None:
    large, cheap, small = map(str, planted)
    rows = board(shop)
    assert [row["key"] for row in rows] == [large, cheap, small]
    assert [row["effect"]["new_people"] for row in rows] == [60, 40, 6]
    assert [row["effect"]["participants"] for row in rows] == [90, 80, 8]
    first, second, last = (row["effect"] for row in rows)
    assert (first["cost_per_new_person_minor"], second["cost_per_new_person_minor"]) == (1000, 200)
    # Each tells what the campaign's own page tells.
    own = analytics.numbers_of(shop.id, planted[0])
    assert first["k"]["value"] == pytest.approx(own.k.value, rel=1e-3)
    assert first["k"]["low"] < first["k"]["value"] < first["k"]["high"]
    assert first["cost_minor"] == own.cost_minor == 60_000
    assert last["too_few"]
    assert (last["k"]["value"], last["cost_per_new_person_minor"], last["roi"]) == (None,) * 3
    # Whichever way a column goes, what cannot be told stands last.
    by_cost = "sort=cost_per_new_person&order="
    assert [row["key"] for row in board(shop, by_cost + "asc")] == [cheap, large, small]
    assert [row["key"] for row in board(shop, by_cost + "desc")] == [large, cheap, small]
    assert [row["key"] for row in board(shop, "sort=k")] == [large, cheap, small]


@pytest.mark.usefixtures("planted")
def test_templates_and_plays_are_the_sum_of_their_campaigns(shop: Shop) -> None:
    made, without = board(shop, "by=template")
    assert (made["key"], made["campaigns"], made["play"]) == (TEMPLATE, 2, "referral")
    assert made["name"]["zh"] != made["name"]["en"]
    assert (made["effect"]["new_people"], made["effect"]["participants"]) == (100, 170)
    assert made["effect"]["cost_per_new_person_minor"] == 680
    # A hundred brought by a hundred and seventy, all of whom have had two days.
    assert made["effect"]["k"]["value"] == pytest.approx(100 / 170, rel=0.02)
    assert (without["key"], without["campaigns"]) == ("", 1)
    assert [row["key"] for row in board(shop, "by=play")] == ["referral", "assist"]


def test_a_period_holds_what_happened_in_it(shop: Shop, owner: Owner) -> None:
    old = campaign(shop, referral(NOW))
    crowd(shop, old, 30, 1, 3_000, days_ago=60)
    crowd(shop, old, 20, 1, 1_000, days_ago=3)
    until(lambda: [row["effect"]["participants"] for row in board(shop)] == [100], owner)
    (row,) = board(shop, "period=30")
    assert (row["effect"]["participants"], row["effect"]["new_people"]) == (40, 20)
    assert row["effect"]["cost_minor"] == 1_000
    assert board(shop, "period=all")[0]["effect"]["cost_minor"] == 4_000


@pytest.mark.usefixtures("planted")
def test_the_sheet_holds_what_is_shown(shop: Shop) -> None:
    answer = shop.ask("GET", "/leaderboard/export?sort=cost_per_new_person&order=asc&period=30")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row[3] for row in rows[1:]] == ["40", "60", "6"]
    assert [row[7] for row in rows[1:]] == ["200", "1000", ""]
    assert rows[3][-1] == "人太少，还不能比较"
    audited = shop.must("GET", "/audit")["items"]
    assert [row["detail"] for row in audited if row["action"] == "leaderboard.exported"] == [
        {"period": "30"}
    ]


def test_whoever_published_nothing_sees_nothing(shop: Shop) -> None:
    shop.must("POST", "/campaigns", {"definition": referral(NOW)})
    assert shop.must("GET", "/leaderboard") == {"items": [], "published": 0, "is_whole": True}
    assert shop.ask("GET", "/leaderboard?period=7").status_code == 422
