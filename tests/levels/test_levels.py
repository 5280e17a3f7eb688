"""Membership levels: reached by what one did, kept for their days, and everything they give."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import pytest

from banyan import campaigns, ledger, levels, rewards
from banyan.app import membership as service
from banyan.app.coupon_checkout import checkout
from banyan.kernel import jobs
from banyan.kernel.errors import Refused
from banyan.levels import Level
from banyan.rewards import OfferSpec
from banyan.store import Item
from tests.levels.club import GOLD, LADDER, SILVER, Club
from tests.stage import ASSIST
from tests.whole import assert_whole


@pytest.fixture
def club(database: object) -> Club:
    return Club(*LADDER)


def test_spending_lifts_and_what_was_refunded_is_not_spent(club: Club) -> None:
    club.spend(9_900)
    assert (club.heard(), club.level()) == (0, None)
    order = club.spend(5_000)
    club.send_back(order, (order.lines[0].id, 40))
    assert (club.heard(), club.level()) == (1, "silver")
    assert club.history() == [(None, "silver", "spent")]
    other = Club(*LADDER)
    order = other.spend(10_000)
    other.send_back(order, (order.lines[0].id, 1))
    assert (other.heard(), other.level()) == (0, None)
    assert_whole()


def test_one_rises_past_a_level_and_gets_the_coupon_of_the_one_reached(club: Club) -> None:
    club.spend(30_000)
    assert (club.heard(), club.level(), club.coupons()) == (1, "gold", [3_000])
    assert_whole()


def test_friends_whose_help_counted_lift_and_those_who_left_do_not(club: Club) -> None:
    campaign = club.campaign(ASSIST)
    (quest,) = club.quests(campaign, [club.buyer])
    first, second, third = club.people(3)
    club.support((quest, first))
    assert (club.heard(), club.level()) == (0, None)
    with club.work() as work:
        assert campaigns.leave(work, quest, first)
    club.support((quest, second))
    assert (club.heard(), club.level()) == (0, None)
    club.support((quest, third))
    assert (club.heard(), club.level()) == (1, "silver")
    assert club.history() == [(None, "silver", "people")]
    assert_whole()


def test_a_level_is_kept_for_its_days_and_then_judged_again(club: Club) -> None:
    club.spend(30_000)
    club.heard()
    assert (club.passed(days=59, hours=23), club.level()) == (0, "gold")
    # Within the last thirty days only enough for silver was spent: that is what is left.
    club.spend(12_000)
    assert club.heard() == 0
    assert (club.passed(hours=1), club.level()) == (1, "silver")
    assert (club.passed(days=59), club.level()) == (0, "silver")
    club.spend(10_000)
    club.heard()
    assert (club.passed(days=1), club.level()) == (1, "silver")
    assert (club.passed(days=60), club.level()) == (1, None)
    assert club.history() == [
        (None, "gold", "spent"),
        ("gold", "silver", "lapsed"),
        ("silver", "silver", "kept"),
        ("silver", None, "lapsed"),
    ]
    assert_whole()


def test_a_granted_level_holds_for_its_days_over_what_is_ones_own(club: Club) -> None:
    club.spend(10_000)
    club.heard()
    club.passed(days=1)
    club.give_level("gold", 7)
    assert (club.heard(), club.level()) == (1, "gold")
    assert (club.passed(days=6, hours=23), club.level()) == (0, "gold")
    # What was one's own is kept for its own days beneath it.
    assert (club.passed(hours=1), club.level()) == (1, "silver")
    assert (club.passed(days=51), club.level()) == (0, "silver")
    assert (club.passed(days=1), club.level()) == (1, None)
    assert [why for *_, why in club.history()] == ["spent", "granted", "grant_over", "lapsed"]
    assert_whole()


def test_ones_own_level_is_judged_on_its_day_beneath_one_that_was_given(club: Club) -> None:
    club.spend(10_000)
    club.heard()
    club.give_level("gold", 90)
    club.heard()
    club.passed(days=50)
    club.spend(10_000)
    club.heard()
    # On its day silver was still earned, so it is kept for sixty more, though gold stands above it.
    assert (club.passed(days=10), club.level()) == (1, "gold")
    assert (club.passed(days=30), club.level()) == (1, "silver")
    assert (club.passed(days=30), club.level()) == (1, None)
    assert [why for *_, why in club.history()] == [
        *("spent", "granted", "kept", "grant_over", "lapsed")
    ]
    assert_whole()


def test_a_granted_level_that_is_taken_back_is_gone(club: Club) -> None:
    given = club.give_level("gold", 30)
    assert (club.heard(), club.level()) == (1, "gold")
    assert club.take_back(given) == "reversed"
    assert (club.heard(), club.level()) == (1, None)
    assert club.history()[-1] == ("gold", None, "grant_over")
    assert_whole()


def test_a_level_nobody_knows_lifts_nobody(club: Club) -> None:
    club.give_level("diamond", 30)
    assert (club.heard(), club.level()) == (0, None)


def test_the_coupon_of_a_level_comes_once_however_often_it_is_reached(club: Club) -> None:
    for _ in range(3):
        club.spend(10_000)
        assert (club.heard(), club.level()) == (1, "silver")
        assert (club.passed(days=60), club.level()) == (1, None)
    with club.work() as work:
        mine = rewards.coupons_of(work, club.buyer)
    assert [coupon.value_minor for coupon in mine] == [1_000]
    assert_whole()


def test_what_the_budget_cannot_pay_comes_when_it_is_raised(database: object) -> None:
    club = Club(*LADDER, budget=500)
    club.spend(10_000)
    assert (club.heard(), club.level(), club.coupons()) == (1, "silver", [])
    with club.work() as work:
        levels.fund_entries(work, 5_000)
        levels.judge_all_later(work)
    jobs.drain()
    assert club.coupons() == [1_000]
    with club.work() as work:
        levels.judge_all_later(work)
        assert levels.ladder_view(work).budget.spent_minor == 1_000
    jobs.drain()
    assert club.coupons() == [1_000]
    assert_whole()


def test_a_level_adds_points_and_they_go_back_with_those_they_were_added_to(club: Club) -> None:
    club.give_level("gold", 30)
    club.heard()
    club.now += timedelta(seconds=1)
    given = club.earn(101, days=40)
    club.heard()
    assert club.points() == 101 + 50
    with club.work() as work:
        ends = {lot.expires_at for lot in rewards.lots_of(work, club.buyer)}
    assert ends == {club.now + timedelta(days=40)}
    assert club.take_back(given) == "reversed"
    club.heard()
    assert club.points() == 0
    assert_whole()


def test_points_earned_before_the_level_are_not_multiplied_whenever_they_are_read(
    club: Club,
) -> None:
    club.earn(200)
    late = club.events()
    club.now += timedelta(seconds=1)
    club.give_level("gold", 30)
    (newest,) = [event for event in club.events() if event not in late]
    club.follow(newest)
    assert club.level() == "gold"
    club.follow(*late)
    assert club.points() == 200
    assert_whole()


def test_the_points_a_level_adds_do_not_lift(club: Club) -> None:
    club.give_level("gold", 3)
    club.heard()
    club.now += timedelta(seconds=1)
    club.earn(250)
    club.heard()
    assert club.points() == 375
    # 375 points would be silver; 250 are not.
    assert (club.passed(days=3), club.level()) == (1, None)
    assert_whole()


def test_the_discount_stands_line_by_line_and_goes_back_pro_rata(club: Club) -> None:
    club.spend(10_000)
    club.heard()
    latte, bean = club.sku(10, 1_990), club.sku(10, 5_555)
    with club.work() as work:
        items = [Item(latte, 3), Item(bean, 1)]
        shown = checkout(work, club.buyer, items, "collection", []).quote
    goods = 3 * 1_990 + 5_555
    off = goods * 500 // 10_000
    (discount,) = shown.discounts
    assert (discount.name.zh, discount.name.en) == ("银卡会员 9.5 折", "Silver member: 5% off")
    assert (discount.minor, sum(discount.parts), shown.payable_minor) == (off, off, goods - off)
    assert [line.discount_minor for line in shown.lines] == discount.parts
    order = club.buy(latte, 3)
    payable = 3 * 1_990 - 3 * 1_990 * 500 // 10_000
    assert order.payable_minor == payable
    line = order.lines[0].id
    back = club.send_back(order, (line, 1))
    # A third of what was paid, not of the full price.
    assert abs(3 * back - payable) < 3
    assert back + club.send_back(order, (line, 2)) == payable
    assert_whole()


def test_the_levels_discount_comes_before_the_coupon(club: Club) -> None:
    club.spend(10_000)
    club.heard()
    sku = club.sku(10, 10_000)
    with club.work() as work:
        (coupon,) = rewards.coupons_of(work, club.buyer)
    order = club.buy(sku, 1, coupon.id)
    assert [taken.minor for taken in order.discounts] == [500, 1_000]
    assert order.payable_minor == 8_500
    assert_whole()


def test_an_edit_of_the_ladder_judges_everybody(club: Club) -> None:
    club.spend(8_000)
    club.heard()
    assert club.level() is None
    _change(club, SILVER, spent_minor=8_000)
    assert club.level() == "silver"
    assert club.history() == [(None, "silver", "spent")]
    # Dearer again: what was reached is kept for its days.
    _change(club, SILVER, spent_minor=90_000)
    assert club.level() == "silver"
    with club.work() as work:
        levels.write_ladder(work, [GOLD], levels.read_ladder(work).revision)
        levels.judge_all_later(work)
    jobs.drain()
    assert (club.level(), club.history()[-1]) == (None, ("silver", None, "removed"))
    assert_whole()


def _change(club: Club, level: Level, **terms: int) -> None:
    changed = msgspec.structs.replace(level, **terms)
    rest = [each for each in (GOLD,) if (each.spent_minor or 0) > terms.get("spent_minor", 0)]
    with club.work() as work:
        levels.write_ladder(work, [changed, *rest], levels.read_ladder(work).revision)
        levels.judge_all_later(work)
    jobs.drain()


def test_a_ladder_must_climb_and_two_editors_do_not_overwrite_each_other(club: Club) -> None:
    def refused(*ladder: Level, revision: int = 1) -> str:
        with pytest.raises(Refused) as caught, club.work() as work:
            levels.write_ladder(work, ladder, revision)
        return caught.value.refusal.code

    assert refused(GOLD, SILVER) == "level_not_higher"
    assert refused(SILVER, SILVER) == "level_twice"
    assert refused(SILVER, GOLD, revision=0) == "version_conflict"
    assert_whole()


def test_events_three_times_in_random_order_come_to_the_same(database: object) -> None:
    often, once = (_lived(Club(*LADDER), told_often=each) for each in (True, False))
    assert often == once
    assert [level for level, *_ in once] == ["silver", None, "silver", None]
    assert [gifts for *_, gifts in once] == [[1_000], [], [1_000], [3_000]]
    assert_whole()


def _lived(club: Club, *, told_often: bool) -> list[tuple[Any, ...]]:
    """Let four members live; return where each stands, their history, points and coupons."""
    chance = random.Random(7)
    members = [club.buyer, *club.people(3)]
    club.spend(10_000)
    order = club.spend(20_000, members[1])
    club.send_back(order, (order.lines[0].id, 150))
    club.earn(400, members[2])
    given = club.give_level("gold", 10, members[3])
    club.take_back(club.earn(90, members[3]))
    if told_often:
        events = [event for event in club.events() for _ in range(3)]
        chance.shuffle(events)
        for at in range(0, len(events), 2):
            club.follow(*events[at : at + 2])
    club.heard()
    assert club.take_back(given) == "reversed"
    club.heard()
    club.follow(*club.events())
    return [
        (club.level(each), club.history(each), club.points(each), club.coupons(each))
        for each in members
    ]


def test_two_workers_at_once_move_nobody_twice(club: Club) -> None:
    members = club.people(6)
    for nth, member in enumerate(members):
        club.spend(10_000 if nth % 2 else 30_000, member)
        club.earn(100, member)
    events = club.events()
    with ThreadPoolExecutor(4) as threads:
        runs = [threads.submit(service.tell, club.workspace, events) for _ in range(4)]
        runs += [threads.submit(service.tell, club.workspace, events[::-1]) for _ in range(4)]
    assert sum(run.result() for run in runs) == 6
    assert [club.level(each) for each in members] == ["gold", "silver"] * 3
    assert [club.coupons(each) for each in members] == [[3_000], [1_000]] * 3
    assert_whole()


def test_time_passes_once_for_two_workers(club: Club) -> None:
    members = club.people(5)
    for member in members:
        club.give_level("silver", 5, member)
    club.heard()
    club.now += timedelta(days=5)

    def run() -> int:
        for _ in range(4):
            try:
                with club.work() as work:
                    return levels.judge_due(work)
            except (psycopg.errors.DeadlockDetected, ledger.Overtaken):
                continue
        return 0

    with ThreadPoolExecutor(3) as threads:
        moved = [each.result() for each in [threads.submit(run) for _ in range(3)]]
    assert sum(moved) == 5
    assert {club.level(each) for each in members} == {None}
    assert_whole()


def test_a_shop_without_levels_writes_nothing(database: object) -> None:
    club = Club(budget=0)
    club.spend(50_000)
    club.give(OfferSpec("p", "points", "积分", "Points", 0, 0, 30, points=10_000))
    assert club.heard() == 0
    assert club.one("select count(*) from person_levels") == 0
