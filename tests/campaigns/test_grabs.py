"""Grabs: in order of arrival, once a person, exact to the minor unit, and back to the budget."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from banyan import campaigns, ledger, people, rewards
from banyan.app.grabs import run_grabs
from banyan.campaigns import GrabRequest, GrabView
from banyan.kernel.connection import SetWiseConnection
from banyan.kernel.errors import Refused
from banyan.rewards import Packet
from tests.campaigns.packets import CASH, credit, grab, packet, reasons, taken
from tests.stage import Stage
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def cash_of(stage: Stage, person: UUID) -> int:
    key = ledger.account_id(stage.workspace, f"person:{person}:cash:CNY")
    with stage.work() as work:
        return ledger.balances(work, [key]).get(key, 0)


def row_of(stage: Stage, campaign: UUID) -> Packet:
    with stage.work() as work:
        return rewards.packets_of(work, [campaign])[campaign]


def test_shares_are_taken_in_order_of_arrival_until_all_are_gone(stage: Stage) -> None:
    campaign = packet(stage, total=2_000, shares=10)
    people = stage.people(12)
    answers = grab(stage, campaign, *people[:4]) + grab(stage, campaign, *people[4:])
    shares = [one.share for one in answers if isinstance(one, GrabView) and one.share]
    assert [share.nth for share in shares] == list(range(1, 11))
    assert sum(taken(answers)) == 2_000
    assert reasons(answers) == [None] * 10 + ["sold_out"] * 2
    for person, share in zip(people, shares, strict=False):
        assert cash_of(stage, person) == share.amount_minor
    assert cash_of(stage, people[10]) == 0
    assert_whole()


def test_one_a_person_and_a_repeat_gets_the_same_answer(stage: Stage) -> None:
    campaign = packet(stage)
    (ana,) = stage.people(1)
    (first,) = grab(stage, campaign, ana, request_key="a")
    both = grab(stage, campaign, ana, ana, request_key="a")
    (other,) = grab(stage, campaign, ana, request_key="b")
    (bare,) = grab(stage, campaign, ana)
    assert isinstance(first, GrabView)
    assert isinstance(other, GrabView)
    assert both == [first, first]
    assert bare == first
    assert (other.counted, other.reason, other.share) == (False, "done_already", first.share)
    assert row_of(stage, campaign).taken == 1
    assert cash_of(stage, ana) == sum(taken([first]))
    assert_whole()


def test_two_wishes_of_one_person_in_one_set_take_one_share(stage: Stage) -> None:
    campaign = packet(stage)
    ana, bo = stage.people(2)
    assert reasons(grab(stage, campaign, ana, bo, ana)) == [None, None, None]
    assert row_of(stage, campaign).taken == 2


def test_a_friends_link_makes_the_friend_the_referrer(stage: Stage) -> None:
    campaign = packet(stage)
    ana, bo, cy = stage.people(3)
    (quest,) = stage.quests(campaign, [ana])
    grab(stage, campaign, bo, quest_id=quest)
    grab(stage, campaign, cy)
    grab(stage, campaign, ana, quest_id=quest)
    rows = "select referrer_id from participants where campaign_id = %s and person_id = %s"
    assert stage.one(rows, campaign, bo) == ana
    assert stage.one(rows, campaign, cy) is None
    assert stage.one("select have from quests where id = %s", quest) == 1
    assert stage.one("select state from quests where id = %s", quest) == "won"
    assert_whole()


def test_only_new_people_where_it_says_so(stage: Stage) -> None:
    (old,) = stage.people(1)
    stage.now += timedelta(minutes=1)
    campaign = packet(stage, new_people_only=True)
    stage.now += timedelta(minutes=1)
    (new,) = stage.people(1)
    assert reasons(grab(stage, campaign, old, new)) == ["not_new", None]


def test_a_pause_stops_it_and_the_end_returns_what_is_left_once(stage: Stage) -> None:
    campaign = packet(stage, total=5_000, shares=20)
    people = stage.people(7)
    got = sum(taken(grab(stage, campaign, *people[:5])))
    with stage.work() as work:
        campaigns.pause_campaign(work, campaign, "look")
    assert reasons(grab(stage, campaign, people[5])) == ["campaign_paused"]
    with stage.work() as work:
        campaigns.end_campaign(work, campaign)
    assert reasons(grab(stage, campaign, people[6])) == ["campaign_ended"]
    assert row_of(stage, campaign).returned_minor == 5_000 - got
    with stage.work() as work:
        assert rewards.close_packet(work, campaign) == 0
        view = rewards.budget_view(work, campaign)
    assert view is not None
    assert (view.spent_minor, view.left_minor) == (got, 10_000_000 - got)
    with stage.work() as work:
        campaigns.settle_campaign(work, campaign)
    source = ledger.account_id(stage.workspace, "merchant:budget:CNY")
    with stage.work() as work:
        assert ledger.balances(work, [source])[source] == -got
    # Whoever had a share is still told of it.
    assert taken(grab(stage, campaign, people[0])) != []
    assert_whole()


def test_a_packet_above_its_budget_is_not_announced(stage: Stage) -> None:
    budget = {"total_minor": 19_999, "per_day_minor": None, "warn_at_bps": 8000}
    with pytest.raises(Refused) as refused:
        stage.campaign(
            {"key": "red_packet", "settings": {"offer": "cash", "total_minor": 20_000}},
            offers=[CASH],
            budget=budget,
        )
    assert refused.value.refusal.code == "definition_invalid"


class CutError(RuntimeError):
    """The connection is gone."""


def cut_at(monkeypatch: pytest.MonkeyPatch, nth: int, command: Callable[[], object]) -> bool:
    """Run `command` and break its connection at the `nth` statement; return whether it came through."""
    execute, stroke = psycopg.Connection.execute, SetWiseConnection.stroke
    left = nth

    def come_to() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise CutError

    def counted(self: psycopg.Connection[object], *args: object, **more: object) -> object:
        come_to()
        return execute(self, *args, **more)  # pyright: ignore[reportCallIssue, reportArgumentType]

    def counted_stroke(self: SetWiseConnection, asked: list[Any], *, commit: bool) -> list[Any]:
        # What travels together arrives one after the other.
        answers: list[Any] = []
        for one in asked:
            come_to()
            answers += stroke(self, [one], commit=False)
        return answers + (stroke(self, [], commit=True) if commit else [])

    with monkeypatch.context() as patch:
        patch.setattr(SetWiseConnection, "stroke", counted_stroke)
        patch.setattr(psycopg.Connection, "execute", counted)
        try:
            command()
        except CutError:
            return False
    return True


def test_a_crash_between_any_two_statements_leaves_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = packet(stage, total=3_000, shares=10)
    people = stage.people(4)
    (quest,) = stage.quests(campaign, people[:1])
    grab(stage, campaign, people[0])
    cash = [cash_of(stage, person) for person in people]

    def take() -> None:
        with stage.work() as work:
            campaigns.grab(work, [GrabRequest(campaign, who, quest) for who in people[1:]])

    broke_at = 1
    while not cut_at(monkeypatch, broke_at, take):
        assert row_of(stage, campaign).taken == 1
        broke_at += 1
    assert broke_at > 5
    assert row_of(stage, campaign).taken == 4
    # It is theirs, and the money is on its way.
    assert [cash_of(stage, person) for person in people] == cash
    assert_whole()
    broke_at = 1
    while not cut_at(monkeypatch, broke_at, lambda: credit(stage, campaign)):
        assert [cash_of(stage, person) for person in people] == cash
        assert stage.one("select count(*) from grants where rule = 'packet'") == 1
        broke_at += 1
    assert broke_at > 10
    assert all(cash_of(stage, person) for person in people)
    assert stage.one("select have from quests where id = %s", quest) == 3
    assert_whole()


def test_shares_are_credited_once_in_the_order_they_were_taken(stage: Stage) -> None:
    campaign = packet(stage, total=2_000, shares=8)
    people = stage.people(5)
    with stage.work() as work:
        answers = campaigns.grab(work, [GrabRequest(campaign, who) for who in people])
    amounts = taken(answers)
    assert (stage.workspace, campaign, 5) in rewards.packets_waiting()
    for so_far in (2, 4, 5, 5):
        with stage.work() as work:
            campaigns.credit_grabs(work, campaign, most=2)
        had = [cash_of(stage, person) for person in people]
        assert had == amounts[:so_far] + [0] * (5 - so_far)
        assert_whole()
    assert stage.workspace not in {workspace for workspace, _, _ in rewards.packets_waiting()}
    with stage.work() as work:
        campaigns.end_campaign(work, campaign)
        campaigns.settle_campaign(work, campaign)
    assert stage.one("select is_done from packet_credits") is True
    assert_whole()


def test_who_was_forgotten_before_the_credit_has_it_all_the_same(stage: Stage) -> None:
    campaign = packet(stage, total=2_000, shares=8)
    ana, bo = stage.people(2)
    with stage.work() as work:
        answers = campaigns.grab(work, [GrabRequest(campaign, who) for who in (ana, bo)])
        people.forget(work, ana)
    credit(stage, campaign)
    assert [cash_of(stage, who) for who in (ana, bo)] == taken(answers)
    assert reasons(grab(stage, campaign, ana, request_key="again")) == [None]
    assert_whole()


def test_what_was_taken_in_time_counts_for_the_friend_after_the_end(stage: Stage) -> None:
    campaign = packet(stage)
    ana, bo = stage.people(2)
    (quest,) = stage.quests(campaign, [ana])
    with stage.work() as work:
        campaigns.grab(work, [GrabRequest(campaign, bo, quest)])
        campaigns.end_campaign(work, campaign)
        # Its quests stay open until what was taken is credited.
        assert campaigns.close_over(work) == 0
    credit(stage, campaign)
    with stage.work() as work:
        assert campaigns.close_over(work) == 0
    assert stage.one("select have from quests where id = %s", quest) == 1
    assert_whole()


def test_where_nobody_looked_first_a_second_wish_is_told_again(stage: Stage) -> None:
    campaign = packet(stage)
    ana, bo = stage.people(2)
    grab(stage, campaign, ana)
    wishes = [GrabRequest(campaign, who) for who in (ana, bo)]
    with pytest.raises(psycopg.errors.UniqueViolation), stage.work() as work:
        campaigns.grab(work, wishes, is_careful=False)
    assert row_of(stage, campaign).taken == 1
    answers = run_grabs((stage.workspace, stage.now), wishes)
    assert reasons(list(answers)) == [None, None]
    assert row_of(stage, campaign).taken == 2


def test_the_rows_of_a_packet_are_kept_as_written(stage: Stage) -> None:
    campaign = packet(stage)
    grab(stage, campaign, *stage.people(1))
    for statement in (
        "update grabs set amount_minor = 1",
        "delete from grabs",
        "update packet_shares set amount_minor = 1",
        "update red_packets set total_minor = total_minor + 1",
    ):
        with stage.work() as work, pytest.raises(psycopg.Error):
            work.driver.execute(statement)
        with pytest.raises(psycopg.Error), stage.work() as work:
            work.driver.execute(statement)
