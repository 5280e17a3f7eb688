"""A level that a purchase earned goes back with its refund; what anything else earned stays."""

import random
from datetime import timedelta

import msgspec
import pytest

from tests.levels.club import GOLD, LADDER, SILVER, Club
from tests.whole import assert_whole


@pytest.fixture
def club(database: object) -> Club:
    return Club(*LADDER)


def test_a_level_goes_with_the_purchase_that_earned_it(club: Club) -> None:
    # An order is paid by the real clock, the stage's may be a little behind.
    club.now += timedelta(days=1)
    first = club.spend(12_000)
    club.heard()
    club.passed(days=40)
    second = club.spend(30_000)
    club.heard()
    assert (club.level(), club.coupons()) == ("gold", [1_000, 3_000])
    until = club.one("select own_until from person_levels where id = %s", club.buyer)
    club.passed(days=1)
    # Enough is left for the level: nothing happens.
    club.send_back(first, (first.lines[0].id, 1))
    assert (club.heard(), club.level()) == (0, "gold")
    # Less than gold, enough for silver: that is what is earned now.
    club.send_back(second, (second.lines[0].id, 1))
    assert (club.heard(), club.level()) == (1, "silver")
    assert club.one("select own_until from person_levels where id = %s", club.buyer) == (
        until + timedelta(days=1)
    )
    # Not even that: what the first purchase had earned, forty days earlier, is still good.
    club.send_back(second, (second.lines[0].id, 299))
    assert (club.heard(), club.level()) == (1, "silver")
    assert club.one(
        "select own_until from person_levels where id = %s", club.buyer
    ) == until - timedelta(days=40)
    club.send_back(first, (first.lines[0].id, 119))
    assert (club.heard(), club.level()) == (1, None)
    assert club.history() == [
        (None, "silver", "spent"),
        ("silver", "gold", "spent"),
        *(("gold", "silver", "refunded"), ("silver", "silver", "refunded")),
        ("silver", None, "refunded"),
    ]
    again = club.events()
    random.Random(3).shuffle(again)
    assert (club.follow(*again), club.level()) == (0, None)
    assert_whole()


def test_a_refund_takes_no_level_that_something_else_earned(club: Club) -> None:
    club.now += timedelta(days=1)
    order = club.spend(10_000)
    club.heard()
    club.earn(300)
    club.heard()
    club.send_back(order, (order.lines[0].id, 100))
    assert (club.heard(), club.level()) == (0, "silver")
    # Nor one that a campaign gave, beneath which one's own goes.
    other = Club(*LADDER)
    other.now += timedelta(days=1)
    order = other.spend(10_000)
    other.heard()
    other.give_level("gold", 10)
    other.heard()
    other.send_back(order, (order.lines[0].id, 100))
    assert (other.heard(), other.level()) == (1, "gold")
    assert other.history()[-1] == ("gold", "gold", "refunded")
    assert (other.passed(days=10), other.level()) == (1, None)
    assert_whole()


def test_a_level_of_an_older_ladder_is_not_taken_for_a_small_refund(club: Club) -> None:
    club.now += timedelta(days=1)
    club.spend(9_000)
    order = club.spend(5_000)
    club.heard()
    club.edit(msgspec.structs.replace(SILVER, spent_minor=20_000), GOLD)
    club.send_back(order, (order.lines[0].id, 1))
    assert (club.heard(), club.level()) == (0, "silver")
    assert_whole()
